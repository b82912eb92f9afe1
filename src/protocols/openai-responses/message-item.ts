import type { JsonObject } from '#kernel/canonical-json.ts'
import {
  itemAdded,
  itemDone,
  ofItem,
  type ItemPlace,
  type ItemStatus,
  type OutputItem,
  type ResponseEvent,
} from './output-item.ts'

interface Part {
  readonly kind: 'text' | 'refusal'
  text: string
}

export interface MessageItem extends OutputItem {
  readonly kind: 'message'
  add(kind: Part['kind'], piece: string): readonly ResponseEvent[]
}

/** What the assistant says: one part of text, one part of refusal, in the order in which they came. */
export function messageItem(place: ItemPlace): MessageItem {
  const parts: Part[] = []
  let status: ItemStatus = 'in_progress'
  const ofPart = (): JsonObject => ({ ...ofItem(place), content_index: parts.length - 1 })
  const shown = (): JsonObject => ({
    type: 'message',
    id: place.id,
    status,
    role: 'assistant',
    content: parts.map(partBody),
  })
  const partClosed = (): readonly ResponseEvent[] => {
    const part = parts.at(-1)
    if (!part) return []
    const said =
      part.kind === 'text'
        ? { type: 'response.output_text.done', ...ofPart(), text: part.text, logprobs: [] }
        : { type: 'response.refusal.done', ...ofPart(), refusal: part.text }
    return [said, { type: 'response.content_part.done', ...ofPart(), part: partBody(part) }]
  }
  return {
    kind: 'message',
    opened: () => [itemAdded(place, shown())],
    add(kind, piece) {
      const events: ResponseEvent[] = []
      let part = parts.at(-1)
      if (part?.kind !== kind) {
        events.push(...partClosed())
        part = { kind, text: '' }
        parts.push(part)
        events.push({ type: 'response.content_part.added', ...ofPart(), part: partBody(part) })
      }
      part.text += piece
      const delta =
        kind === 'text'
          ? { type: 'response.output_text.delta', ...ofPart(), delta: piece, logprobs: [] }
          : { type: 'response.refusal.delta', ...ofPart(), delta: piece }
      return [...events, delta]
    },
    closed(next) {
      status = next
      return [...partClosed(), itemDone(place, shown())]
    },
    shown,
  }
}

const partBody = ({ kind, text }: Part): JsonObject =>
  kind === 'text'
    ? { type: 'output_text', text, annotations: [], logprobs: [] }
    : { type: 'refusal', refusal: text }
