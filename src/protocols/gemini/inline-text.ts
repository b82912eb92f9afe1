import type { JsonObject } from '#kernel/canonical-json.ts'
import { decodeUtf8 } from '../json-body.ts'
import { camelCase, textField } from './fields.ts'

/** Types whose bytes are the text itself. */
const TEXT_TYPES: ReadonlySet<string> = new Set(['text/plain', 'text/markdown', 'text/csv'])

/** The text of an `inlineData` that is plain text, or null when the bytes cannot be read as such. */
export function inlineText(inline: JsonObject): string | null {
  const names = Object.keys(inline).map(camelCase).toSorted().join(' ')
  const data = textField(inline, 'data')
  if (names !== 'data mimeType' || data === null) return null
  if (!TEXT_TYPES.has(textField(inline, 'mimeType') ?? '')) return null
  const bytes = Buffer.from(data, 'base64')
  // only the one canonical spelling: what we decode is what the destination decodes
  return bytes.toString('base64') === data ? decodeUtf8(bytes) : null
}
