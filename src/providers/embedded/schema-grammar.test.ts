import assert from 'node:assert/strict'
import { test } from 'node:test'
import { schemaGrammar } from './schema-grammar.ts'

const refusedAt = (schema: unknown): string | undefined => {
  const read = schemaGrammar(schema, 's')
  return read.ok ? undefined : read.error.param
}

test('what a grammar cannot promise is refused by its path', () => {
  const cases: readonly (readonly [unknown, string])[] = [
    [{ type: 'string', pattern: 'a' }, 's.pattern'],
    [{ type: 'string', format: 'email' }, 's.format'],
    [{ type: 'string', maxLength: 100_000 }, 's.maxLength'],
    [{ type: 'number', multipleOf: 2 }, 's.multipleOf'],
    [{ type: 'number', maximum: 2 }, 's.maximum'],
    [{ type: 'integer', minimum: 0, maximum: 5000 }, 's.maximum'],
    [{ type: 'array', uniqueItems: true }, 's.uniqueItems'],
    [{ type: 'array', items: { not: {} } }, 's.items.not'],
    [{ type: 'object', patternProperties: {} }, 's.patternProperties'],
    [{ type: 'object', properties: { a: { if: {} } } }, 's.properties.a.if'],
    [{ type: 'object', properties: { 'a b': { if: {} } } }, 's.properties.*.if'],
    [{ oneOf: [{ type: 'string' }, { type: 'string' }] }, 's.oneOf'],
    [{ allOf: [{ type: 'string' }, {}] }, 's.allOf'],
    [{ anyOf: [{ type: 'string' }], type: 'string' }, 's.type'],
    [{ $ref: '#/$defs/none' }, 's.$ref'],
    [{ $ref: 'https://a.test/s.json' }, 's.$ref'],
    [{ type: 'text' }, 's.type'],
    [{ enum: [] }, 's.enum'],
    [{ const: 'a', type: 'number' }, 's.const'],
    [false, 's'],
    [{ type: 'object', required: ['a'], additionalProperties: false }, 's.required'],
  ]
  for (const [schema, param] of cases) assert.equal(refusedAt(schema), param)
})

test('annotations, bounds that bind nothing and disjoint choices are not refused', () => {
  const safe = Number.MAX_SAFE_INTEGER
  for (const schema of [
    true,
    {},
    { title: 't', description: 'd', default: 1 },
    { type: 'integer', minimum: -safe, maximum: safe },
    { oneOf: [{ type: 'string' }, { type: 'null' }] },
    { allOf: [{ type: 'string' }] },
    { type: ['string', 'null'], maxLength: 5 },
    { $ref: '#/definitions/a', definitions: { a: { properties: { next: { $ref: '#' } } } } },
  ])
    assert.equal(refusedAt(schema), undefined, JSON.stringify(schema))
})

test('a hostile schema is bounded', () => {
  let deep: object = {}
  for (let level = 0; level < 1000; level++) deep = { type: 'array', items: deep }
  assert.match(refusedAt(deep) ?? '', /^s\.items/)
  const wide = Object.fromEntries(Array.from({ length: 5000 }, (_, n) => [`p${n}`, { enum: [n] }]))
  assert.equal(refusedAt({ type: 'object', properties: wide }), 's')
})
