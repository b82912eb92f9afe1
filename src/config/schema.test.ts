import { deepEqual, equal, ok } from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { describe, test } from 'node:test'
import { everyMapping, knownKeys } from './known-keys.ts'
import { policyJsonSchema } from './policy-document.ts'
import { configJsonSchema } from './schema.ts'

describe('ecluse.schema.json', () => {
  test('is what the schema in code generates', () => {
    const path = new URL('../../ecluse.schema.json', import.meta.url)
    deepEqual(JSON.parse(readFileSync(path, 'utf8')), configJsonSchema())
  })

  test('stands beside that of a policy in a file of its own', () => {
    const path = new URL('../../ecluse-policy.schema.json', import.meta.url)
    deepEqual(JSON.parse(readFileSync(path, 'utf8')), policyJsonSchema())
  })

  test('accepts no unknown key anywhere and asks only for what has no default', () => {
    const text = JSON.stringify(configJsonSchema())
    const objects = text.split('"properties":').length - 1
    equal(text.split('"additionalProperties":false').length - 1, objects)
    equal('required' in configJsonSchema(), false)
  })
})

describe('knownKeys', () => {
  test('knows the keys of every mapping by its path', () => {
    ok(knownKeys([]).includes('destinations'))
    deepEqual(knownKeys(['destinations', 3, 'models', 0, 'price']), ['input', 'output'])
    deepEqual(knownKeys(['floor']), [])
    deepEqual(knownKeys(['no', 'such', 0]), [])
    equal(everyMapping().length, 53)
  })
})
