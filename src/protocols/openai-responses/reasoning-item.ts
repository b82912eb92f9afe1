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

export interface ReasoningItem extends OutputItem {
  readonly kind: 'reasoning'
  add(piece: string): readonly ResponseEvent[]
  /** What lets the provider recognise its own thoughts; shown when the item ends. */
  sign(signature: string): void
}

/** The words of the two ways in which thoughts are shown. */
const TEXT = {
  added: 'response.content_part.added',
  delta: 'response.reasoning_text.delta',
  said: 'response.reasoning_text.done',
  done: 'response.content_part.done',
  part: 'reasoning_text',
  index: 'content_index',
} as const
const SUMMARY = {
  added: 'response.reasoning_summary_part.added',
  delta: 'response.reasoning_summary_text.delta',
  said: 'response.reasoning_summary_text.done',
  done: 'response.reasoning_summary_part.done',
  part: 'summary_text',
  index: 'summary_index',
} as const

/** What the model thought before it spoke: as it is, or in the place of a summary for callers who asked for one. */
export function reasoningItem(
  place: ItemPlace,
  shows: { readonly asSummary: boolean; readonly signature: boolean },
): ReasoningItem {
  const names = shows.asSummary ? SUMMARY : TEXT
  let text: string | null = null
  let signature: string | null = null
  let status: ItemStatus = 'in_progress'
  const where: JsonObject = { ...ofItem(place), [names.index]: 0 }
  const shown = (): JsonObject => {
    const parts = text === null ? [] : [{ type: names.part, text }]
    return {
      type: 'reasoning',
      id: place.id,
      summary: shows.asSummary ? parts : [],
      ...(shows.asSummary ? {} : { content: parts }),
      ...(shows.signature ? { encrypted_content: signature } : {}),
      status,
    }
  }
  return {
    kind: 'reasoning',
    opened: () => [itemAdded(place, shown())],
    add(piece) {
      const isFirst = text === null
      text = (text ?? '') + piece
      const added = { type: names.added, ...where, part: { type: names.part, text: '' } }
      return [...(isFirst ? [added] : []), { type: names.delta, ...where, delta: piece }]
    },
    sign(given) {
      signature = (signature ?? '') + given
    },
    closed(next) {
      status = next
      const said: readonly ResponseEvent[] =
        text === null
          ? []
          : [
              { type: names.said, ...where, text },
              { type: names.done, ...where, part: { type: names.part, text } },
            ]
      return [...said, itemDone(place, shown())]
    },
    shown,
  }
}
