import type { IncomingMessage } from 'node:http'
import { err, ok, type Result } from '#kernel/result.ts'
import type { Refusal } from '#kernel/refusal.ts'

/** More text than any context of the engine can hold, bytes. */
const MAX_BODY_BYTES = 8 * 1024 * 1024

/** Reads a JSON body, bounded. Rejects when the caller leaves in the middle. */
export async function readJson(request: IncomingMessage): Promise<Result<unknown, Refusal>> {
  const parts: Buffer[] = []
  let length = 0
  for await (const part of request) {
    if (!(part instanceof Buffer)) throw new TypeError('the body must be bytes')
    length += part.length
    if (length > MAX_BODY_BYTES) {
      return err({ code: 'body-too-large', detail: { limit: MAX_BODY_BYTES } })
    }
    parts.push(part)
  }
  let text: string
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(Buffer.concat(parts))
  } catch {
    return err({ code: 'invalid-utf8' })
  }
  try {
    const value: unknown = JSON.parse(text)
    return ok(value)
  } catch {
    return err({ code: 'malformed-json' })
  }
}
