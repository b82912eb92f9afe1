import type { JsonValue } from '#kernel/canonical-json.ts'
import type { Refusal } from '#kernel/refusal.ts'

/** A field that does not hold what this protocol has there. */
export const invalid = (param: string, expected: string): Refusal => ({
  code: 'invalid-value',
  param,
  detail: { expected },
})

const BASE64 = /^[A-Za-z0-9+/\r\n]+={0,2}[\r\n]*$/

/** Bare base64, as images travel in this protocol. */
export const isBase64 = (value: JsonValue): value is string =>
  typeof value === 'string' && BASE64.test(value)
