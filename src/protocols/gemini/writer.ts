import type { JsonObject } from '#kernel/canonical-json.ts'
import { NO_USAGE, type AnswerEvent, type FinishReason, type Usage } from '../answer-event.ts'
import { isObject, parseJson } from '../json-body.ts'
import type { AnswerWriter } from '../surface.ts'

/** Fills in what an answer of another dialect may lack. */
export interface GeminiWriterOptions {
  /** Used when the destination gives no id of its own. */
  readonly id: string
  /** The caller asked to see thoughts (`thinkingConfig.includeThoughts`). */
  readonly includeThoughts: boolean
}

const REASONS: Readonly<Record<FinishReason, string>> = {
  stop: 'STOP',
  'stop-sequence': 'STOP',
  length: 'MAX_TOKENS',
  'context-full': 'MAX_TOKENS',
  'tool-calls': 'STOP',
  'content-filter': 'SAFETY',
  // a pause has no word in this dialect: the answer is not complete
  pause: 'MAX_TOKENS',
}

const MALFORMED = 'The model wrote arguments of a function call that are not a JSON object.'

interface Call {
  readonly id: string
  readonly name: string
  arguments: string
}

/**
 * Writes answers as the Gemini API does. Arguments are objects there, so calls are held until the answer ends; the
 * finish reason comes in the very last frame, after the destination has really ended.
 */
export function geminiWriter(options: GeminiWriterOptions): AnswerWriter {
  const calls = new Map<number, Call>()
  let head: JsonObject = { responseId: options.id }
  let usage: Usage = NO_USAGE
  let reason: FinishReason = 'stop'

  const note = (event: AnswerEvent): void => {
    if (event.kind === 'start') {
      head = {
        ...(event.model === '' ? {} : { modelVersion: event.model }),
        responseId: event.id === '' ? options.id : event.id,
      }
    } else if (event.kind === 'usage') usage = event.usage
    else if (event.kind === 'finish') reason = event.reason
    else if (event.kind === 'tool-call') {
      calls.set(event.index, { id: event.id, name: event.name, arguments: '' })
    } else if (event.kind === 'tool-arguments') {
      const call = calls.get(event.index)
      if (call) call.arguments += event.piece
    }
  }
  /** The parts in the words of the wire: arguments are passed on as the model wrote them, digit by digit. */
  const answer = (parts: readonly string[], end: JsonObject, after: JsonObject): string => {
    const content = `{"parts":[${parts.join(',')}],"role":"model"}`
    const rest = JSON.stringify({ ...end, index: 0 }).slice(1)
    const tail = JSON.stringify({ ...after, ...head }).slice(1)
    return `{"candidates":[{"content":${content},${rest}],${tail}`
  }
  const last = (said: readonly string[]): string => {
    const written = [...calls.values()].map(callText)
    const isMalformed = written.includes(null)
    const end = isMalformed
      ? { finishReason: 'MALFORMED_FUNCTION_CALL', finishMessage: MALFORMED }
      : { finishReason: REASONS[reason] }
    const parts = [...said, ...written.filter((text) => text !== null)]
    const counts = usageBody(usage)
    return answer(parts, end, counts ? { usageMetadata: counts } : {})
  }
  const frame = (text: string): string => `data: ${text}\r\n\r\n`
  return {
    streamType: 'text/event-stream; charset=utf-8',
    step(events) {
      for (const event of events) note(event)
      const parts = partTexts(events, options.includeThoughts)
      return parts.length === 0 ? '' : frame(answer(parts, {}, {}))
    },
    end: () => frame(last([])),
    whole(events) {
      for (const event of events) note(event)
      return last(partTexts(events, options.includeThoughts))
    },
  }
}

/** What is shown as it comes; neighbouring pieces of one kind are one part. */
function partTexts(events: readonly AnswerEvent[], includeThoughts: boolean): readonly string[] {
  const parts: { text: string; thought: boolean; thoughtSignature?: string }[] = []
  for (const event of events) {
    const said = saidBy(event)
    if (!said || (said.thought && !includeThoughts)) continue
    const before = parts.at(-1)
    if (before?.thought === said.thought && before.thoughtSignature === undefined) {
      before.text += said.text
      if (said.thoughtSignature !== undefined) before.thoughtSignature = said.thoughtSignature
    } else parts.push({ ...said })
  }
  return parts.map(({ thought, ...part }) => JSON.stringify(thought ? { ...part, thought } : part))
}

function saidBy(
  event: AnswerEvent,
): { text: string; thought: boolean; thoughtSignature?: string } | null {
  switch (event.kind) {
    case 'text':
    case 'refusal':
      return { text: event.text, thought: false }
    case 'reasoning':
      return { text: event.text, thought: true }
    case 'reasoning-signature':
      return { text: '', thought: true, thoughtSignature: event.signature }
    case 'start':
    case 'tool-call':
    case 'tool-arguments':
    case 'finish':
    case 'usage':
      return null
  }
}

/** A call with its arguments, or null when they are not a JSON object. */
function callText(call: Call): string | null {
  const text = call.arguments.trim() || '{}'
  if (!isObject(parseJson(text))) return null
  const { id, name } = call
  // outside of strings line ends are white space; inside they cannot stand
  const args = text.replaceAll(/[\r\n]+/g, ' ')
  return `{"functionCall":{"id":${JSON.stringify(id)},"name":${JSON.stringify(name)},"args":${args}}}`
}

/** Thoughts are counted apart from the candidates; null where nothing was said. */
function usageBody(usage: Usage): JsonObject | null {
  const { promptTokens, completionTokens, cachedTokens, reasoningTokens } = usage
  if (promptTokens === null && completionTokens === null) return null
  const candidates = Math.max(0, (completionTokens ?? 0) - (reasoningTokens ?? 0))
  return {
    ...(promptTokens === null ? {} : { promptTokenCount: promptTokens }),
    ...(completionTokens === null ? {} : { candidatesTokenCount: candidates }),
    ...(promptTokens === null || completionTokens === null
      ? {}
      : { totalTokenCount: promptTokens + completionTokens }),
    ...(cachedTokens === null ? {} : { cachedContentTokenCount: cachedTokens }),
    ...(reasoningTokens === null ? {} : { thoughtsTokenCount: reasoningTokens }),
  }
}
