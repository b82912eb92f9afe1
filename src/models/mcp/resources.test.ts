import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Client } from '@modelcontextprotocol/client'
import {
  ListResourcesResultSchema,
  ListResourceTemplatesResultSchema,
  ReadResourceResultSchema,
} from '@modelcontextprotocol/core'
import { InMemoryTransport, Server, UriTemplate } from '@modelcontextprotocol/server'
import fc from 'fast-check'
import { z } from 'zod'
import { shippedCatalogue } from '../catalogue/family.ts'
import { NOTHING_IMPORTED } from '../openness-index/index-file.ts'
import { parseResourceUri, RESOURCE_KINDS, templateOf, uriOf } from './resource-uri.ts'
import { listResources, listResourceTemplates, readResource } from './resources.ts'

const Answer = z.looseObject({ name: z.string() })
const read = (uri: string): ReturnType<typeof readResource> => readResource(uri, NOTHING_IMPORTED)

test('every resource is listed once over the pages, as the protocol has it, and can be read', () => {
  const uris: string[] = []
  let cursor: string | undefined
  do {
    const page = listResources(cursor)
    assert.ok(page)
    const { resources, nextCursor } = ListResourcesResultSchema.parse(page)
    assert.equal(resources.length, page.resources.length)
    for (const { annotations, mimeType, title } of resources) {
      assert.match(annotations?.lastModified ?? '', /^\d{4}-\d{2}-\d{2}T/)
      assert.ok(mimeType && title)
    }
    uris.push(...resources.map(({ uri }) => uri))
    cursor = nextCursor
  } while (cursor !== undefined)
  assert.equal(new Set(uris).size, shippedCatalogue().families.length * RESOURCE_KINDS.length)
  assert.equal(uris.length, new Set(uris).size)
  for (const uri of uris) {
    const found = read(uri)
    assert.ok(found.ok, uri)
    const { contents } = ReadResourceResultSchema.parse(found.value)
    assert.equal(contents[0]?.uri, uri)
    assert.ok(contents[0] && 'text' in contents[0])
    Answer.parse(JSON.parse(contents[0].text))
  }
})

test('templates are those by which the URIs are made, for names with slashes too', () => {
  const { resourceTemplates } = ListResourceTemplatesResultSchema.parse(listResourceTemplates())
  assert.deepEqual(
    resourceTemplates.map(({ uriTemplate }) => uriTemplate),
    RESOURCE_KINDS.map(templateOf),
  )
  for (const name of ['smollm-3', 'HuggingFaceTB/SmolLM3-3B', 'é ü'])
    for (const kind of RESOURCE_KINDS) {
      assert.equal(new UriTemplate(templateOf(kind)).expand({ name }), uriOf(name, kind))
      assert.deepEqual(parseResourceUri(uriOf(name, kind)), { name, kind })
    }
})

test('what is no resource is told apart from what is not known, and nothing throws', () => {
  const codeOf = (uri: string): string | null => {
    const found = read(uri)
    return found.ok ? null : found.error
  }
  assert.equal(codeOf('ecluse://models/smollm-3/weights'), 'malformed')
  assert.equal(codeOf('file:///etc/passwd'), 'malformed')
  assert.equal(codeOf('ecluse://models/%zz/openness'), 'malformed')
  assert.equal(codeOf(`ecluse://models/${'a'.repeat(5_000)}/openness`), 'malformed')
  assert.equal(codeOf('ecluse://models/nobody-knows-it/provenance'), 'unknown')
  assert.equal(codeOf('ecluse://models/__proto__/licence'), 'unknown')
  assert.equal(listResources('AAAA'), null)
  assert.equal(listResources(Buffer.from('r999999').toString('base64url')), null)
  fc.assert(
    fc.property(fc.string(), fc.constantFrom(...RESOURCE_KINDS), (name, kind) => {
      const found = read(uriOf(name.toWellFormed(), kind))
      assert.ok(found.ok || ['malformed', 'unknown'].includes(found.error))
      assert.ok(listResources(name) === null || name !== '')
      read(name)
    }),
  )
})

test('the official client reads them from an official server that only hands them on', async () => {
  const server = new Server({ name: 'ecluse', version: '0' }, { capabilities: { resources: {} } })
  server.setRequestHandler('resources/list', ({ params }) => {
    const page = listResources(params?.cursor)
    assert.ok(page)
    return ListResourcesResultSchema.parse(page)
  })
  server.setRequestHandler('resources/templates/list', () =>
    ListResourceTemplatesResultSchema.parse(listResourceTemplates()),
  )
  server.setRequestHandler('resources/read', ({ params }) => {
    const found = read(params.uri)
    assert.ok(found.ok)
    return ReadResourceResultSchema.parse(found.value)
  })
  const client = new Client({ name: 'test', version: '0' })
  const [left, right] = InMemoryTransport.createLinkedPair()
  await Promise.all([server.connect(left), client.connect(right)])
  try {
    const { resources } = await client.listResources()
    assert.ok(resources.some(({ uri }) => uri === 'ecluse://models/llama-3/provenance'))
    const { resourceTemplates } = await client.listResourceTemplates()
    assert.equal(resourceTemplates.length, RESOURCE_KINDS.length)
    const { contents } = await client.readResource({
      uri: uriOf('swiss-ai/Apertus-8B-2509', 'provenance'),
    })
    const [first] = contents
    assert.ok(first && 'text' in first && typeof first.text === 'string')
    const { own } = z
      .looseObject({
        own: z.looseObject({
          answers: z.array(z.looseObject({ id: z.string(), answer: z.string().nullable() })),
        }),
      })
      .parse(JSON.parse(first.text))
    assert.equal(own.answers.find(({ id }) => id === 'public_summary')?.answer, 'published')
    assert.equal(own.answers.find(({ id }) => id === 'cutoff')?.answer, null)
  } finally {
    await client.close()
    await server.close()
  }
})
