import type { JsonObject } from '#kernel/canonical-json.ts'
import type { Milliseconds } from '#kernel/units.ts'
import { NO_USAGE, type AnswerEvent, type FinishReason, type Usage } from '../answer-event.ts'
import type { AnswerWriter } from '../surface.ts'
import { OLLAMA_STREAM } from './stream-type.ts'
import { WrittenCalls } from './written-calls.ts'

/** Fills in what an answer of another dialect may lack. */
export interface OllamaWriterOptions {
  /** Chat answers have a `message`, generate answers a `response`. */
  readonly shape: 'chat' | 'generate'
  readonly createdSeconds: number
  /** A clock that never goes back; durations are counted from when the writer was made. */
  readonly elapsed: () => Milliseconds
}

const REASONS: Readonly<Record<FinishReason, string>> = {
  stop: 'stop',
  'stop-sequence': 'stop',
  length: 'length',
  'context-full': 'length',
  'tool-calls': 'stop',
  // this protocol has no word for it; its clients take any
  'content-filter': 'content_filter',
  // a pause has no word in this dialect: the answer is not complete
  pause: 'length',
}

/** Writes answers as Ollama's NDJSON; tool calls come whole, once their arguments are. */
export function ollamaWriter(options: OllamaWriterOptions): AnswerWriter {
  const watch = stopwatch(options.elapsed)
  const calls = new WrittenCalls()
  let head = { model: '', created_at: timestamp(options.createdSeconds) }
  let usage: Usage = NO_USAGE
  let reason: FinishReason = 'stop'
  const note = (event: AnswerEvent): void => {
    if (event.kind === 'usage') usage = event.usage
    if (event.kind === 'finish') reason = event.reason
    if (event.kind === 'start') {
      const created_at = timestamp(event.createdSeconds ?? options.createdSeconds)
      head = { model: event.model, created_at }
    }
    calls.take(event)
  }
  const line = (said: Said): string =>
    `${JSON.stringify({ ...head, ...shaped(options.shape, said), done: false })}\n`
  const last = (said: Said): string =>
    JSON.stringify({
      ...head,
      ...shaped(options.shape, said),
      done: true,
      done_reason: REASONS[reason],
      ...figures(usage, watch.read()),
    })
  const flushCalls = (): string => {
    const { text, calls: whole } = calls.flush()
    return (
      (text === '' ? '' : line({ text })) +
      (whole.length === 0 ? '' : line({ text: '', calls: whole }))
    )
  }
  return {
    streamType: OLLAMA_STREAM,
    step(events) {
      let out = ''
      for (const event of events) {
        note(event)
        const said = saidIn(event)
        if (said) out += line(said)
        if (event.kind === 'finish') out += flushCalls()
        if (out !== '') watch.firstPiece()
      }
      return out
    },
    end: () => `${flushCalls()}${last({ text: '' })}\n`,
    whole(events) {
      for (const event of events) note(event)
      const said = events.map(saidIn).filter((one) => one !== null)
      const { text, calls: whole } = calls.flush()
      return last({
        text: said.map((one) => one.text).join('') + text,
        thinking: said.map((one) => one.thinking ?? '').join(''),
        calls: whole,
      })
    },
  }
}

interface Said {
  readonly text: string
  readonly thinking?: string
  readonly calls?: readonly JsonObject[]
}

function saidIn(event: AnswerEvent): Said | null {
  if (event.kind === 'reasoning') return { text: '', thinking: event.text }
  // a refusal is told in words: this protocol has no field for it
  return event.kind === 'text' || event.kind === 'refusal' ? { text: event.text } : null
}

function shaped(shape: OllamaWriterOptions['shape'], { text, thinking, calls }: Said): JsonObject {
  const also = {
    ...(thinking ? { thinking } : {}),
    ...(calls && calls.length > 0 ? { tool_calls: calls } : {}),
  }
  return shape === 'chat'
    ? { message: { role: 'assistant', content: text, ...also } }
    : { response: text, ...also }
}

const timestamp = (seconds: number): string => new Date(seconds * 1000).toISOString()

interface Times {
  readonly total: Milliseconds
  /** Until the first piece; null for a whole answer, where it cannot be told. */
  readonly first: Milliseconds | null
}

function stopwatch(elapsed: () => Milliseconds): { firstPiece(): void; read(): Times } {
  const start = elapsed()
  let first: Milliseconds | null = null
  return {
    firstPiece: () => {
      first ??= elapsed() - start
    },
    read: () => ({ total: elapsed() - start, first }),
  }
}

/** Durations in nanoseconds as seen from here; counts that the destination did not give are left out, never 0. */
function figures(usage: Usage, { total, first }: Times): JsonObject {
  const { promptTokens, completionTokens } = usage
  return {
    total_duration: nanoseconds(total),
    load_duration: 0,
    ...(promptTokens === null ? {} : { prompt_eval_count: promptTokens }),
    prompt_eval_duration: nanoseconds(first ?? 0),
    ...(completionTokens === null ? {} : { eval_count: completionTokens }),
    eval_duration: nanoseconds(total - (first ?? 0)),
  }
}

const nanoseconds = (milliseconds: Milliseconds): number => Math.round(milliseconds * 1e6)
