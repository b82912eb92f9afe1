import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  ListResourcesResultSchema,
  ListResourceTemplatesResultSchema,
  ReadResourceResultSchema,
} from '@modelcontextprotocol/core'
import { z } from 'zod'
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
