import type { JsonObject, JsonValue } from '#kernel/canonical-json.ts'
import { isList, isObject } from './json-body.ts'
import type { ChangeTextAt, Rewrite, SurfaceRequest } from './surface.ts'

/** How a request of one JSON body is made again with other texts. */
export const rewriteOf = (
  body: JsonObject,
  again: (body: JsonObject) => SurfaceRequest,
): Rewrite => ({
  opening: () => openingOf(body),
  withTexts: (change) => again(rewrittenBody(body, change, isProtocolText)),
})

/** What the first user's turn says; empty where a request has no turns. */
function openingOf(body: JsonObject): string {
  const turns = [body['messages'], body['input'], body['contents'], body['prompt']].find(
    (one) => one !== undefined && one !== null,
  )
  if (!isList(turns)) return saidIn(turns)
  const first = turns.find(
    (turn) => isObject(turn) && (turn['role'] === 'user' || turn['role'] === undefined),
  )
  return saidIn(isObject(first) ? (first['content'] ?? first['parts']) : (first ?? turns[0]))
}

/** The same however the text is wrapped: clients write their first turn in more than one way. */
function saidIn(value: JsonValue | undefined): string {
  if (typeof value === 'string') return value
  if (isList(value)) return value.map((one) => saidIn(one)).join('\n')
  return isObject(value) ? saidIn(value['text']) : ''
}

/**
 * The same body with other texts. Names, numbers and what `isFixed` says stay as they are: a text that a protocol takes
 * from a list, an id, an address. The path is that of `textParts`.
 */
export function rewrittenBody(
  body: JsonObject,
  change: ChangeTextAt,
  isFixed: (path: string) => boolean,
): JsonObject {
  const rewritten = (value: JsonValue, path: string): JsonValue => {
    if (typeof value === 'string') return isFixed(path) ? value : change(value, path)
    if (isList(value)) return value.map((item, index) => rewritten(item, `${path}.${index}`))
    return isObject(value) ? inObject(value, `${path}.`) : value
  }
  const inObject = (object: JsonObject, prefix: string): JsonObject => {
    const changed: [string, JsonValue | undefined][] = Object.entries(object).map(
      ([key, value]) => [
        key,
        value === undefined ? undefined : rewritten(value, `${prefix}${key}`),
      ],
    )
    return Object.fromEntries(changed)
  }
  return inObject(body, '')
}

/** Data of the caller: whatever its names are, they are not the protocol's. */
const FREE =
  /\.(?:input|args|response|arguments)\.|^metadata\.|(?:^|\.)(?:properties|default|example|examples|const)\./

/** Texts that mean something to a protocol, by their last name. */
const FIXED =
  /(?:^|\.)(?:role|type|id|name|object|tool_call_id|tool_use_id|call_id|file_id|url|image_url|file_url|file_data|file_uri|fileUri|data|media_type|mime_type|mimeType|signature|thought_signature|thoughtSignature|encrypted_content|status|detail|format|pattern|\$ref|mode|effort|verbosity|service_tier|encoding_format|tool_name|response_mime_type|responseMimeType|cachedContent|cached_content|keep_alive|model|truncation|truncate|ttl)$/

/** Lists of such texts, and what they hold. */
const FIXED_LISTS =
  /(?:^|\.)(?:required|include|modalities|responseModalities|response_modalities|allowedFunctionNames|allowed_function_names|images|propertyOrdering|rank_fields|prediction|safetySettings|safety_settings)(?:\.|$)/

/** Whether a text at this path belongs to the protocol: it cannot be another one. */
export const isProtocolText = (path: string): boolean => {
  if (path === 'tool_choice' || path === 'think' || path === 'reasoning_effort') return true
  const free = FREE.exec(path)
  const rest = free ? path.slice(free.index + free[0].length) : path
  // inside of data of the caller nothing is fixed; inside of a schema its words are
  if (free && !/(?:properties|default|example|examples|const)\.$/.test(free[0])) return false
  return FIXED.test(rest) || FIXED_LISTS.test(rest)
}
