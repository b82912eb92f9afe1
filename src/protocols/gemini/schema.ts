import type { JsonObject, JsonValue } from '#kernel/canonical-json.ts'
import { isList, isObject } from '../json-body.ts'
import { camelCase } from './fields.ts'

/** Keywords whose value is one schema, a list of schemas, or schemas by name. */
const ONE: ReadonlySet<string> = new Set(['items'])
const MANY: ReadonlySet<string> = new Set(['anyOf'])
const NAMED: ReadonlySet<string> = new Set(['properties', 'defs'])

/** Counts that the API writes as text, because they are 64 bits wide. */
const COUNTS: ReadonlySet<string> = new Set(
  'minItems maxItems minProperties maxProperties minLength maxLength'.split(' '),
)

/** Keywords of the API that JSON Schema does not have. */
const FOREIGN: ReadonlySet<string> = new Set(['nullable', 'propertyOrdering', 'example'])

/** A schema of the API (a subset of OpenAPI 3.0) as JSON Schema: types in small letters, `nullable` as a type. */
export function jsonSchemaOf(schema: JsonObject): JsonObject {
  const out: Record<string, JsonValue> = {}
  for (const [key, value] of Object.entries(schema)) {
    const name = camelCase(key)
    if (value === undefined || FOREIGN.has(name)) continue
    out[name] = valueOf(name, value)
  }
  if (schema['nullable'] !== true) return out
  const { type } = out
  if (typeof type === 'string') out['type'] = [type, 'null']
  if (isList(out['enum'])) out['enum'] = [...out['enum'], null]
  return out
}

function valueOf(name: string, value: JsonValue): JsonValue {
  if (name === 'type' && typeof value === 'string') return value.toLowerCase()
  if (COUNTS.has(name) && typeof value === 'string' && /^\d{1,15}$/.test(value)) {
    return Number(value)
  }
  if (ONE.has(name) && isObject(value)) return jsonSchemaOf(value)
  if (MANY.has(name) && isList(value)) {
    return value.map((one) => (isObject(one) ? jsonSchemaOf(one) : one))
  }
  if (NAMED.has(name) && isObject(value)) {
    return Object.fromEntries(
      Object.entries(value).map(([key, one]) => [key, isObject(one) ? jsonSchemaOf(one) : one]),
    )
  }
  return value
}
