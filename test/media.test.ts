import assert from 'node:assert/strict'
import { test } from 'node:test'
import OpenAI from 'openai'
import { cloudConfig, testGateway } from './support/gateway.ts'
import { json, startUpstream } from './support/upstream.ts'

test('pictures and sounds asked for in words pass through, byte for byte', async (t) => {
  const sound = Buffer.from([0x49, 0x44, 0x33, 0, 1, 2, 255])
  const upstream = await startUpstream(t, (response, { path }) => {
    if (path.endsWith('/audio/speech'))
      response.writeHead(200, { 'content-type': 'audio/mpeg' }).end(sound)
    else json(response, 200, { created: 1, data: [{ b64_json: 'AAAA' }] })
  })
  const gateway = await testGateway(t, cloudConfig(upstream.url))
  const client = new OpenAI({ baseURL: `${gateway.url}/v1`, apiKey: gateway.key, maxRetries: 0 })
  const image = await client.images.generate({ model: 'm', prompt: 'A canal lock at dawn.', n: 1 })
  assert.equal(image.data?.[0]?.b64_json, 'AAAA')
  const speech = await client.audio.speech.create({
    model: 'm',
    voice: 'alloy',
    input: 'Mind the gates.',
  })
  assert.equal(speech.headers.get('content-type'), 'audio/mpeg')
  assert.deepEqual(Buffer.from(await speech.arrayBuffer()), sound)
  assert.deepEqual(
    upstream.seen.map(({ path }) => path),
    ['/v1/images/generations', '/v1/audio/speech'],
  )
  assert.match(upstream.seen[0]?.body ?? '', /"model":"cloud-1"/)
})

test('an answer that is no picture or no sound is told as such, and pieces are refused by name', async (t) => {
  const upstream = await startUpstream(t, (response) => json(response, 200, { nothing: true }))
  const gateway = await testGateway(t, cloudConfig(upstream.url))
  const client = new OpenAI({ baseURL: `${gateway.url}/v1`, apiKey: gateway.key, maxRetries: 0 })
  const codeOf = async (call: Promise<unknown>): Promise<unknown> => {
    try {
      await call
      return null
    } catch (error) {
      return error instanceof OpenAI.APIError ? error.code : error
    }
  }
  assert.equal(
    await codeOf(client.images.generate({ model: 'm', prompt: 'x' })),
    'destination-malformed',
  )
  assert.equal(
    await codeOf(client.audio.speech.create({ model: 'm', voice: 'alloy', input: 'x' })),
    'destination-malformed',
  )
  const pieces = client.audio.speech.create({
    model: 'm',
    voice: 'alloy',
    input: 'x',
    stream_format: 'sse',
  })
  assert.equal(await codeOf(pieces), 'unsupported-parameter')
  assert.equal(
    await codeOf(client.images.generate({ model: 'auto', prompt: 'x' })),
    'unsupported-parameter',
  )
})
