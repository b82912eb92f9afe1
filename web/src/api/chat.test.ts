import assert from 'node:assert/strict'
import { test } from 'node:test'
import { chat, readChunk } from './chat.ts'
import type { ChatPart } from './chat.ts'
import { ApiError } from './failure.ts'
import { createHttp } from './http.ts'

const chunk = (content: string | null, finish: string | null = null): string =>
  `data: ${JSON.stringify({ choices: [{ index: 0, delta: { content }, finish_reason: finish }] })}\n\n`

async function answer(stream: string, headers: Record<string, string> = {}) {
  const http = createHttp({
    network: async () => new Response(stream, { headers }),
    language: () => 'en',
    signedOut: () => undefined,
  })
  const parts: ChatPart[] = []
  const request = { model: 'auto', messages: [] }
  let error: unknown = null
  try {
    for await (const part of chat(http, request, new AbortController().signal)) parts.push(part)
  } catch (thrown) {
    error = thrown
  }
  return { parts, code: error instanceof ApiError ? error.failure.code : null }
}

test('an answer is its receipt, its words and one end with the reason', async () => {
  const stream = `${chunk('')}${chunk('Bon')}${chunk('jour')}${chunk(null, 'stop')}data: [DONE]\n\n`
  const { parts, code } = await answer(stream, {
    'x-ecluse-class': 'restricted;undetermined',
    'x-ecluse-destination': 'embedded',
    'x-ecluse-decision': 'd1;abcd',
  })
  assert.equal(code, null)
  assert.deepEqual(parts, [
    {
      kind: 'receipt',
      receipt: { class: 'restricted', undetermined: true, destination: 'embedded', decision: 'd1' },
    },
    { kind: 'text', text: 'Bon' },
    { kind: 'text', text: 'jour' },
    { kind: 'end', finish: 'stop' },
  ])
})

test('a stream that closes without its end is an answer cut short, never a clean one', async () => {
  const { parts, code } = await answer(chunk('Bon') + chunk(null, 'stop'))
  assert.equal(code, 'stream-interrupted')
  assert.equal(
    parts.some(({ kind }) => kind === 'end'),
    false,
  )
})

test('an error told inside the stream is the failure that is shown', async () => {
  const error = { error: { code: 'destination-failed', message: 'It failed.', remedy: 'Again.' } }
  const { code } = await answer(`${chunk('Bon')}data: ${JSON.stringify(error)}\n\n`)
  assert.equal(code, 'destination-failed')
})

test('a frame that is not a chunk is not taken for text', () => {
  for (const data of ['{', '{}', '[]', '"x"', '{"choices":7}']) {
    assert.throws(() => readChunk(data), ApiError)
  }
})
