import type { JsonObject } from '#kernel/canonical-json.ts'
import type { Refusal } from '#kernel/refusal.ts'
import { NO_USAGE, type AnswerEvent, type Usage } from '../answer-event.ts'
import type { AnswerFilter, Filtered } from '../answer-filter.ts'
import type { DialectAnswer } from '../dialect.ts'
import { decodeUtf8, isList, isObject, parseJson } from '../json-body.ts'
import { sseStep, SSE_START } from '../sse.ts'
import type { AnswerReader, AnswerWriter } from '../surface.ts'
import { writtenInEvents } from '../written.ts'
import { hasUsage, readUsage } from './answer.ts'
import { isBrokenFrame } from './broken.ts'
import { chatAnswer } from './events.ts'
import { readOpenAiError } from './read-error.ts'

/** One of several answers on its way. */
interface Lane {
  readonly answer: DialectAnswer
  readonly filter: AnswerFilter
  readonly writer: AnswerWriter
  isOpen: boolean
}

/**
 * Reads several answers at once (`n`), each through a filter of its own, and writes them in the order their pieces came.
 * What stops one of them stops all.
 */
export function choicesReader(
  filters: readonly AnswerFilter[],
  newWriter: (index: number) => AnswerWriter,
): AnswerReader {
  return new ChoicesReader(
    filters.map((filter, index) => ({
      answer: chatAnswer(),
      filter,
      writer: newWriter(index),
      isOpen: false,
    })),
  )
}

class ChoicesReader implements AnswerReader {
  readonly streamType = 'text/event-stream; charset=utf-8'
  readonly readError = readOpenAiError
  readonly #lanes: readonly Lane[]
  #sse = SSE_START
  #isDone = false
  #usage: Usage = NO_USAGE
  #written = 0
  #stopped: Refusal | null = null

  constructor(lanes: readonly Lane[]) {
    this.#lanes = lanes
  }

  isStream = (contentType: string): boolean => contentType.startsWith('text/event-stream')
  stopped = (): Refusal | null => this.#stopped
  usage = (): Usage => this.#usage
  written = (): number => this.#written

  whole(bytes: Uint8Array): ReturnType<AnswerReader['whole']> {
    const text = decodeUtf8(bytes)
    const answer = text === null ? undefined : parseJson(text)
    if (!isObject(answer) || !isList(answer['choices'])) return null
    this.#usage = readUsage(answer)
    const bodies: JsonObject[] = []
    for (const choice of answer['choices']) {
      const lane = this.#open(choice)
      const one = Buffer.from(JSON.stringify({ ...answer, choices: [choice] }))
      const events = lane?.answer.whole(one)
      if (!lane || !events) return null
      const shown = [...this.#through(lane, events), ...this.#passed(lane.filter.end())]
      const body = parseJson(lane.writer.whole(shown))
      if (isObject(body)) bodies.push(body)
    }
    const [first] = bodies
    if (!first || this.#stopped) return null
    const choices = bodies.flatMap((body) => (isList(body['choices']) ? body['choices'] : []))
    const whole = JSON.stringify({ ...first, choices })
    return { body: Buffer.from(whole), type: 'application/json' }
  }

  step(text: string): { readonly out: string; readonly broken: boolean } {
    const [next, frames] = sseStep(this.#sse, text)
    this.#sse = next
    let out = ''
    for (const frame of frames) {
      if (this.#isDone) break
      if (frame.data === '[DONE]') {
        this.#isDone = true
        continue
      }
      const chunk = parseJson(frame.data)
      if (!isObject(chunk) || isBrokenFrame(chunk, frame)) return { out, broken: true }
      if (hasUsage(chunk)) this.#usage = readUsage(chunk)
      const { usage: _, choices, ...rest } = chunk
      for (const choice of isList(choices) ? choices : []) {
        const lane = this.#laneOf(choice)
        if (!lane) return { out, broken: true }
        lane.isOpen = true
        const one = `data: ${JSON.stringify({ ...rest, choices: [choice] })}\n\n`
        const { events, broken } = lane.answer.step(one)
        out += lane.writer.step(this.#through(lane, events))
        if (broken || this.#stopped) return { out, broken: true }
      }
    }
    return { out, broken: false }
  }

  close(): string | null {
    const open = this.#lanes.filter(({ isOpen }) => isOpen)
    const [first] = open
    if (!first) return null
    let out = ''
    for (const lane of open) {
      const { events, complete } = lane.answer.close()
      if (!complete) return null
      const shown = [...this.#through(lane, events), ...this.#passed(lane.filter.end())]
      if (this.#stopped) return null
      out += lane.writer.step(shown)
    }
    return out + first.writer.step([{ kind: 'usage', usage: this.#usage }]) + first.writer.end()
  }

  #through(lane: Lane, events: readonly AnswerEvent[]): readonly AnswerEvent[] {
    this.#written += writtenInEvents(events)
    return this.#passed(lane.filter.step(events))
  }

  #passed({ events, stopped }: Filtered): readonly AnswerEvent[] {
    this.#stopped ??= stopped
    return events
  }

  #laneOf(choice: unknown): Lane | null {
    if (typeof choice !== 'object' || choice === null) return null
    const index: unknown = 'index' in choice ? choice.index : 0
    return (typeof index === 'number' && this.#lanes[index]) || null
  }

  /** Of a whole answer every choice comes once. */
  #open(choice: unknown): Lane | null {
    const lane = this.#laneOf(choice)
    if (!lane || lane.isOpen) return null
    lane.isOpen = true
    return lane
  }
}
