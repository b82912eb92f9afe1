import { err, ok, type Result } from '#kernel/result.ts'
import type { Refusal } from '#kernel/refusal.ts'
import { ANY_OBJECT, grammarText } from './json-grammar.ts'
import { schemaGrammar } from './schema-grammar.ts'

/** The grammar that a `response_format` asks for; null for free text. */
export function readResponseFormat(value: unknown): Result<string | null, Refusal> {
  if (value === undefined || value === null) return ok(null)
  if (typeof value !== 'object' || !('type' in value))
    return invalid('response_format', 'an object')
  if (value.type === 'text') return ok(null)
  if (value.type === 'json_object') return ok(ANY_OBJECT)
  if (value.type !== 'json_schema')
    return invalid('response_format.type', '`text`, `json_object` or `json_schema`')
  const format = 'json_schema' in value ? value.json_schema : undefined
  if (typeof format !== 'object' || format === null)
    return err({ code: 'missing-field', param: 'response_format.json_schema' })
  // no schema is no constraint but being JSON
  const schema = 'schema' in format ? format.schema : { type: 'object' }
  const grammar = schemaGrammar(schema, 'response_format.json_schema.schema')
  return grammar.ok ? ok(grammarText(grammar.value.root, grammar.value.rules)) : grammar
}

const invalid = (param: string, expected: string): Result<never, Refusal> =>
  err({ code: 'invalid-value', param, detail: { expected } })
