import type { JsonObject, JsonValue } from '#kernel/canonical-json.ts'
import type { TextPart } from '#kernel/text-part.ts'
import { isList, isObject } from '../json-body.ts'
import { camelCase, snakeCase } from './fields.ts'
import { inlineText } from './inline-text.ts'
import { GEMINI_ROLES } from './request.ts'

const words = (list: string): readonly string[] => list.split(' ')

/** Enumerated strings at these names carry no text of the caller when their value is one of the list. */
const ENUMERATED: Readonly<Record<string, ReadonlySet<string>>> = {
  role: new Set([...GEMINI_ROLES, 'system']),
  type: new Set(
    words(
      'STRING NUMBER INTEGER BOOLEAN ARRAY OBJECT NULL string number integer boolean array object null',
    ),
  ),
  mode: new Set(words('MODE_UNSPECIFIED AUTO ANY NONE VALIDATED')),
  mimeType: new Set(
    words(
      'text/plain text/markdown text/csv application/json application/pdf image/png image/jpeg image/webp image/heic image/heif image/gif',
    ),
  ),
  responseMimeType: new Set(words('text/plain application/json text/x.enum')),
  thinkingLevel: new Set(words('THINKING_LEVEL_UNSPECIFIED MINIMAL LOW MEDIUM HIGH')),
  category: new Set(
    words(
      'HARM_CATEGORY_UNSPECIFIED HARM_CATEGORY_HATE_SPEECH HARM_CATEGORY_SEXUALLY_EXPLICIT HARM_CATEGORY_HARASSMENT HARM_CATEGORY_DANGEROUS_CONTENT HARM_CATEGORY_CIVIC_INTEGRITY',
    ),
  ),
  threshold: new Set(
    words(
      'HARM_BLOCK_THRESHOLD_UNSPECIFIED BLOCK_LOW_AND_ABOVE BLOCK_MEDIUM_AND_ABOVE BLOCK_ONLY_HIGH BLOCK_NONE OFF',
    ),
  ),
}

/** Figures of `generationConfig` that mean a setting, and the range in which they can mean nothing else. */
const SETTINGS: Readonly<Record<string, readonly [number, number]>> = {
  temperature: [0, 2],
  topP: [0, 1],
  topK: [0, 10_000],
  candidateCount: [1, 8],
  maxOutputTokens: [0, 10_000_000],
  presencePenalty: [-2, 2],
  frequencyPenalty: [-2, 2],
  logprobs: [0, 20],
  seed: [-(2 ** 31), 2 ** 32],
  'thinkingConfig.thinkingBudget': [-1, 1_000_000],
}

/** Names of the protocol itself; any other key is text of the caller. */
const KNOWN_KEYS: ReadonlySet<string> = new Set(
  [
    ...Object.keys(ENUMERATED),
    ...Object.keys(SETTINGS),
    ...words(
      'contents parts text thought thoughtSignature inlineData data displayName fileData fileUri functionCall functionResponse id name args response output error executableCode language code codeExecutionResult outcome systemInstruction tools functionDeclarations description parameters parametersJsonSchema properties required items enum format nullable anyOf propertyOrdering additionalProperties toolConfig functionCallingConfig allowedFunctionNames generationConfig thinkingConfig thinkingBudget includeThoughts stopSequences responseSchema responseJsonSchema responseModalities responseLogprobs safetySettings cachedContent labels generateContentRequest model',
    ),
  ].flatMap((name) => [name, snakeCase(name)]),
)

/** Fields of a part that the walk below reads whole; anything else in a part cannot be read. */
const READABLE_FIELDS: ReadonlySet<string> = new Set(
  words(
    'text thought thoughtSignature functionCall functionResponse executableCode codeExecutionResult',
  ),
)

/** Where the protocol has parts; elsewhere `parts` is a name of the caller. */
const PART =
  /^(?:generateContentRequest\.)?(?:contents(?:\.\d+)?|systemInstruction)\.parts(?:\.\d+)?(?:\.functionResponse\.parts(?:\.\d+)?)?$/

/** Objects that other protocols carry as JSON text. */
const JSON_TEXT = /\.functionCall\.args$|\.functionResponse\.response$/

/** The name of content that is stored at the destination. */
const STORED = /^(?:generateContentRequest\.)?cachedContent$/

/**
 * Everything in a body that could carry text: every string, unknown key and stray number. Bytes, files, stored
 * content and unknown kinds of parts cannot be read.
 */
export function geminiTextParts(body: JsonObject): readonly TextPart[] {
  const parts: TextPart[] = []
  for (const [key, value] of Object.entries(body)) {
    walk(key, value, key, parts)
    if (!KNOWN_KEYS.has(key)) parts.push({ path: key, text: key, kind: 'key' })
  }
  return parts
}

function walk(name: string, value: JsonValue | undefined, path: string, parts: TextPart[]): void {
  if (typeof value === 'string') {
    if (!isEnumerated(name, value)) parts.push({ path, text: value, kind: 'text' })
    if (STORED.test(camelCase(path))) parts.push({ path, text: '', kind: 'unreadable' })
  } else if (typeof value === 'number') {
    if (!isSetting(path, value)) parts.push({ path, text: numberText(value), kind: 'number' })
  } else if (isList(value)) {
    for (const [index, item] of value.entries()) walk(name, item, `${path}.${index}`, parts)
  } else if (isObject(value)) {
    const place = camelCase(path)
    if (PART.test(place)) partBytes(value, path, parts)
    if (JSON_TEXT.test(place)) parts.push({ path, text: JSON.stringify(value), kind: 'text' })
    for (const [key, child] of Object.entries(value)) {
      walk(key, child, `${path}.${key}`, parts)
      if (!KNOWN_KEYS.has(key)) parts.push({ path: `${path}.${key}`, text: key, kind: 'key' })
    }
  }
}

/** What a part holds besides text: the text of a text file, or something that cannot be read. */
function partBytes(part: JsonObject, path: string, parts: TextPart[]): void {
  for (const [key, value] of Object.entries(part)) {
    const name = camelCase(key)
    if (READABLE_FIELDS.has(name)) continue
    const text = name === 'inlineData' && isObject(value) ? inlineText(value) : null
    parts.push(
      text === null
        ? { path, text: '', kind: 'unreadable' }
        : { path: `${path}.text`, text, kind: 'text' },
    )
  }
}

function isEnumerated(name: string, value: string): boolean {
  const camel = camelCase(name)
  return Object.hasOwn(ENUMERATED, camel) && ENUMERATED[camel]?.has(value) === true
}

/** Only where the protocol has the setting: elsewhere the same name belongs to the caller's own data. */
function isSetting(path: string, value: number): boolean {
  const [head, ...rest] = camelCase(path).split('.')
  const name = rest.join('.')
  if (head !== 'generationConfig' || !Object.hasOwn(SETTINGS, name)) return false
  const range = SETTINGS[name]
  return range !== undefined && value >= range[0] && value <= range[1]
}

/** Digits as the wire shows them, without an exponent for whole numbers. */
const numberText = (value: number): string =>
  Number.isSafeInteger(value) ? value.toFixed(0) : String(value)
