import type { JsonObject } from '#kernel/canonical-json.ts'
import { NO_USAGE, type AnswerEvent, type FinishReason, type Usage } from '../answer-event.ts'
import type { AnswerWriter } from '../surface.ts'
import { usageBody } from './usage-body.ts'

/** Fills in what an answer of another dialect may lack. */
export interface ChatWriterOptions {
  /** The caller asked for the usage chunk. */
  readonly includeUsage: boolean
  readonly createdSeconds: number
  /** Used when the destination gives no id of its own. */
  readonly id: string
  /** Which of several answers it is; 0 when absent. */
  readonly index?: number
}

const REASONS: Readonly<Record<FinishReason, string>> = {
  stop: 'stop',
  'stop-sequence': 'stop',
  length: 'length',
  'context-full': 'length',
  'tool-calls': 'tool_calls',
  'content-filter': 'content_filter',
  // a pause has no word in this dialect: the answer is not complete
  pause: 'length',
}

/** Writes answers as OpenAI chat completions: one id and time per answer, the role in the first delta. */
export function chatWriter(options: ChatWriterOptions): AnswerWriter {
  let head = { id: options.id, created: options.createdSeconds, model: '' }
  const { index = 0 } = options
  let opened = false
  let usage: Usage = NO_USAGE
  const chunk = (fields: JsonObject): string => {
    const frame = {
      id: head.id,
      object: 'chat.completion.chunk',
      created: head.created,
      model: head.model,
      ...(options.includeUsage ? { usage: null } : {}),
      ...fields,
    }
    return `data: ${JSON.stringify(frame)}\n\n`
  }
  const choice = (delta: JsonObject, finish: string | null = null): string => {
    const role = opened ? {} : { role: 'assistant', content: '' }
    opened = true
    return chunk({
      choices: [{ index, delta: { ...role, ...delta }, logprobs: null, finish_reason: finish }],
    })
  }
  const note = (event: AnswerEvent): void => {
    if (event.kind === 'usage') usage = event.usage
    if (event.kind !== 'start') return
    head = {
      id: chatId(event.id, options.id),
      created: event.createdSeconds ?? options.createdSeconds,
      model: event.model,
    }
  }
  return {
    streamType: 'text/event-stream; charset=utf-8',
    step(events) {
      let out = ''
      for (const event of events) {
        note(event)
        if (event.kind === 'finish') out += choice({}, REASONS[event.reason])
        const delta = deltaOf(event)
        if (delta) out += choice(delta)
      }
      return out
    },
    end() {
      const last = options.includeUsage ? chunk({ choices: [], usage: usageBody(usage) }) : ''
      return `${last}data: [DONE]\n\n`
    },
    whole(events) {
      for (const event of events) note(event)
      return JSON.stringify({
        id: head.id,
        object: 'chat.completion',
        created: head.created,
        model: head.model,
        choices: [
          { index, message: messageOf(events), logprobs: null, finish_reason: finishOf(events) },
        ],
        usage: usageBody(usage),
      })
    },
  }
}

const chatId = (given: string, own: string): string => (given.startsWith('chatcmpl-') ? given : own)

function deltaOf(event: AnswerEvent): JsonObject | null {
  switch (event.kind) {
    case 'text':
      return { content: event.text }
    case 'reasoning':
      return { reasoning_content: event.text }
    case 'refusal':
      return { refusal: event.text }
    case 'tool-call':
      return {
        tool_calls: [
          {
            index: event.index,
            id: event.id,
            type: 'function',
            function: { name: event.name, arguments: '' },
          },
        ],
      }
    case 'tool-arguments':
      return { tool_calls: [{ index: event.index, function: { arguments: event.piece } }] }
    case 'start':
    case 'reasoning-signature':
    case 'finish':
    case 'usage':
      return null
  }
}

function messageOf(events: readonly AnswerEvent[]): JsonObject {
  const joined = (kind: 'text' | 'reasoning' | 'refusal'): string | null => {
    const texts = events.flatMap((event) => (event.kind === kind ? [event.text] : []))
    return texts.length > 0 ? texts.join('') : null
  }
  const calls = events.flatMap((event): JsonObject[] => {
    if (event.kind !== 'tool-call') return []
    const pieces = events.flatMap((other) =>
      other.kind === 'tool-arguments' && other.index === event.index ? [other.piece] : [],
    )
    return [
      {
        id: event.id,
        type: 'function',
        function: { name: event.name, arguments: pieces.join('') || '{}' },
      },
    ]
  })
  const reasoning = joined('reasoning')
  return {
    role: 'assistant',
    content: joined('text') ?? (calls.length > 0 ? null : ''),
    refusal: joined('refusal'),
    ...(reasoning === null ? {} : { reasoning_content: reasoning }),
    ...(calls.length > 0 ? { tool_calls: calls } : {}),
  }
}

function finishOf(events: readonly AnswerEvent[]): string {
  const finish = events.find((event) => event.kind === 'finish')
  return finish?.kind === 'finish' ? REASONS[finish.reason] : 'stop'
}
