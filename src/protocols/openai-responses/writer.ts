import type { JsonObject } from '#kernel/canonical-json.ts'
import { NO_USAGE, type AnswerEvent, type FinishReason, type Usage } from '../answer-event.ts'
import type { AnswerWriter } from '../surface.ts'
import { callItem, type CallItem } from './call-item.ts'
import { messageItem, type MessageItem } from './message-item.ts'
import type { ItemPlace, OutputItem, ResponseEvent } from './output-item.ts'
import { reasoningItem, type ReasoningItem } from './reasoning-item.ts'
import {
  INCOMPLETE,
  responseObject,
  type ResponseError,
  type ResponseState,
} from './response-object.ts'

export interface ResponsesWriterOptions {
  /** Hexadecimal; every id of the answer is made of it. */
  readonly id: string
  readonly createdSeconds: number
  /** Shown where the destination does not name its model. */
  readonly model: string
  /** What every response repeats of its request. */
  readonly echo: JsonObject
  /** The caller asked for a summary of the thoughts. */
  readonly asSummary: boolean
  /** The caller asked for what lets the provider recognise its own thoughts. */
  readonly signature: boolean
}

/** A writer that can also tell a failure: the number and the object of that event depend on what was sent before. */
export interface ResponsesWriter extends AnswerWriter {
  /** The last frame of a stream that broke. */
  readonly failed: (error: ResponseError) => string
}

/** Writes answers as OpenAI Responses: numbered events, each item opened and closed once, whole objects at both ends. */
export function responsesWriter(options: ResponsesWriterOptions): ResponsesWriter {
  const answer = new ResponseInProgress(options)
  let number = 0
  const frames = (events: readonly ResponseEvent[]): string => {
    let out = ''
    for (const event of events) {
      // the number is put at the end of the text: a copy of every event would cost more than its JSON
      const json = JSON.stringify(event)
      out += `event: ${event.type}\ndata: ${json.slice(0, -1)},"sequence_number":${number}}\n\n`
      number += 1
    }
    return out
  }
  return {
    streamType: 'text/event-stream; charset=utf-8',
    step(events) {
      let out = ''
      for (const event of events) out += frames(answer.take(event))
      return out
    },
    end: () => frames(answer.end()),
    whole(events) {
      for (const event of events) answer.take(event)
      answer.end()
      return JSON.stringify(answer.shown())
    },
    failed: (error) => frames(answer.fail(error)),
  }
}

/** One answer as it is written. A class because it has a lifetime: from its first event to its one end. */
class ResponseInProgress {
  #state: ResponseState
  #isOpen = false
  #finish: FinishReason | null = null
  #usage: Usage = NO_USAGE
  /** Everything in `output`, and of it what is still open. */
  readonly #items: OutputItem[] = []
  #speaking: MessageItem | ReasoningItem | null = null
  readonly #calls = new Map<number, CallItem>()
  readonly #options: ResponsesWriterOptions

