import type { JsonObject } from '#kernel/canonical-json.ts'
import type { Quirks } from '#kernel/destination.ts'
import type { Refusal } from '#kernel/refusal.ts'
import { err, ok, type Result } from '#kernel/result.ts'
import { isList, isObject } from '../json-body.ts'

/** A chat body in the words of one server, and what had to be left out. */
export interface Worded {
  readonly body: JsonObject
  readonly dropped: readonly string[]
}

/** Says a chat body as one server wants it. What it would refuse or silently ignore is refused here, by name. */
export function wordedFor(body: JsonObject, quirks: Quirks): Result<Worded, Refusal> {
  const refused = quirks.refuse?.find((name) => isSaid(body, name))
  if (refused !== undefined) return err({ code: 'unsupported-parameter', param: refused })
  if (quirks.oneChoice && typeof body['n'] === 'number' && body['n'] !== 1) {
    return err({ code: 'unsupported-parameter', param: 'n' })
  }
  const dropped: string[] = []
  const worded: Record<string, JsonObject[string]> = {}
  for (const [name, value] of Object.entries(body)) {
    // nothing is lost by that one, so it is not reported
    if (name === 'stream_options' && quirks.usageUnasked) continue
    if (quirks.drop?.includes(name)) dropped.push(name)
    else worded[quirks.rename?.[name] ?? name] = value
  }
  const { messages } = body
  if (quirks.dropFromMessages && isList(messages)) {
    worded['messages'] = messages.map((message) => {
      if (!isObject(message)) return message
      const kept = Object.entries(message).filter(
        ([name]) => !quirks.dropFromMessages?.includes(name),
      )
      if (kept.length < Object.keys(message).length) dropped.push('messages')
      return Object.fromEntries(kept)
    })
  }
  return ok({ body: worded, dropped: [...new Set(dropped)] })
}

const isSaid = (body: JsonObject, name: string): boolean =>
  body[name] !== undefined && body[name] !== null && body[name] !== false
