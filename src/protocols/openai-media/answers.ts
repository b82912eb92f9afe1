import type { JsonValue } from '#kernel/canonical-json.ts'
import { NO_USAGE, type Usage } from '../answer-event.ts'
import { decodeUtf8, isList, isObject, parseJson } from '../json-body.ts'

/** A whole answer: the content type the caller gets, and what was counted. */
export interface MediaAnswer {
  readonly type: string
  readonly usage: Usage
}

/** Reads a whole answer of one kind; null when its bytes are no such answer. */
export type ReadMediaAnswer = (bytes: Uint8Array, contentType: string) => MediaAnswer | null

/** Pictures: a JSON object with a list of them. */
export const readPictures: ReadMediaAnswer = (bytes) => {
  const answer = jsonOf(bytes)
  if (!isObject(answer) || !isList(answer['data'])) return null
  return { type: 'application/json', usage: readMediaUsage(answer['usage']) }
}

/** A sound: bytes that say they are one. */
export const readSound: ReadMediaAnswer = (bytes, contentType) =>
  bytes.length > 0 && /^(?:audio\/|application\/octet-stream)/.test(contentType)
    ? { type: contentType, usage: NO_USAGE }
    : null

/** What was said, as JSON: the text is always there. */
export const readTranscript: ReadMediaAnswer = (bytes) => {
  const answer = jsonOf(bytes)
  if (!isObject(answer) || typeof answer['text'] !== 'string') return null
  return { type: 'application/json', usage: readMediaUsage(answer['usage']) }
}

/** Types in which subtitles and plain texts come; any other is told as plain text. */
const TEXT_TYPES = /^(?:text\/plain|text\/vtt|text\/srt|application\/x-subrip)(?:$|[ ;])/

/** What was said, as a text or as subtitles. */
export const readSubtitles: ReadMediaAnswer = (bytes, contentType) => {
  const text = decodeUtf8(bytes)
  // a page of a proxy is no transcript; whisper.cpp calls its texts HTML
  if (text === null || /^\s*<(?:!doctype|html|head|body)\b/i.test(text)) return null
  const usage = NO_USAGE
  if (contentType.startsWith('application/json')) {
    const answer = parseJson(text)
    const isText =
      typeof answer === 'string' || (isObject(answer) && typeof answer['text'] === 'string')
    return isText ? { type: 'application/json', usage } : null
  }
  return { type: TEXT_TYPES.test(contentType) ? contentType : 'text/plain; charset=utf-8', usage }
}

/** Tokens of an answer, in the words of either OpenAI surface; seconds of sound are no tokens. */
export function readMediaUsage(usage: JsonValue | undefined): Usage {
  if (!isObject(usage)) return NO_USAGE
  return {
    ...NO_USAGE,
    promptTokens: count(usage['input_tokens']) ?? count(usage['prompt_tokens']),
    completionTokens: count(usage['output_tokens']) ?? count(usage['completion_tokens']),
  }
}

const count = (value: JsonValue | undefined): number | null =>
  typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : null

function jsonOf(bytes: Uint8Array): JsonValue | undefined {
  const text = decodeUtf8(bytes)
  return text === null ? undefined : parseJson(text)
}
