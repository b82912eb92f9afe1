import type { JsonObject } from '#kernel/canonical-json.ts'
import { NO_USAGE, type AnswerEvent, type Usage } from '../answer-event.ts'
import type { AnswerWriter } from '../surface.ts'
import { STOP_REASONS } from './stop-reason.ts'
import { frame } from './frame.ts'
import { openBlocks } from './open-blocks.ts'
import { usageBody } from './usage.ts'
import { wholeBlocks } from './whole-blocks.ts'

/** Writes answers as Anthropic messages; `id` is used when the destination gives none of this dialect. */
export function messagesWriter(id: string): AnswerWriter {
  const blocks = openBlocks()
  const told: Told = { id, model: '', usage: NO_USAGE, finish: null, calls: 0, refused: false }
  let opened = false
  const open = (): string => {
    if (opened) return ''
    opened = true
    const message = { ...messageHead(told), content: [], stop_reason: null, stop_sequence: null }
    return frame({
      type: 'message_start',
      message: { ...message, usage: usageBody(told.usage) },
    })
  }
  return {
    streamType: 'text/event-stream; charset=utf-8',
    step(events) {
      for (const event of events) note(event, told, id)
      const isBegun = opened || events.length > 0
      const head = isBegun ? open() : ''
      return head + events.map((event) => blocks.step(event)).join('')
    },
    end() {
      const closing = open() + blocks.end()
      const delta = { type: 'message_delta', delta: stopOf(told), usage: usageBody(told.usage) }
      return closing + frame(delta) + frame({ type: 'message_stop' })
    },
    whole(events) {
      for (const event of events) note(event, told, id)
      return JSON.stringify({
        ...messageHead(told),
        content: wholeBlocks(events),
        ...stopOf(told),
        usage: usageBody(told.usage),
      })
    },
  }
}

/** What the frame of an answer says besides its content. */
interface Told {
  id: string
  model: string
  usage: Usage
  finish: Extract<AnswerEvent, { kind: 'finish' }> | null
  calls: number
  refused: boolean
}

function note(event: AnswerEvent, told: Told, own: string): void {
  if (event.kind === 'usage') told.usage = event.usage
  else if (event.kind === 'finish') told.finish = event
  else if (event.kind === 'tool-call') told.calls += 1
  else if (event.kind === 'refusal') told.refused = true
  else if (event.kind === 'start') {
    told.id = event.id.startsWith('msg_') ? event.id : own
    told.model = event.model
  }
}

const messageHead = ({ id, model }: Told): JsonObject => ({
  id,
  type: 'message',
  role: 'assistant',
  model,
})

/**
 * Clients run tools when the reason is `tool_use` and there is a call. Servers that end an answer with calls by `stop`,
 * or one without any by `tool_calls`, mean that; a refusal in words is a refusal.
 */
function stopOf({ finish, calls, refused }: Told): JsonObject {
  const reason = finish?.reason ?? null
  const ended = reason === 'stop' || reason === 'tool-calls'
  const told = ended ? (refused ? 'content-filter' : calls > 0 ? 'tool-calls' : 'stop') : reason
  return {
    stop_reason: told === null ? null : STOP_REASONS[told],
    stop_sequence: finish?.stopSequence ?? null,
  }
}
