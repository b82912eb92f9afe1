import assert from 'node:assert/strict'
import { stat } from 'node:fs/promises'
import { after, before, describe, test } from 'node:test'
import { starterModelDir, STARTER } from '#models/starter/starter-model.fixture.ts'
import { startEngine } from './engine.fixture.ts'

const models = await starterModelDir()
const skip = 'skip' in models ? models.skip : false

/** Nearly greedy: on this question the model repeats itself to the end of the context, in shared batches. */
const RAMBLING = 0.01

const QUESTION = [{ role: 'user' as const, content: 'Tell me about the sea.' }]

describe('the engine with the starter model', { skip }, () => {
  let engine: Awaited<ReturnType<typeof startEngine>>
  before(async () => {
    assert.ok('dir' in models)
    engine = await startEngine({ modelsDir: models.dir, parallel: 4, queueLimit: 2 })
  })
  after(() => engine.stop())

  const ask = (fields: object) =>
    engine.openai.chat.completions.create({
      model: 'smollm2',
      messages: QUESTION,
      max_tokens: 16,
      ...fields,
      stream: false,
    })

  const streamed = async (fields: object) => {
    const stream = await engine.openai.chat.completions.create({
      model: STARTER,
      messages: QUESTION,
      max_tokens: 16,
      ...fields,
      stream: true,
    })
    return Array.fromAsync(stream)
  }

  test('only its owner may talk to the socket', async () => {
    assert.equal((await stat(engine.socketPath)).mode & 0o777, 0o600)
  })

  test('the official client gets a whole answer, with true counts and finish reason', async () => {
    const answer = await ask({ seed: 1 })
    assert.match(answer.id, /^chatcmpl-/)
    assert.equal(answer.object, 'chat.completion')
    assert.equal(answer.choices.length, 1)
    assert.equal(answer.choices[0]?.finish_reason, 'length')
    assert.equal(answer.choices[0]?.message.refusal, null)
    assert.ok((answer.choices[0]?.message.content ?? '').length > 10)
    assert.equal(answer.usage?.completion_tokens, 16)
    assert.equal(answer.usage?.total_tokens, (answer.usage?.prompt_tokens ?? 0) + 16)
  })

  test('a stream is the same text, in the shapes that clients rely on', async () => {
    const whole = await ask({ seed: 1 })
    const chunks = await streamed({ seed: 1, stream_options: { include_usage: true } })
    assert.equal(chunks[0]?.choices[0]?.delta.role, 'assistant')
    const text = chunks.map((chunk) => chunk.choices[0]?.delta.content ?? '').join('')
    assert.equal(text, whole.choices[0]?.message.content)
    assert.equal(new Set(chunks.map(({ id, created }) => `${id} ${created}`)).size, 1)
    const last = chunks.at(-1)
    assert.deepEqual(last?.choices, [])
    assert.equal(last?.usage?.completion_tokens, 16)
    const finish = chunks.at(-2)
    assert.deepEqual(finish?.choices[0]?.delta, {})
    assert.equal(finish?.choices[0]?.finish_reason, 'length')
    for (const chunk of chunks.slice(0, -1)) {
      assert.equal(chunk.usage, null)
      assert.ok(chunk.choices[0] && 'finish_reason' in chunk.choices[0])
    }
    const bare = await streamed({ seed: 1 })
    assert.ok(bare.every((chunk) => !('usage' in chunk)))
  })

  test('the stream ends with [DONE]', async () => {
    const body = { model: STARTER, messages: QUESTION, max_tokens: 2, stream: true }
    const { text, headers } = await engine.call('/v1/chat/completions', body)
    assert.ok(text.endsWith('\n\ndata: [DONE]\n\n'))
    assert.match(String(headers['content-type']), /^text\/event-stream/)
  })

  test('a seed gives the same text, alone or in company, from a warm or a cold start', async () => {
    const alone = await ask({ seed: 42, temperature: 0.9 })
    const other = await ask({ seed: 43, temperature: 0.9 })
    const company = await Promise.all([
      ask({ seed: 42, temperature: 0.9 }),
      ask({ temperature: 1 }),
      ask({ temperature: 1 }),
      ask({ seed: 42, temperature: 0.9 }),
    ])
    const text = alone.choices[0]?.message.content
    assert.notEqual(other.choices[0]?.message.content, text)
    assert.equal(company[0]?.choices[0]?.message.content, text)
    assert.equal(company[3]?.choices[0]?.message.content, text)
  })

  test('temperature 0 always gives the same text', async () => {
    const answers = await Promise.all([1, 2, 3].map(() => ask({ temperature: 0 })))
    assert.equal(new Set(answers.map((answer) => answer.choices[0]?.message.content)).size, 1)
  })

  test('a stop string ends the answer and is never shown', async () => {
    const whole = (await ask({ temperature: 0 })).choices[0]?.message.content ?? ''
    // Begins inside one word and ends inside another: certainly across tokens.
    const stop = whole.slice(7, 14)
    const chunks = await streamed({ temperature: 0, stop: [stop] })
    const text = chunks.map((chunk) => chunk.choices[0]?.delta.content ?? '').join('')
    assert.equal(text, whole.slice(0, whole.indexOf(stop)))
    assert.equal(chunks.at(-1)?.choices[0]?.finish_reason, 'stop')
  })

  test('four callers write side by side', async () => {
    const controller = new AbortController()
    const body = { model: STARTER, messages: QUESTION, temperature: RAMBLING }
    const calls = Array.from({ length: 4 }, () =>
      engine.call('/v1/chat/completions', body, controller.signal).catch(() => null),
    )
    const status = await engine.until(({ models: [model] }) => model?.slots.used === 4)
    assert.equal(status.queue.waiting, 0)
    controller.abort()
    await Promise.all(calls)
  })

  test('a full queue says so, and one who leaves frees a slot or a place', async () => {
    const controller = new AbortController()
    const body = { model: STARTER, messages: QUESTION, temperature: RAMBLING }
    const calls = Array.from({ length: 12 }, () =>
      engine.call('/v1/chat/completions', body, controller.signal),
    )
    const refused = await Promise.any(
      calls.map(async (call) => {
        const answer = await call
        assert.notEqual(answer.status, 200)
        return answer
      }),
    )
    assert.equal(refused.status, 503)
    assert.match(refused.text, /"code":"queue-full"/)
    assert.ok(Number(refused.headers['retry-after']) >= 1)
    controller.abort()
    await Promise.allSettled(calls)
    const status = await engine.until(({ models: [model] }) => model?.slots.used === 0)
    assert.equal(status.queue.waiting, 0)
  })

  test('a caller who leaves in the middle of a long prompt frees the slot', async () => {
    const controller = new AbortController()
    const messages = [{ role: 'user', content: 'sea and sky '.repeat(250) }]
    const call = engine.call(
      '/v1/chat/completions',
      { model: STARTER, messages },
      controller.signal,
    )
    await engine.until(({ models: [model] }) => model?.slots.used === 1)
    controller.abort()
    await assert.rejects(call)
    await engine.until(({ models: [model] }) => model?.slots.used === 0)
  })

  test('what is computed is reused within a scope, and only there', async () => {
    const messages = [
      { role: 'user', content: `A long story. ${'The ship sails on. '.repeat(20)}` },
    ]
    const cached = async (scope: string): Promise<number> => {
      const answer = await engine.openai.chat.completions.create(
        { model: STARTER, messages: messages as never, max_tokens: 1 },
        { headers: { 'x-ecluse-cache-scope': scope } },
      )
      return answer.usage?.prompt_tokens_details?.cached_tokens ?? -1
    }
    assert.equal(await cached('one'), 0)
    assert.ok((await cached('one')) > 80)
    assert.equal(await cached('two'), 0)
  })

  test('a conversation that does not fit is refused with its figures', async () => {
    const messages = [{ role: 'user', content: 'word '.repeat(1500) }]
    const { status, text } = await engine.call('/v1/chat/completions', { model: STARTER, messages })
    assert.equal(status, 400)
    const { error } = JSON.parse(text) as { error: { code: string; detail: { limit: number } } }
    assert.equal(error.code, 'context-too-long')
    assert.equal(error.detail.limit, 1024)
  })

  test('an answer ends with `length` where the context ends', async () => {
    const messages = [{ role: 'user', content: 'word '.repeat(960) }]
    const answer = await ask({ messages, max_tokens: 500, temperature: 2, seed: 5 })
    const used = answer.usage?.total_tokens ?? 0
    assert.ok(used <= 1024)
    if (answer.choices[0]?.finish_reason === 'length') assert.equal(used, 1024)
  })

  test('errors have the four keys, and the right status', async () => {
    const cases: readonly [string, unknown, number, string][] = [
      ['/v1/chat/completions', { model: 'nobody', messages: QUESTION }, 404, 'unknown-model'],
      ['/v1/chat/completions', { model: '../x', messages: QUESTION }, 404, 'unknown-model'],
      ['/v1/chat/completions', { messages: QUESTION }, 400, 'missing-field'],
      ['/v1/chat/completions', undefined, 405, 'method-not-allowed'],
      ['/nowhere', undefined, 404, 'not-found'],
      ['/load', { model: 'nobody' }, 404, 'unknown-model'],
    ]
    for (const [path, body, status, code] of cases) {
      const answer = await engine.call(path, body)
      assert.equal(answer.status, status)
      const { error } = JSON.parse(answer.text) as { error: Record<string, unknown> }
      assert.equal(error['code'], code)
      for (const key of ['message', 'type', 'param', 'code']) assert.ok(key in error)
    }
  })

  test('models are listed, loaded and unloaded', async () => {
    const page = await engine.openai.models.list()
    assert.ok(page.data.some(({ id }) => id === STARTER))
    assert.equal((await engine.call('/unload', { model: 'smollm2' })).status, 200)
    assert.deepEqual((await engine.ps()).models, [])
    assert.equal((await engine.call('/load', { model: 'smollm2' })).status, 200)
    assert.equal((await engine.ps()).models[0]?.state, 'ready')
  })

  test('the speed is measured', async () => {
    await ask({})
    assert.ok(((await engine.ps()).models[0]?.tokensPerSecond ?? 0) > 0)
  })
})
