import type { JsonValue } from '#kernel/canonical-json.ts'
import type { ContentPart } from '../conversation.ts'
import { isList } from '../json-body.ts'

/** First characters in base64 of the formats that models read; the protocol itself does not name the format. */
const HEADS: readonly (readonly [string, string])[] = [
  ['iVBORw0KGgo', 'image/png'],
  ['/9j/', 'image/jpeg'],
  ['R0lGOD', 'image/gif'],
  ['UklGR', 'image/webp'],
]

/** Images of a message or a prompt. */
export const imageParts = (images: JsonValue | undefined): readonly ContentPart[] =>
  (isList(images) ? images : [])
    .filter((data) => typeof data === 'string')
    .map((data) => {
      const known = HEADS.find(([head]) => data.startsWith(head))
      return { kind: 'image', mediaType: known?.[1] ?? null, data, url: null }
    })

/** A text as content, if there is any. */
export const textParts = (text: JsonValue | undefined): readonly ContentPart[] =>
  typeof text === 'string' && text !== '' ? [{ kind: 'text', text }] : []
