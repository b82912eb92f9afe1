import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { z } from 'zod'
import { starterModelDir } from '#models/starter/starter-model.fixture.ts'
import { startEngine } from './engine.fixture.ts'

const models = await starterModelDir()
const skip = 'skip' in models ? models.skip : false

const SCHEMAS = {
  person: z.strictObject({
    name: z.string().max(40),
    age: z.int().min(0).max(120),
    isAdult: z.boolean(),
    tags: z
      .array(z.enum(['calm', 'quick', 'kind']))
      .min(1)
      .max(3),
  }),
  nullable: z.strictObject({
    city: z.union([z.string().max(30), z.null()]),
    score: z.number(),
    note: z.string().max(20).optional(),
  }),
  shape: z.strictObject({
    item: z.discriminatedUnion('kind', [
      z.strictObject({ kind: z.literal('circle'), radius: z.int().min(0).max(9) }),
      z.strictObject({ kind: z.literal('square'), side: z.int().min(0).max(9) }),
    ]),
    when: z.iso.date(),
    id: z.string().length(5),
  }),
  list: z
    .array(z.strictObject({ 'a "quoted" key\n': z.boolean() }))
    .min(2)
    .max(2),
  choice: z.enum(['oui', 'non', 'peut-être "oui"']),
}

describe('structured answers of the starter model', { skip }, () => {
  let engine: Awaited<ReturnType<typeof startEngine>>
  before(async () => {
    assert.ok('dir' in models)
    engine = await startEngine({ modelsDir: models.dir, parallel: 2 })
  })
  after(() => engine.stop())

  const ask = async (format: object, fields: object = {}) => {
    const { text, status } = await engine.call('/v1/chat/completions', {
      model: 'smollm2',
      messages: [{ role: 'user', content: 'Describe Ada, 36, from Lyon, as JSON.' }],
      max_tokens: 300,
      response_format: format,
      ...fields,
    })
    return { status, body: JSON.parse(text) as Answer }
  }

  for (const [name, schema] of Object.entries(SCHEMAS)) {
    test(`an answer is valid JSON of its schema: ${name}`, async () => {
      const { $schema: _, ...plain } = z.toJSONSchema(schema)
      // without a pattern: only its format is promised
      const json = JSON.parse(
        JSON.stringify(plain, (key, value: unknown) => (key === 'pattern' ? undefined : value)),
      ) as object
      for (const fields of [{ temperature: 0 }, { temperature: 2, seed: 7 }, {}]) {
        const format = { type: 'json_schema', json_schema: { name, schema: json, strict: true } }
        const { status, body } = await ask(format, fields)
        assert.equal(status, 200, JSON.stringify(body))
        assert.equal(body.choices[0]?.finish_reason, 'stop')
        const content = body.choices[0]?.message.content ?? ''
        const read = schema.safeParse(JSON.parse(content))
        assert.ok(read.success, content)
      }
    })
  }

  test('json_object is an object', async () => {
    const { body } = await ask({ type: 'json_object' }, { temperature: 0 })
    const { message, finish_reason: finish } = body.choices[0] ?? { message: { content: '' } }
    if (finish === 'stop') assert.equal(typeof JSON.parse(message.content), 'object')
    assert.ok(message.content.startsWith('{'))
  })

  test('what no grammar promises is refused by its path', async () => {
    const schema = { type: 'object', properties: { code: { type: 'string', pattern: '^a+$' } } }
    const { status, body } = await ask({ type: 'json_schema', json_schema: { name: 'x', schema } })
    assert.equal(status, 400)
    assert.deepEqual(
      [body.error.code, body.error.param],
      ['unsupported-parameter', 'response_format.json_schema.schema.properties.code.pattern'],
    )
  })

  test('a schema that only refers to itself is refused', async () => {
    const schema = { $ref: '#/$defs/a', $defs: { a: { $ref: '#/$defs/a' } } }
    const { status, body } = await ask({ type: 'json_schema', json_schema: { name: 'x', schema } })
    assert.deepEqual([status, body.error.param], [400, 'response_format'])
  })
})

interface Answer {
  readonly choices: readonly {
    readonly finish_reason?: string
    readonly message: { readonly content: string }
  }[]
  readonly error: { readonly code: string; readonly param: string }
}
