import type { JsonObject, JsonValue } from '#kernel/canonical-json.ts'
import type { AnswerEvent } from '../answer-event.ts'
import { isList, isObject } from '../json-body.ts'

/** A tool call of an answer, as its destination named it; its place in the list is our index. */
export interface SeenCall {
  readonly theirIndex: number | null
  readonly id: string | null
}

/** The tool calls of a delta or of a whole message, after those `seen`, to which new ones are added. */
export const toolCallEvents = (
  calls: JsonValue | undefined,
  seen: SeenCall[],
): readonly AnswerEvent[] =>
  isList(calls) ? calls.filter(isObject).flatMap((call) => eventsOf(call, seen)) : []

function eventsOf(call: JsonObject, seen: SeenCall[]): readonly AnswerEvent[] {
  const called = isObject(call['function']) ? call['function'] : {}
  const theirIndex = typeof call['index'] === 'number' ? call['index'] : null
  const id = nonEmpty(call['id'])
  const name = nonEmpty(called['name'])
  const piece = nonEmpty(called['arguments'])
  const known = placeOf({ theirIndex, id }, name, seen)
  const index = known === -1 ? seen.length : known
  const more: readonly AnswerEvent[] =
    piece === null ? [] : [{ kind: 'tool-arguments', index, piece }]
  if (known !== -1) return more
  seen.push({ theirIndex, id })
  return [{ kind: 'tool-call', index, id: id ?? `call_${index}`, name: name ?? '' }, ...more]
}

/** Which call a piece continues; -1 for a new one. Some number no call (Mistral), others every call 0 (bridges to Gemini). */
function placeOf(call: SeenCall, name: string | null, seen: readonly SeenCall[]): number {
  const { theirIndex, id } = call
  const place =
    theirIndex !== null
      ? seen.findLastIndex((other) => other.theirIndex === theirIndex)
      : id !== null
        ? seen.findLastIndex((other) => other.id === id)
        : name === null
          ? seen.length - 1
          : -1
  const isAnother = name !== null && id !== null && id !== (seen[place]?.id ?? id)
  return isAnother ? -1 : place
}

const nonEmpty = (value: JsonValue | undefined): string | null =>
  typeof value === 'string' && value !== '' ? value : null
