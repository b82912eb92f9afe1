import type { JsonObject, JsonValue } from '#kernel/canonical-json.ts'
import type { Refusal } from '#kernel/refusal.ts'
import { err, ok, type Result } from '#kernel/result.ts'

const UTF8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/**
 * A request body as one JSON object, strictly: valid UTF-8, at most `depth` levels, every number kept exactly.
 * What is sent on is our own serialisation of this value, never the caller's bytes.
 */
export function parseJsonBody(bytes: Uint8Array, depth: number): Result<JsonObject, Refusal> {
  const text = decodeUtf8(bytes)
  if (text === null) return err({ code: 'invalid-utf8' })
  const value = parseJson(text)
  if (value === undefined) return err({ code: 'malformed-json' })
  if (!isObject(value)) return err({ code: 'malformed-json' })
  const problem = shapeProblem(value, depth)
  return problem ? err(problem) : ok(value)
}

/** The text, or null when the bytes are not UTF-8. */
export function decodeUtf8(bytes: Uint8Array): string | null {
  try {
    return UTF8.decode(bytes)
  } catch {
    return null
  }
}

/** The parsed value, or undefined when the text is not JSON. */
export function parseJson(text: string): JsonValue | undefined {
  try {
    return JSON.parse(text) as JsonValue // JSON.parse yields nothing else
  } catch {
    return undefined
  }
}

export const isObject = (value: JsonValue | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

export const isList = (value: JsonValue | undefined): value is readonly JsonValue[] =>
  Array.isArray(value)

function shapeProblem(root: JsonValue, depth: number): Refusal | null {
  const stack: { value: JsonValue; level: number }[] = [{ value: root, level: 1 }]
  for (let next = stack.pop(); next; next = stack.pop()) {
    const { value, level } = next
    if (typeof value === 'number' && !isExact(value)) return { code: 'unsafe-number' }
    if (typeof value !== 'object' || value === null) continue
    if (level > depth) return { code: 'too-deep', detail: { limit: depth } }
    for (const child of Object.values(value)) {
      if (typeof child === 'object' || typeof child === 'number') {
        stack.push({ value: child, level: level + 1 })
      }
    }
  }
  return null
}

const isExact = (value: number): boolean =>
  Number.isFinite(value) && (!Number.isInteger(value) || Number.isSafeInteger(value))
