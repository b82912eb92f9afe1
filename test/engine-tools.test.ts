import assert from 'node:assert/strict'
import { symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { describe, test, type TestContext } from 'node:test'
import OpenAI from 'openai'
import { EMBEDDER, starterModelDir } from '#models/starter/starter-model.fixture.ts'
import { testGateway, testHome, type TestGateway } from './support/gateway.ts'
import { startUpstream, type Upstream } from './support/upstream.ts'

const chat = await starterModelDir()
const models = 'skip' in chat ? chat : await starterModelDir(undefined, EMBEDDER)
const skip = 'skip' in models ? models.skip : false

/** A gateway with the engine on board, both starter models, and a cheaper cloud. */
async function boardGateway(
  t: TestContext,
): Promise<{ gateway: TestGateway; upstream: Upstream; client: OpenAI }> {
  assert.ok('dir' in models)
  const upstream = await startUpstream(t)
  const home = testHome(t)
  symlinkSync(models.dir, join(home, 'models'))
  const gateway = await testGateway(
    t,
    `
discover: false
engine: {model: smollm2, context: 1024, parallel: 1, threads: 1}
destinations:
  - {id: cloud, dialect: openai, url: "${upstream.url}", key: "\${env:CLOUD_KEY}", zone: managed, jurisdiction: FR,
     clearance: {class: internal}, models: [{name: cloud-embed, upstream: text-embedding-x, price: {input: 0.1, output: 0.2}}]}
`,
    home,
  )
  const client = new OpenAI({ baseURL: `${gateway.url}/v1`, apiKey: gateway.key, maxRetries: 12 })
  // the store of models is read while the gateway already answers
  await client.chat.completions.create({
    model: 'smollm2',
    messages: [{ role: 'user', content: 'hi' }],
    max_tokens: 1,
  })
  return { gateway, upstream, client }
}

describe('the engine on board, through the gateway', { skip }, () => {
  test('sensitive text becomes vectors and structured answers without leaving the machine', async (t) => {
    const { upstream, client } = await boardGateway(t)
    const nir = ['1 85 05 78 006 084', '91'].join(' ')
    const input = `Le patient a le numéro de sécurité sociale ${nir}.`
    for (const model of ['auto', EMBEDDER]) {
      const { data, response } = await client.embeddings.create({ model, input }).withResponse()
      assert.equal(data.data[0]?.embedding.length, 384)
      assert.equal(response.headers.get('x-ecluse-destination'), 'embedded')
      assert.equal(response.headers.get('x-ecluse-class'), 'restricted')
    }
    const schema = {
      type: 'object',
      properties: { language: { type: 'string', enum: ['fr', 'en'] }, urgent: { type: 'boolean' } },
      required: ['language', 'urgent'],
      additionalProperties: false,
    }
    const answer = await client.chat.completions.create({
      model: 'smollm2',
      messages: [{ role: 'user', content: `Classify: ${input}` }],
      response_format: { type: 'json_schema', json_schema: { name: 'c', strict: true, schema } },
    })
    const read = JSON.parse(answer.choices[0]?.message.content ?? '') as Record<string, unknown>
    assert.deepEqual(Object.keys(read), ['language', 'urgent'])
    assert.ok(read['language'] === 'fr' || read['language'] === 'en')
    assert.equal(typeof read['urgent'], 'boolean')
    assert.deepEqual(upstream.seen, [])
  })

  test('what it cannot do is refused by name to the official client', async (t) => {
    const { client } = await boardGateway(t)
    const messages = [{ role: 'user' as const, content: 'hi' }]
    const tools = [{ type: 'function' as const, function: { name: 'f', parameters: {} } }]
    const refusals = [
      [() => client.chat.completions.create({ model: 'smollm2', messages, tools }), 'tools'],
      [() => client.embeddings.create({ model: EMBEDDER, input: [1, 2] }), 'input'],
      [
        () => client.embeddings.create({ model: EMBEDDER, input: 'a', dimensions: 8 }),
        'dimensions',
      ],
      [() => client.embeddings.create({ model: 'smollm2', input: 'a' }), 'model'],
    ] as const
    for (const [asked, param] of refusals)
      await assert.rejects(asked(), { status: 400, code: 'unsupported-parameter', param })
  })
})