  constructor(options: ResponsesWriterOptions) {
    this.#options = options
    this.#state = {
      id: `resp_${options.id}`,
      createdSeconds: options.createdSeconds,
      model: options.model,
      status: 'in_progress',
      output: [],
      error: null,
      incomplete: null,
      usage: null,
    }
  }

  shown(): JsonObject {
    const output = this.#items.map((item) => item.shown())
    return responseObject(this.#options.echo, { ...this.#state, output })
  }

  take(event: AnswerEvent): readonly ResponseEvent[] {
    if (event.kind === 'usage') {
      this.#usage = event.usage
      return []
    }
    if (event.kind === 'start' && event.model !== '') {
      this.#state = { ...this.#state, model: event.model }
    }
    return this.#isOpen ? this.#said(event) : [...this.#open(), ...this.#said(event)]
  }

  /** The answer came to its end. */
  end(): readonly ResponseEvent[] {
    const events = [...this.#open(), ...this.#closeAll()]
    const incomplete = this.#incomplete()
    const status = incomplete ? 'incomplete' : 'completed'
    this.#state = { ...this.#state, status, incomplete, usage: this.#usage }
    return [...events, { type: `response.${status}`, response: this.shown() }]
  }

  /** The answer broke off: what was open stays as it is. */
  fail(error: ResponseError): readonly ResponseEvent[] {
    const first = this.#open()
    this.#state = { ...this.#state, status: 'failed', error, usage: this.#usage }
    return [...first, { type: 'response.failed', response: this.shown() }]
  }

  #said(event: AnswerEvent): readonly ResponseEvent[] {
    switch (event.kind) {
      case 'text':
      case 'refusal': {
        const [message, opened] = this.#message()
        return [...opened, ...message.add(event.kind, event.text)]
      }
      case 'reasoning': {
        const [thoughts, opened] = this.#reasoning()
        return [...opened, ...thoughts.add(event.text)]
      }
      case 'reasoning-signature': {
        // thoughts that the provider keeps to itself are a signature alone
        const [thoughts, opened] = this.#reasoning()
        thoughts.sign(event.signature)
        return opened
      }
      case 'tool-call': {
        const closed = [...this.#silence(), ...this.#closeWholeCalls()]
        const call = callItem(this.#place('fc'), { callId: event.id, name: event.name })
        this.#calls.set(event.index, call)
        return [...closed, ...this.#added(call)]
      }
      case 'tool-arguments':
        return this.#calls.get(event.index)?.add(event.piece) ?? []
      case 'finish':
        this.#finish = event.reason
        return this.#closeAll()
      case 'start':
      case 'usage':
        return []
    }
  }

  #message(): readonly [MessageItem, readonly ResponseEvent[]] {
    if (this.#speaking?.kind === 'message') return [this.#speaking, []]
    const closed = this.#silence()
    const message = messageItem(this.#place('msg'))
    this.#speaking = message
    return [message, [...closed, ...this.#added(message)]]
  }

  #reasoning(): readonly [ReasoningItem, readonly ResponseEvent[]] {
    if (this.#speaking?.kind === 'reasoning') return [this.#speaking, []]
    const closed = this.#silence()
    const thoughts = reasoningItem(this.#place('rs'), this.#options)
    this.#speaking = thoughts
    return [thoughts, [...closed, ...this.#added(thoughts)]]
  }

  #open(): readonly ResponseEvent[] {
    if (this.#isOpen) return []
    this.#isOpen = true
    const response = this.shown()
    return [
      { type: 'response.created', response },
      { type: 'response.in_progress', response },
    ]
  }

  #place(prefix: string): ItemPlace {
    const at = this.#items.length
    return { id: `${prefix}_${this.#options.id}${at.toString(16).padStart(4, '0')}`, at }
  }

  #added(item: OutputItem): readonly ResponseEvent[] {
    this.#items.push(item)
    return item.opened()
  }

  /** What is being said or thought ends where something else begins. */
  #silence(status: 'completed' | 'incomplete' = 'completed'): readonly ResponseEvent[] {
    const item = this.#speaking
    this.#speaking = null
    return item?.closed(status) ?? []
  }

  /** Calls may come interleaved: only those whose arguments are whole end before the answer does. */
  #closeWholeCalls(): readonly ResponseEvent[] {
    const whole = [...this.#calls].filter(([, call]) => call.isWhole())
    for (const [index] of whole) this.#calls.delete(index)
    return whole.flatMap(([, call]) => call.closed('completed'))
  }

  #closeAll(): readonly ResponseEvent[] {
    const status = this.#incomplete() ? 'incomplete' : 'completed'
    const calls = [...this.#calls.values()]
    this.#calls.clear()
    return [
      ...this.#silence(status),
      ...calls.flatMap((call) => call.closed(call.isWhole() ? 'completed' : status)),
    ]
  }

  #incomplete(): ResponseState['incomplete'] {
    return this.#finish === null ? null : INCOMPLETE[this.#finish]
  }
}
