import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import OpenAI from 'openai'
import { cloudConfig, testGateway, type TestGateway } from './support/gateway.ts'
import { json, startUpstream, type Act, type Upstream } from './support/upstream.ts'

const IBAN = 'FR76 3000 6000 0112 3456 7890 189'

/** Numbers that float32 holds exactly, and one that it does not. */
const VECTORS = [
  [0.5, -0.25, 0.1],
  [1, 0, -2.5],
]

const base64 = (vector: readonly number[]): string =>
  Buffer.from(Float32Array.from(vector).buffer).toString('base64')

/** A server that answers in the form it was asked for, or always in its own. */
const embed =
  (always: 'float' | 'base64' | null): Act =>
  (response, { body }) => {
    const asked = (JSON.parse(body) as { encoding_format?: string }).encoding_format
    const form = always ?? asked ?? 'float'
    const data = VECTORS.map((vector, index) => ({
      object: 'embedding',
      index,
      embedding: form === 'base64' ? base64(vector) : vector,
    }))
    json(response, 200, {
      object: 'list',
      model: 'cloud-1',
      data: data.toReversed(),
      usage: { prompt_tokens: 6, total_tokens: 6 },
    })
  }

const post = (gateway: TestGateway, path: string, body: object): Promise<Response> =>
  fetch(`${gateway.url}${path}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${gateway.key}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })

interface Refused {
  readonly error: { readonly code: string; readonly param: string | null }
}
const refusedOf = async (answer: Response): Promise<Refused['error']> =>
  ((await answer.json()) as Refused).error // the shape is what these tests are about

const bodyOf = (upstream: Upstream, place = -1): object =>
  JSON.parse(upstream.seen.at(place)?.body ?? '{}') as object

describe('the embeddings surface', () => {
  for (const always of [null, 'float', 'base64'] as const) {
    test(`the official client gets the same vectors in both forms from a server that answers ${always ?? 'as asked'}`, async (t) => {
      const upstream = await startUpstream(t, embed(always))
      const gateway = await testGateway(t, cloudConfig(upstream.url))
      const client = new OpenAI({
        baseURL: `${gateway.url}/v1`,
        apiKey: gateway.key,
        maxRetries: 0,
      })
      const input = ['The lock is closed.', 'The gate opens.']
      for (const format of [undefined, 'float', 'base64'] as const) {
        const answer = await client.embeddings.create({
          model: 'm',
          input,
          ...(format ? { encoding_format: format } : {}),
        })
        assert.deepEqual(
          answer.data.map(({ index }) => index),
          [0, 1],
        )
        const got = answer.data.map(({ embedding }) =>
          typeof embedding === 'string'
            ? [...new Float32Array(Uint8Array.from(Buffer.from(embedding, 'base64')).buffer)]
            : [...Float32Array.from(embedding)],
        )
        assert.deepEqual(
          got,
          VECTORS.map((vector) => [...Float32Array.from(vector)]),
        )
        assert.equal(typeof answer.data[0]?.embedding === 'string', format === 'base64')
        assert.equal(answer.usage.prompt_tokens, 6)
      }
      // the client asks for base64 by itself, and nobody is asked for another form than the caller's
      assert.deepEqual(bodyOf(upstream, 0), { model: 'cloud-1', input, encoding_format: 'base64' })
      assert.equal(upstream.seen[0]?.path, '/v1/embeddings')
    })
  }

  test('the same text is refused as on the chat surface, wherever it stands, and tokens stay home', async (t) => {
    const upstream = await startUpstream(t, embed(null))
    const gateway = await testGateway(t, cloudConfig(upstream.url))
    const bodies: readonly (readonly [string, object])[] = [
      ['/v1/embeddings', { model: 'm', input: IBAN }],
      ['/v1/embeddings', { model: 'm', input: ['fine', `pay ${IBAN}`] }],
      ['/v1/embeddings', { model: 'm', input: 'fine', user: IBAN }],
      ['/v1/embeddings', { model: 'm', input: 'fine', [IBAN]: 1 }],
      ['/v1/embeddings', { model: 'm', input: [1, 2, 3] }],
      ['/v1/embeddings', { model: 'm', input: [[1, 2], [3]] }],
      ['/v1/rerank', { model: 'm', query: IBAN, documents: ['a'] }],
      ['/v1/rerank', { model: 'm', query: 'q', documents: ['a', IBAN] }],
      ['/v2/rerank', { model: 'm', query: 'q', documents: [{ title: 'x', body: IBAN }] }],
      ['/v2/rerank', { model: 'm', query: 'q', documents: [{ [IBAN]: 'x' }] }],
      ['/v1/rerank', { model: 'm', query: 'q', documents: [{ image: 'https://a.test/b.png' }] }],
      ['/v1/moderations', { model: 'm', input: IBAN }],
      ['/v1/moderations', { model: 'm', input: ['fine', IBAN] }],
      ['/v1/moderations', { model: 'm', input: [{ type: 'text', text: IBAN }] }],
      [
        '/v1/moderations',
        { model: 'm', input: [{ type: 'image_url', image_url: { url: 'https://a.test/b' } }] },
      ],
    ]
    for (const [path, body] of bodies) {
      const answer = await post(gateway, path, body)
      assert.equal(answer.status, 403, JSON.stringify(body))
      assert.equal(answer.headers.get('x-ecluse-error'), 'no-eligible-destination')
      await answer.body?.cancel()
    }
    assert.deepEqual(upstream.seen, [])
  })

  test('a length that the destination did not honour is an error, never another vector', async (t) => {
    const upstream = await startUpstream(t, embed(null))
    const gateway = await testGateway(t, cloudConfig(upstream.url))
    const input = ['a', 'b']
    const honoured = await post(gateway, '/v1/embeddings', { model: 'm', input, dimensions: 3 })
    assert.equal(honoured.status, 200)
    await honoured.body?.cancel()
    assert.deepEqual(bodyOf(upstream), { model: 'cloud-1', input, dimensions: 3 })
    const ignored = await post(gateway, '/v1/embeddings', { model: 'm', input, dimensions: 2 })
    assert.deepEqual(
      [ignored.status, (await refusedOf(ignored)).code],
      [502, 'destination-malformed'],
    )
    const fewer = await post(gateway, '/v1/embeddings', { model: 'm', input: ['a'] })
    assert.equal((await refusedOf(fewer)).code, 'destination-malformed')
  })

  test('bad input is refused by its name, in the shape of the surface', async (t) => {
    const upstream = await startUpstream(t, embed(null))
    const gateway = await testGateway(t, cloudConfig(upstream.url))
    const cases: readonly (readonly [object, string, string])[] = [
      [{ input: 'a' }, 'missing-field', 'model'],
      [{ model: 'm' }, 'missing-field', 'input'],
      [{ model: 'm', input: '' }, 'invalid-value', 'input'],
      [{ model: 'm', input: [] }, 'invalid-value', 'input'],
      [{ model: 'm', input: ['a', ''] }, 'invalid-value', 'input'],
      [{ model: 'm', input: ['a', 1] }, 'invalid-value', 'input'],
      [{ model: 'm', input: [1, -2] }, 'invalid-value', 'input'],
      [{ model: 'm', input: Array.from({ length: 2049 }, () => 'a') }, 'invalid-value', 'input'],
      [{ model: 'm', input: 'a', encoding_format: 'ubyte' }, 'invalid-value', 'encoding_format'],
      [{ model: 'm', input: 'a', dimensions: 0 }, 'invalid-value', 'dimensions'],
      [{ model: 'auto', input: 'a' }, 'unsupported-parameter', 'model'],
    ]
    for (const [body, code, param] of cases) {
      const error = await refusedOf(await post(gateway, '/v1/embeddings', body))
      assert.deepEqual([error.code, error.param], [code, param], JSON.stringify(body).slice(0, 80))
    }
    assert.deepEqual(upstream.seen, [])
  })

  test('a destination that cannot is passed over for the next of the verdict', async (t) => {
    const upstream = await startUpstream(t, embed(null))
    const gateway = await testGateway(
      t,
      `
discover: false
engine: {enabled: false}
destinations:
  - {id: other, dialect: anthropic, url: "${upstream.url}/other", key: "\${env:CLOUD_KEY}", zone: managed, jurisdiction: FR,
     clearance: {class: internal}, models: [{name: m, upstream: x, price: {input: 0.01, output: 0.01}}]}
  - {id: cloud, dialect: openai, url: "${upstream.url}", key: "\${env:CLOUD_KEY}", zone: managed, jurisdiction: FR,
     clearance: {class: internal}, models: [{name: m, upstream: text-embedding-x, price: {input: 0.1, output: 0.2}}]}
`,
    )
    for (const model of ['m', 'auto']) {
      const answer = await post(gateway, '/v1/embeddings', { model, input: ['a', 'b'] })
      assert.equal(answer.status, 200)
      assert.equal(answer.headers.get('x-ecluse-destination'), 'cloud')
      await answer.body?.cancel()
    }
    const alone = await post(gateway, '/v1/embeddings', { model: 'other/m', input: 'a' })
    const error = await refusedOf(alone)
    assert.deepEqual([error.code, error.param], ['unsupported-parameter', 'model'])
    assert.ok(upstream.seen.every(({ path }) => path === '/v1/embeddings'))
  })
})

describe('the rerank surface', () => {
  test('results come best first with their places, whatever the server calls them', async (t) => {
    const documents = ['oars', { text: 'a lock raises boats' }, 'rope']
    const results = [
      { index: 0, relevance_score: 0.1 },
      { index: 2, relevance_score: 0.05 },
      { index: 1, relevance_score: 0.9 },
    ]
    const shapes: readonly object[] = [
      { id: 'up', results, meta: { tokens: { input_tokens: 9 } } },
      { results: results.map(({ index, relevance_score: score }) => ({ index, score })) },
      { data: results, usage: { total_tokens: 9 } },
    ]
    const upstream = await startUpstream(t)
    const gateway = await testGateway(t, cloudConfig(upstream.url))
    for (const shape of shapes) {
      upstream.act = (response) => json(response, 200, shape)
      for (const path of ['/v1/rerank', '/v2/rerank']) {
        const body = { model: 'm', query: 'What does a lock do?', documents, top_n: 2 }
        const answer = await post(gateway, path, { ...body, return_documents: true })
        assert.equal(answer.status, 200)
        const told = (await answer.json()) as { id: string; results: object[] }
        assert.ok(told.id.length > 0)
        assert.deepEqual(told.results, [
          { index: 1, relevance_score: 0.9, document: { text: 'a lock raises boats' } },
          { index: 0, relevance_score: 0.1, document: { text: 'oars' } },
        ])
        assert.equal(upstream.seen.at(-1)?.path, '/v1/rerank')
        const bare = await post(gateway, path, body)
        assert.deepEqual(((await bare.json()) as { results: object[] }).results[0], {
          index: 1,
          relevance_score: 0.9,
        })
      }
    }
  })

  test('a place outside the request is no answer', async (t) => {
    const upstream = await startUpstream(t, (response) =>
      json(response, 200, { results: [{ index: 1, relevance_score: 1 }] }),
    )
    const gateway = await testGateway(t, cloudConfig(upstream.url))
    const answer = await post(gateway, '/v1/rerank', { model: 'm', query: 'q', documents: ['a'] })
    assert.deepEqual(
      [answer.status, (await refusedOf(answer)).code],
      [502, 'destination-malformed'],
    )
  })

  test("errors are in each path's own shape", async (t) => {
    const upstream = await startUpstream(t, (response) =>
      json(response, 422, { message: 'too many documents' }),
    )
    const gateway = await testGateway(t, cloudConfig(upstream.url))
    const wrong = { model: 'm', query: 'q', documents: [7] }
    assert.equal((await refusedOf(await post(gateway, '/v1/rerank', wrong))).param, 'documents.0')
    const cohere = (await (await post(gateway, '/v2/rerank', wrong)).json()) as object
    assert.deepEqual(Object.keys(cohere), ['id', 'message', 'code', 'param'])
    const said = await post(gateway, '/v2/rerank', { model: 'm', query: 'q', documents: ['a'] })
    assert.equal(said.status, 400)
    assert.equal(((await said.json()) as { message: string }).message, 'too many documents')
  })
})

describe('the moderations surface', () => {
  const verdict = { flagged: false, categories: { hate: false }, category_scores: { hate: 0.01 } }

  test('the official client gets the verdicts as they are', async (t) => {
    const answer = { id: 'modr-1', model: 'omni-moderation-latest', results: [verdict, verdict] }
    const upstream = await startUpstream(t, (response) => json(response, 200, answer))
    const gateway = await testGateway(t, cloudConfig(upstream.url))
    const client = new OpenAI({ baseURL: `${gateway.url}/v1`, apiKey: gateway.key, maxRetries: 0 })
    const got = await client.moderations.create({ model: 'm', input: ['one', 'two'] })
    assert.deepEqual(got.results, answer.results)
    assert.equal(upstream.seen[0]?.path, '/v1/moderations')
    // one verdict for two texts is none
    await assert.rejects(client.moderations.create({ model: 'm', input: 'one' }), {
      code: 'destination-malformed',
    })
  })

  test('where no destination has a moderation model the model is refused by name', async (t) => {
    const upstream = await startUpstream(t)
    const gateway = await testGateway(t, cloudConfig(upstream.url))
    const unnamed = await post(gateway, '/v1/moderations', { input: 'one' })
    assert.deepEqual([unnamed.status, (await refusedOf(unnamed)).param], [404, 'model'])
    const auto = await post(gateway, '/v1/moderations', { model: 'auto', input: 'one' })
    assert.deepEqual([auto.status, (await refusedOf(auto)).code], [400, 'unsupported-parameter'])
    assert.deepEqual(upstream.seen, [])
  })
})
