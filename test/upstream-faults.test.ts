import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { ask, chat, cloudConfig, errorOf, testGateway } from './support/gateway.ts'
import { frame, json, startUpstream, type Act } from './support/upstream.ts'

describe('what destinations do', () => {
  test('an upstream error is told as ours, never as the fault of the caller', async (t) => {
    const upstream = await startUpstream(t)
    const gateway = await testGateway(t, cloudConfig(upstream.url))
    const outcome = async (act: Act): Promise<[number, string]> => {
      upstream.act = act
      const answer = await chat(gateway, { body: ask('hello') })
      return [answer.status, (await errorOf(answer)).code]
    }
    assert.deepEqual(
      await outcome((r) => json(r, 401, { error: { message: 'bad key sk-secret' } })),
      [502, 'destination-credentials'],
    )
    assert.deepEqual(await outcome((r) => json(r, 500, 'boom')), [502, 'destination-failed'])
    assert.deepEqual(await outcome((r) => json(r, 429, {}, { 'retry-after': '7' })), [
      429,
      'rate_limit_exceeded',
    ])
    assert.deepEqual(
      await outcome((r) =>
        json(r, 400, {
          error: {
            message: 'no such option',
            type: 'invalid_request_error',
            param: 'x',
            code: 'bad',
          },
        }),
      ),
      [400, 'bad'],
    )
    assert.deepEqual(
      await outcome((r) => void r.writeHead(200, { 'content-type': 'text/html' }).end('<html>')),
      [502, 'destination-malformed'],
    )
    assert.deepEqual(await outcome((r) => void r.writeHead(200).end()), [
      502,
      'destination-malformed',
    ])
    assert.deepEqual(await outcome((r) => void r.destroy()), [502, 'destination-unreachable'])
    assert.deepEqual(
      await outcome((r) => void r.writeHead(302, { location: 'http://127.0.0.1:1/' }).end()),
      [502, 'destination-failed'],
    )
  })

  test('a stream that breaks ends with an error frame and without its end mark', async (t) => {
    const upstream = await startUpstream(t)
    const gateway = await testGateway(t, cloudConfig(upstream.url))
    const breaks: Act[] = [
      (response) => {
        response.writeHead(200, { 'content-type': 'text/event-stream' })
        response.write(frame({ content: 'Half' }))
        setImmediate(() => response.destroy())
      },
      (response) => {
        response.writeHead(200, { 'content-type': 'text/event-stream' })
        response.end(frame({ content: 'Half' }))
      },
      (response) => {
        response.writeHead(200, { 'content-type': 'text/event-stream' })
        response.end(
          `${frame({ content: 'Half' })}data: {"error":{"message":"overloaded"}}\n\ndata: [DONE]\n\n`,
        )
      },
    ]
    for (const act of breaks) {
      upstream.act = act
      const text = await (await chat(gateway, { body: ask('hello', { stream: true }) })).text()
      assert.match(text, /Half/)
      assert.match(text, /"error":/)
      assert.doesNotMatch(text, /\[DONE\]/)
    }
  })

  test('when the caller leaves, the upstream is told at once', async (t) => {
    const upstream = await startUpstream(t)
    const gateway = await testGateway(t, cloudConfig(upstream.url))
    const gone = new Promise<void>((resolve) => {
      upstream.act = (response) => {
        response.writeHead(200, { 'content-type': 'text/event-stream' })
        response.write(frame({ content: 'one' }))
        response.once('close', () => resolve())
      }
    })
    const answer = await chat(gateway, { body: ask('hello', { stream: true }) })
    await answer.body?.cancel()
    await gone
  })
})
