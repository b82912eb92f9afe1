import assert from 'node:assert/strict'
import { symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { describe, test, type TestContext } from 'node:test'
import OpenAI, { toFile } from 'openai'
import { STARTER, starterModelDir } from '../src/models/starter/starter-model.fixture.ts'
import { cloudConfig, errorOf, testGateway, testHome, type TestGateway } from './support/gateway.ts'
import { json, startUpstream, type Act, type Seen } from './support/upstream.ts'

/** A machine of our own, which may see what nobody here can read. */
const ownConfig = (url: string, more = ''): string => `
discover: false
engine: {enabled: false}
destinations:
  - {id: own, dialect: openai, url: "${url}", zone: on-prem, clearance: {class: restricted},
     models: [{name: m, upstream: media-1}]}
${more}`

async function house(t: TestContext, act: Act, config = ownConfig) {
  const upstream = await startUpstream(t, act)
  const gateway = await testGateway(t, config(upstream.url))
  const client = new OpenAI({ baseURL: `${gateway.url}/v1`, apiKey: gateway.key, maxRetries: 0 })
  return { upstream, gateway, client }
}

/** Every byte there is, line ends and dashes among them. */
const BYTES = Buffer.from(
  Array.from({ length: 1024 }, (_, at) => at % 256).concat([13, 10, 45, 45, 13, 10]),
)
const sound = (): Promise<File> => toFile(BYTES, 'réunion "1".wav', { type: 'audio/wav' })
const image = (name: string): Promise<File> => toFile(BYTES, name, { type: 'image/png' })

/** The form that reached the destination, as another reader than ours sees it. */
const formOf = (seen: Seen | undefined): Promise<FormData> =>
  new Response(seen?.bytes.slice(), {
    headers: { 'content-type': seen?.headers['content-type'] ?? '' },
  }).formData()

const bytesOf = async (value: File | string | null): Promise<Buffer | null> =>
  value instanceof File ? Buffer.from(await value.arrayBuffer()) : null

const post = (
  gateway: TestGateway,
  path: string,
  body: string | FormData,
  type?: string,
): Promise<Response> =>
  fetch(`${gateway.url}/v1${path}`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${gateway.key}`,
      ...(type === undefined ? {} : { 'content-type': type }),
    },
    body,
  })

function soundForm(fields: Readonly<Record<string, string>>): FormData {
  const form = new FormData()
  form.set('file', new File([BYTES], 'a.wav', { type: 'audio/wav' }))
  form.set('model', 'm')
  for (const [name, value] of Object.entries(fields)) form.set(name, value)
  return form
}

const stream =
  (frames: readonly object[]): Act =>
  (response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' })
    for (const frame of frames) response.write(`data: ${JSON.stringify(frame)}\n\n`)
    response.end()
  }
const DELTA = { type: 'transcript.text.delta', delta: 'Bon' }
const DONE = { type: 'transcript.text.done', text: 'Bonjour' }

describe('a sound', () => {
  test('goes to a destination that may see it, in a form of our own, byte for byte', async (t) => {
    const { upstream, client } = await house(t, (response) =>
      json(response, 200, { text: 'Bonjour', usage: { type: 'duration', seconds: 1 } }),
    )
    const request = client.audio.transcriptions.create({
      model: 'm',
      file: await sound(),
      prompt: 'Une réunion.',
      timestamp_granularities: ['word', 'segment'],
    })
    const { data, response } = await request.withResponse()
    assert.equal(data.text, 'Bonjour')
    assert.equal(response.headers.get('x-ecluse-class'), 'restricted;undetermined')
    assert.equal(response.headers.get('x-ecluse-destination'), 'own')
    const [seen] = upstream.seen
    assert.equal(seen?.path, '/v1/audio/transcriptions')
    assert.match(seen?.headers['content-type'] ?? '', /^multipart\/form-data; boundary=ecluse-/)
    const form = await formOf(seen)
    assert.equal(form.get('model'), 'media-1')
    assert.equal(form.get('prompt'), 'Une réunion.')
    assert.deepEqual(form.getAll('timestamp_granularities[]'), ['word', 'segment'])
    const file = form.get('file')
    assert.deepEqual(await bytesOf(file), BYTES)
    assert.ok(file instanceof File)
    assert.deepEqual([file.name, file.type], ['réunion "1".wav', 'audio/wav'])
  })

  test('never goes where the policy does not let unread content go', async (t) => {
    const { upstream, gateway } = await house(t, () => {}, cloudConfig)
    const answer = await post(gateway, '/audio/transcriptions', soundForm({}))
    assert.equal(answer.status, 403)
    assert.equal((await errorOf(answer)).code, 'no-eligible-destination')
    assert.equal(answer.headers.get('x-ecluse-class'), 'restricted;undetermined')
    assert.deepEqual(upstream.seen, [])
  })

  test('is refused by name when the model is one on board', async (t) => {
    const models = await starterModelDir()
    if ('skip' in models) return t.skip(models.skip)
    const home = testHome(t)
    symlinkSync(models.dir, join(home, 'models'))
    const gateway = await testGateway(t, 'discover: false\n', home)
    // the model is not ready at once: the client asks again when it is told to
    const client = new OpenAI({ baseURL: `${gateway.url}/v1`, apiKey: gateway.key, maxRetries: 30 })
    const file = await sound()
    await assert.rejects(client.audio.transcriptions.create({ model: STARTER, file }), {
      status: 400,
      code: 'unsupported-parameter',
      param: 'model',
    })
  })

  test('comes back as text, subtitles or JSON, in the type of each', async (t) => {
    const answers: Readonly<Record<string, readonly [type: string, body: string]>> = {
      text: ['text/plain; charset=utf-8', 'Bonjour\n'],
      srt: ['application/x-subrip', '1\n00:00:00,000 --> 00:00:01,000\nBonjour\n'],
      vtt: ['text/vtt', 'WEBVTT\n\n00:00.000 --> 00:01.000\nBonjour\n'],
      verbose_json: ['application/json', '{"text":"Bonjour","segments":[]}'],
    }
    let format = ''
    const { gateway, upstream } = await house(t, (response) => {
      const [type = '', body = ''] = answers[format] ?? []
      response.writeHead(200, { 'content-type': type }).end(body)
    })
    for (const path of ['/audio/transcriptions', '/audio/translations']) {
      for (format of Object.keys(answers)) {
        const answer = await post(gateway, path, soundForm({ response_format: format }))
        const got = [answer.headers.get('content-type'), await answer.text()]
        assert.deepEqual(got, answers[format], `${path} ${format}`)
      }
    }
    assert.equal(upstream.seen.length, 8)
    assert.match(upstream.seen[0]?.headers.accept ?? '', /text\/plain/)
  })

  test('comes back in pieces', async (t) => {
    const { client, upstream } = await house(t, stream([DELTA, DONE]))
    const file = await sound()
    const pieces = await client.audio.transcriptions.create({ model: 'm', file, stream: true })
    const events: unknown[] = []
    for await (const piece of pieces) events.push(piece)
    assert.deepEqual(events, [DELTA, DONE])
    assert.equal((await formOf(upstream.seen[0])).get('stream'), 'true')
  })

  test('whose answer breaks off is told as broken, however the destination left', async (t) => {
    const { gateway, client, upstream } = await house(t, stream([DELTA]))
    const dies: Act = (response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' })
      response.write(`data: ${JSON.stringify(DELTA)}\n\n`, () => response.destroy())
    }
    for (const act of [stream([DELTA]), stream([DELTA, { error: { message: 'no' } }]), dies]) {
      upstream.act = act
      const answer = await post(gateway, '/audio/transcriptions', soundForm({ stream: 'true' }))
      assert.equal(answer.headers.get('content-type'), 'text/event-stream; charset=utf-8')
      const frames = (await answer.text()).trim().split('\n\n')
      assert.equal(frames.length, 2)
      assert.match(frames[1] ?? '', /^data: \{"error":\{"message":/)
    }
    const file = await sound()
    const pieces = await client.audio.transcriptions.create({ model: 'm', file, stream: true })
    await assert.rejects(async () => {
      for await (const piece of pieces) assert.deepEqual(piece, DELTA)
    }, OpenAI.APIError)
  })
})

describe('pictures', () => {
  test('are edited together, in their order, with their mask', async (t) => {
    const { client, upstream } = await house(t, (response) =>
      json(response, 200, { created: 1, data: [{ b64_json: 'AAAA' }] }),
    )
    const edited = await client.images.edit({
      model: 'm',
      prompt: 'A canal lock at dawn.',
      image: [await image('1.png'), await image('2.png')],
      mask: await image('mask.png'),
    })
    assert.equal(edited.data?.[0]?.b64_json, 'AAAA')
    const form = await formOf(upstream.seen[0])
    const files = [...form.getAll('image[]'), form.get('mask')]
    const names = files.map((file) => (file instanceof File ? file.name : null))
    assert.deepEqual(names, ['1.png', '2.png', 'mask.png'])
    for (const file of files) assert.deepEqual(await bytesOf(file), BYTES)

    const varied = await client.images.createVariation({ model: 'm', image: await image('1.png') })
    assert.equal(varied.data?.[0]?.b64_json, 'AAAA')
    assert.deepEqual(
      upstream.seen.map(({ path }) => path),
      ['/v1/images/edits', '/v1/images/variations'],
    )
  })

  test('come back in pieces, under the names of their events', async (t) => {
    const frames = ['partial_image', 'completed'].map(
      (kind) =>
        `event: image_edit.${kind}\ndata: {"type":"image_edit.${kind}","b64_json":"AAAA"}\n\n`,
    )
    const { gateway } = await house(t, (response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' }).end(frames.join(''))
    })
    const form = soundForm({ prompt: 'x', stream: 'true' })
    form.set('image', new File([BYTES], 'a.png', { type: 'image/png' }))
    const answer = await post(gateway, '/images/edits', form)
    assert.equal(await answer.text(), frames.join(''))
  })
})

describe('a form', () => {
  test('that is not one is refused with a stable code, and nothing leaves', async (t) => {
    const limits = (url: string): string => ownConfig(url, 'limits: {body_bytes: 4096}')
    const { gateway, upstream } = await house(t, () => {}, limits)
    const type = 'multipart/form-data; boundary=b'
    const disposition = 'Content-Disposition: form-data; name="model"'
    const cases: readonly (readonly [
      body: string | FormData,
      type: string | undefined,
      code: string,
    ])[] = [
      ['', type, 'malformed-multipart'],
      ['--b\r\n', type, 'malformed-multipart'],
      [`--b\r\n${disposition}\r\n\r\nm\r\n--b--`, 'multipart/form-data', 'malformed-multipart'],
      [`--b\r\n${disposition}\r\n\r\nm\r\n--b--`, type, 'missing-field'],
      ['{"model":"m"}', 'application/json', 'unsupported-media-type'],
      ['model=m', 'application/x-www-form-urlencoded', 'unsupported-media-type'],
      [soundForm({ prompt: 'x'.repeat(8192) }), undefined, 'body-too-large'],
      [soundForm({ model: 'auto' }), undefined, 'unsupported-parameter'],
      [soundForm({ model: 'unknown' }), undefined, 'model_not_found'],
    ]
    for (const [body, given, code] of cases) {
      const answer = await post(gateway, '/audio/transcriptions', body, given)
      const error = await errorOf(answer)
      assert.equal(error.code, code)
      if (code === 'unsupported-media-type') assert.match(error.message, /multipart\/form-data/)
    }
    assert.deepEqual(upstream.seen, [])
  })

  test('is read by no other route', async (t) => {
    const { gateway } = await house(t, () => {})
    for (const path of ['/chat/completions', '/images/generations', '/embeddings']) {
      const answer = await post(gateway, path, soundForm({}))
      assert.equal(answer.status, 415, path)
      assert.match((await errorOf(answer)).message, /application\/json/)
    }
    const admin = await fetch(`${gateway.url}/api/keys`, {
      method: 'POST',
      headers: { authorization: `Bearer ${gateway.key}` },
      body: soundForm({}),
    })
    assert.equal(admin.status, 415)
  })

  test('answered by something that is no transcript is told as such', async (t) => {
    const { gateway } = await house(t, (response) => json(response, 200, { nothing: true }))
    const answer = await post(gateway, '/audio/transcriptions', soundForm({}))
    assert.equal((await errorOf(answer)).code, 'destination-malformed')
  })
})
