import assert from 'node:assert/strict'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import {
  ListResourcesResultSchema,
  ListResourceTemplatesResultSchema,
  ReadResourceResultSchema,
} from '@modelcontextprotocol/core'
import { z } from 'zod'
import { OSAI_CRITERIA } from '../src/models/openness-index/index-file.ts'
import { importIndex } from '../src/models/openness-index/import-index.ts'
import { testGateway } from './support/gateway.ts'

const CONFIG = 'discover: false\nengine: {enabled: false}\n'
const Families = z.looseObject({
  families: z.array(
    z.looseObject({
      id: z.string(),
      developer: z.string(),
      grade: z.looseObject({ level: z.number() }),
      reason: z.strictObject({ en: z.string(), fr: z.string() }),
    }),
  ),
})
const Provenance = z.looseObject({
  own: z.looseObject({
    answers: z.array(z.looseObject({ id: z.string(), answer: z.string().nullable() })),
  }),
})
const Refused = z.looseObject({
  error: z.looseObject({ code: z.string(), param: z.string().nullable() }),
})

test('the catalogue, the provenance of a model and the resources of it are answered to whoever may read models', async (t) => {
  const gateway = await testGateway(t, CONFIG)
  const get = async (path: string): Promise<{ status: number; body: unknown }> => {
    const response = await fetch(`${gateway.url}${path}`, {
      headers: { authorization: `Bearer ${gateway.key}` },
    })
    return { status: response.status, body: await response.json() }
  }
  const { families } = Families.parse((await get('/api/catalogue?level=4&organisation=IBM')).body)
  assert.ok(families.length >= 4)
  for (const { developer, grade, reason } of families) {
    assert.deepEqual([developer, grade.level], ['IBM', 4])
    assert.match(reason.en, /data information/)
  }
  const hidden = Families.parse((await get('/api/catalogue?level=1')).body).families
  assert.ok(hidden.some(({ id }) => id === 'bloomberggpt'))

  const found = await get(
    `/api/models/${encodeURIComponent('HuggingFaceTB/SmolLM3-3B')}/provenance`,
  )
  const { own } = Provenance.parse(found.body)
  assert.equal(own.answers.find(({ id }) => id === 'public_summary')?.answer, 'published')
  assert.equal((await get('/api/models/nobody-knows-it/provenance')).status, 404)

  const { resources, nextCursor } = ListResourcesResultSchema.parse(
    (await get('/api/mcp/resources')).body,
  )
  const second = await get(`/api/mcp/resources?cursor=${nextCursor}`)
  assert.notEqual(ListResourcesResultSchema.parse(second.body).resources[0]?.uri, resources[0]?.uri)
  ListResourceTemplatesResultSchema.parse((await get('/api/mcp/resources/templates')).body)
  const uri = resources[0]?.uri ?? ''
  const { contents } = ReadResourceResultSchema.parse(
    (await get(`/api/mcp/resources/read?uri=${encodeURIComponent(uri)}`)).body,
  )
  assert.equal(contents[0]?.uri, uri)
  for (const [path, status, code, param] of [
    ['/api/mcp/resources?cursor=nonsense', 400, 'invalid-value', 'cursor'],
    ['/api/mcp/resources/read?uri=file:///etc/passwd', 400, 'invalid-value', 'uri'],
    ['/api/mcp/resources/read', 400, 'invalid-value', 'uri'],
    ['/api/mcp/resources/read?uri=ecluse://models/nobody/openness', 404, 'not-found', 'uri'],
    ['/api/catalogue?level=7', 400, 'invalid-value', 'level'],
  ] as const) {
    const refused = await get(path)
    const { error } = Refused.parse(refused.body)
    assert.deepEqual([refused.status, error.code, error.param], [status, code, param], path)
  }
})

/** A file of the European index on one model, everything closed. */
const indexFile = (name: string): string =>
  [
    `system: {name: ${name}, endmodelname: ${name}}`,
    'org: {name: OpenLLM-France}',
    ...OSAI_CRITERIA.map((one) => `${one}: {class: closed}`),
  ].join('\n')

test('an index that is imported under a running gateway counts from the next question on', async (t) => {
  const models = 'models: [{name: lucie, upstream: OpenLLM-France/Lucie-7B}, {name: brume}]'
  const gateway = await testGateway(
    t,
    `${CONFIG}destinations:\n  - {id: gpu, url: "http://127.0.0.1:9/v1", zone: on-prem, ${models}}\n`,
  )
  const get = async (path: string): Promise<unknown> => {
    const response = await fetch(`${gateway.url}/api/${path}`, {
      headers: { authorization: `Bearer ${gateway.key}` },
    })
    return response.json()
  }
  const Differs = z.looseObject({
    disagreements: z.array(z.object({ index: z.string(), component: z.string() })),
  })
  const Stack = z.object({
    components: z.array(
      z.looseObject({
        name: z.string(),
        openness: z.looseObject({ reasons: z.array(z.string()) }),
      }),
    ),
  })
  const uri = encodeURIComponent('ecluse://models/lucie/openness')
  const seen = async () => {
    const read = ReadResourceResultSchema.parse(await get(`mcp/resources/read?uri=${uri}`))
    const [content] = read.contents
    const text = content && 'text' in content ? content.text : ''
    const { families } = z
      .object({ families: z.array(z.looseObject({ id: z.string() })) })
      .parse(await get('catalogue?text=lucie'))
    const differs = [
      await get('catalogue/lucie'),
      families.find(({ id }) => id === 'lucie'),
      JSON.parse(text),
    ].map((row) =>
      Differs.parse(row).disagreements.some(({ component }) => component === 'weights'),
    )
    const { components } = Stack.parse(await get('stack'))
    const reasons = (of: string): readonly string[] =>
      components.find(({ name }) => name === of)?.openness.reasons ?? []
    return [
      ...differs,
      reasons('lucie').includes('osai-weights-closed'),
      reasons('brume').includes('listed-osai'),
      JSON.stringify(await get('catalogue/brume')).includes('"indexes"'),
    ]
  }
  assert.deepEqual(await seen(), Array(6).fill(false))
  const files = ['Lucie', 'Brume'].map(
    (name) => [name, join(gateway.home, `${name}.yaml`)] as const,
  )
  for (const [name, path] of files) await writeFile(path, indexFile(name))
  const to = join(gateway.home, 'openness-index.json')
  assert.equal(
    (
      await importIndex(
        files.map(([, path]) => path),
        to,
      )
    ).rows,
    2,
  )
  assert.deepEqual(await seen(), Array(6).fill(true))
})
