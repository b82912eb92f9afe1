import type { TextPart } from '#kernel/text-part.ts'
import { decodeUtf8 } from '../json-body.ts'
import type { FormField, FormFile, FormPart } from '../multipart/form-part.ts'
import { isOpaqueDataUrl } from '../openai-embeddings/body-parts.ts'

/** Names of the protocol; any other name is text of the caller. `[]` and `[0]` after a name make a list. */
const KNOWN_NAMES: ReadonlySet<string> = new Set(
  'file model prompt language languages keywords response_format temperature stream include chunking_strategy timestamp_granularities known_speaker_names known_speaker_references image mask markup n size quality style background moderation output_format output_compression partial_images input_fidelity user'.split(
    ' ',
  ),
)

/** Values that can mean nothing but a setting, for a name that stands in the form once. */
const SETTINGS: Readonly<Record<string, RegExp>> = {
  response_format: /^(?:json|text|srt|vtt|verbose_json|diarized_json|url|b64_json)$/,
  temperature: /^(?:0(?:\.\d{1,2})?|1(?:\.0)?)$/,
  stream: /^(?:true|false)$/i,
  n: /^(?:[1-9]|10)$/,
  size: /^(?:auto|\d{3,4}x\d{3,4})$/,
  quality: /^(?:auto|standard|hd|low|medium|high)$/,
  output_compression: /^(?:\d{1,2}|100)$/,
  partial_images: /^[0-3]$/,
}

/** Media types whose bytes are text. Pictures never are (one of SVG can hold another one), nor is rich text, which escapes its letters. */
const TEXT_TYPES =
  /^(?:text\/(?!rtf|richtext|enriched).+|application\/(?:json|jsonl|x-ndjson|xml|yaml|x-yaml|x-subrip|ttml\+xml|.+\+json))$/

/** Everything in a form that could carry text; a file that cannot be read here makes the request undetermined. `model` is left out: the destination gets its own name for it. */
export function formTexts(form: readonly FormPart[]): readonly TextPart[] {
  const seen = new Map<string, number>()
  for (const { name } of form) seen.set(name, (seen.get(name) ?? 0) + 1)
  return form.flatMap((part) => {
    const { name } = part
    const isKnown = KNOWN_NAMES.has(name.replace(/\[\d{0,3}\]$/, ''))
    const key: readonly TextPart[] = isKnown ? [] : [{ path: name, text: name, kind: 'key' }]
    const isSetting = part.kind === 'field' && seen.get(name) === 1 && meansSetting(part)
    if (isSetting || (part.kind === 'field' && name === 'model')) return key
    return [...(part.kind === 'field' ? fieldTexts(part) : fileTexts(part)), ...key]
  })
}

const meansSetting = ({ name, value }: FormField): boolean =>
  Object.hasOwn(SETTINGS, name) && SETTINGS[name]?.test(value) === true

function fieldTexts({ name, value }: FormField): readonly TextPart[] {
  const text: TextPart = { path: name, text: value, kind: 'text' }
  return isOpaqueDataUrl(value) ? [text, { path: name, text: '', kind: 'unreadable' }] : [text]
}

/** The name of a file and its media type are the caller's own words too. */
function fileTexts(file: FormFile): readonly TextPart[] {
  const { name, fileName, type } = file
  const texts: TextPart[] = [{ path: `${name}.type`, text: type, kind: 'text' }]
  if (fileName !== null) texts.push({ path: `${name}.filename`, text: fileName, kind: 'text' })
  const content = readableText(file)
  const path = `${name}.content`
  texts.push(
    content === null
      ? { path, text: '', kind: 'unreadable' }
      : { path, text: content, kind: 'text' },
  )
  return texts
}

/** The text of a file, where every reader would read the same one: UTF-8, and not something else under its name. */
function readableText({ type, charset, bytes }: FormFile): string | null {
  const isUtf8 = charset === null || charset === 'utf-8' || charset === 'us-ascii'
  if (!isUtf8 || !TEXT_TYPES.test(type)) return null
  const text = decodeUtf8(bytes)
  return text === null || text.includes('\0') ? null : text
}
