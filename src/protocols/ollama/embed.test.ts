import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { JsonObject } from '#kernel/canonical-json.ts'
import type { ServedModel } from '#kernel/destination.ts'
import type { Outgoing } from '../surface.ts'
import { readOllamaEmbed, readOllamaEmbeddings } from './embed-request.ts'
import { ollamaEmbedSurface } from './embed-surface.ts'

const MODEL: ServedModel = { name: 'vec', upstream: 'up-1', task: 'embeddings' }

function outgoing(body: JsonObject, dialect: 'ollama' | 'openai', older = false): Outgoing {
  const request = older ? readOllamaEmbeddings(body) : readOllamaEmbed(body)
  assert.ok(request.ok)
  let now = 0
  const out = ollamaEmbedSurface(request.value, () => (now += 2)).forDestination(dialect, MODEL)
  assert.ok(out.ok, JSON.stringify(out))
  return out.value
}

const answered = (out: Outgoing, answer: unknown): unknown => {
  const whole = out.reader.whole(Buffer.from(JSON.stringify(answer)))
  return whole && JSON.parse(Buffer.from(whole.body).toString())
}

const two = { model: 'vec', input: ['a', 'b'] }
const row = (index: number, embedding: unknown): object => ({ index, embedding })

test('vectors of an OpenAI server come in the order of the texts, with the tokens it counted', () => {
  const out = outgoing({ ...two, dimensions: 2, keep_alive: '5m', truncate: false }, 'openai')
  assert.deepEqual(out.body, {
    model: 'up-1',
    input: ['a', 'b'],
    encoding_format: 'float',
    dimensions: 2,
  })
  assert.deepEqual(out.dropped, ['keep_alive'])
  const data = [row(1, [0.5, 1]), row(0, [0.25, 2])]
  assert.deepEqual(answered(out, { data, model: 'v', usage: { prompt_tokens: 6 } }), {
    model: 'v',
    embeddings: [
      [0.25, 2],
      [0.5, 1],
    ],
    total_duration: 2_000_000,
    load_duration: 0,
    prompt_eval_count: 6,
  })
  assert.equal(out.reader.usage().promptTokens, 6)
  const older = outgoing({ model: 'vec', prompt: 'a' }, 'openai', true)
  assert.deepEqual(answered(older, { data: [row(0, [1, 2])] }), { embedding: [1, 2] })
})

test('a server of the same dialect gets the body as it is and answers as it does', () => {
  const body = { ...two, truncate: true, options: { num_ctx: 9 }, own: 1.5 }
  const out = outgoing(body, 'ollama')
  assert.equal(out.path, '/api/embed')
  assert.deepEqual(out.body, { ...body, model: 'up-1' })
  const answer = { model: 'v', embeddings: [[1], [2]], prompt_eval_count: 3, own: true }
  assert.deepEqual(answered(out, answer), answer)
  assert.equal(out.reader.usage().promptTokens, 3)
  const older = outgoing({ model: 'vec', prompt: 'a' }, 'ollama', true)
  assert.equal(older.path, '/api/embeddings')
  assert.deepEqual(answered(older, { embedding: [1] }), { embedding: [1] })
  assert.deepEqual(answered(outgoing({ model: 'vec', input: '' }, 'ollama'), { model: 'v' }), {
    model: 'v',
  })
})

test('wrong vectors are no answer: too few, of other lengths, empty, or an error', () => {
  const wrong: readonly unknown[] = [
    {},
    { error: 'x' },
    { embeddings: [[1]] },
    { embeddings: [[1], [1, 2]] },
    { embeddings: [[], []] },
    { embeddings: [[1], ['x']] },
    { embeddings: [[1], 'AAAA'] },
    { error: 'x', embeddings: [[1], [2]] },
  ]
  for (const answer of wrong)
    assert.equal(answered(outgoing(two, 'ollama'), answer), null, JSON.stringify(answer))
  assert.equal(
    answered(outgoing({ ...two, dimensions: 3 }, 'ollama'), { embeddings: [[1], [2]] }),
    null,
  )
  assert.equal(answered(outgoing(two, 'openai'), { data: [row(0, [1])] }), null)
})

test('a body of a wrong shape, an empty text elsewhere, or a model for something else is refused', () => {
  const bodies: readonly (readonly [JsonObject, string])[] = [
    [{ model: 'vec' }, 'input'],
    [{ model: 'vec', input: 7 }, 'input'],
    [{ model: 'vec', input: ['a', 7] }, 'input'],
    [{ input: 'a' }, 'model'],
    [{ ...two, dimensions: 0 }, 'dimensions'],
    [{ ...two, options: [] }, 'options'],
    [{ ...two, truncate: 'yes' }, 'truncate'],
  ]
  for (const [body, param] of bodies) {
    const read = readOllamaEmbed(body)
    assert.ok(!read.ok, param)
    assert.equal(read.error.param, param)
  }
  assert.equal(readOllamaEmbeddings({ model: 'vec', prompt: ['a'] }).ok, false)
  const empty = readOllamaEmbed({ model: 'vec', input: ['a', ''] })
  assert.ok(empty.ok)
  const surface = ollamaEmbedSurface(empty.value, () => 0)
  assert.equal(surface.forDestination('openai', MODEL).ok, false)
  assert.equal(surface.forDestination('anthropic', MODEL).ok, false)
  assert.equal(surface.forDestination('ollama', { ...MODEL, task: 'rerank' }).ok, false)
})
