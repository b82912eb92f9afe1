import type { JsonValue } from '#kernel/canonical-json.ts'
import type { Refusal } from '#kernel/refusal.ts'

/** A field that is of the wrong kind. */
export const invalidValue = (param: string, expected: string): Refusal => ({
  code: 'invalid-value',
  param,
  detail: { expected },
})

/** A field that no destination of this gateway can honour. */
export const unsupported = (param: string): Refusal => ({ code: 'unsupported-parameter', param })

/** The value where it is a string, or null. */
export const textOf = (value: JsonValue | undefined): string | null =>
  typeof value === 'string' ? value : null

/** The value where it is a number, or null. */
export const numberOf = (value: JsonValue | undefined): number | null =>
  typeof value === 'number' ? value : null

/** The value where it is true or false, or null. */
export const flagOf = (value: JsonValue | undefined): boolean | null =>
  typeof value === 'boolean' ? value : null
