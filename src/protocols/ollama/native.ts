import type { JsonObject } from '#kernel/canonical-json.ts'
import { NO_USAGE, type Usage } from '../answer-event.ts'
import { decodeUtf8, isObject, parseJson } from '../json-body.ts'
import { NDJSON_START, ndjsonRest, ndjsonStep } from '../ndjson.ts'
import type { AnswerReader } from '../surface.ts'
import { readOllamaError } from './error-body.ts'
import { writtenIn } from '../written.ts'
import { OLLAMA_STREAM } from './stream-type.ts'
import { readOllamaUsage } from './usage.ts'

/** Same dialect on both sides: whole answers and whole lines pass as they are. */
export function ollamaNativeReader(): AnswerReader {
  let lines = NDJSON_START
  let usage: Usage = NO_USAGE
  let written = 0
  // held back until the destination has really ended, so that it never follows a broken stream
  let last: string | null = null
  const take = (text: string): 'more' | 'done' | 'broken' => {
    const line = answerLine(text)
    if (line === null) return 'broken'
    written += writtenIn(line)
    if (line['done'] !== true) return 'more'
    usage = readOllamaUsage(line) ?? NO_USAGE
    return 'done'
  }
  return {
    streamType: OLLAMA_STREAM,
    isStream: (contentType) => contentType.startsWith(OLLAMA_STREAM),
    whole(bytes) {
      const text = decodeUtf8(bytes)
      if (text === null || take(text) !== 'done') return null
      return { body: bytes, type: 'application/json; charset=utf-8' }
    },
    step(text) {
      const [next, whole] = ndjsonStep(lines, text)
      lines = next
      let out = ''
      for (const line of whole) {
        if (last !== null) break
        const kind = take(line)
        if (kind === 'broken') return { out, broken: true }
        if (kind === 'done') last = line
        else out += `${line}\n`
      }
      return { out, broken: lines.overlong && last === null }
    },
    close() {
      const rest = last === null ? ndjsonRest(lines) : null
      if (rest !== null && take(rest) === 'done') last = rest
      return last === null ? null : `${last}\n`
    },
    written: () => written,
    usage: () => usage,
    readError: readOllamaError,
  }
}

/** A line of an answer, or null when it is an error or something else. */
function answerLine(text: string): JsonObject | null {
  const line = parseJson(text)
  if (!isObject(line) || line['error'] !== undefined) return null
  return typeof line['done'] === 'boolean' ? line : null
}
