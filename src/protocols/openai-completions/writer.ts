import type { JsonObject } from '#kernel/canonical-json.ts'
import { NO_USAGE, type AnswerEvent, type FinishReason, type Usage } from '../answer-event.ts'
import type { AnswerWriter } from '../surface.ts'
import { usageBody } from '../openai-chat/usage-body.ts'

export interface CompletionsWriterOptions {
  /** The caller asked for the usage chunk. */
  readonly includeUsage: boolean
  readonly createdSeconds: number
  readonly id: string
  /** Shown where the destination does not name its model. */
  readonly model: string
}

const REASONS: Readonly<Record<FinishReason, string>> = {
  stop: 'stop',
  'stop-sequence': 'stop',
  length: 'length',
  'context-full': 'length',
  'tool-calls': 'stop',
  'content-filter': 'content_filter',
  // a pause has no word in this dialect: the answer is not complete
  pause: 'length',
}

/** Writes answers as text completions. Thoughts have no place in them; what a model declines with is its text. */
export function completionsWriter(options: CompletionsWriterOptions): AnswerWriter {
  let { model } = options
  let usage: Usage = NO_USAGE
  const note = (event: AnswerEvent): void => {
    if (event.kind === 'usage') usage = event.usage
    if (event.kind === 'start' && event.model !== '') ({ model } = event)
  }
  const body = (fields: JsonObject): JsonObject => ({
    id: options.id,
    object: 'text_completion',
    created: options.createdSeconds,
    model,
    ...fields,
  })
  const chunk = (fields: JsonObject): string => {
    const unsaid = options.includeUsage ? { usage: null } : {}
    return `data: ${JSON.stringify(body({ ...unsaid, ...fields }))}\n\n`
  }
  return {
    streamType: 'text/event-stream; charset=utf-8',
    step(events) {
      let out = ''
      for (const event of events) {
        note(event)
        if (event.kind === 'finish') out += chunk(choice('', REASONS[event.reason]))
        else if (event.kind === 'text' || event.kind === 'refusal') {
          out += chunk(choice(event.text, null))
        }
      }
      return out
    },
    end() {
      const last = options.includeUsage ? chunk({ choices: [], usage: usageBody(usage) }) : ''
      return `${last}data: [DONE]\n\n`
    },
    whole(events) {
      for (const event of events) note(event)
      const texts = events.map((event) =>
        event.kind === 'text' || event.kind === 'refusal' ? event.text : '',
      )
      const finish = events.find((event) => event.kind === 'finish')
      const reason = finish?.kind === 'finish' ? REASONS[finish.reason] : 'stop'
      return JSON.stringify(body({ ...choice(texts.join(''), reason), usage: usageBody(usage) }))
    },
  }
}

const choice = (text: string, finish: string | null): JsonObject => ({
  choices: [{ text, index: 0, logprobs: null, finish_reason: finish }],
})
