import type { JsonObject } from '#kernel/canonical-json.ts'

export type ItemStatus = 'in_progress' | 'completed' | 'incomplete'

/** One event of a stream, before it gets its number. */
export interface ResponseEvent extends JsonObject {
  readonly type: string
}

/** One item of `output` while it is written. */
export interface OutputItem {
  /** The events that begin it. */
  opened(): readonly ResponseEvent[]
  /** The events that end it; nothing is added afterwards. */
  closed(status: 'completed' | 'incomplete'): readonly ResponseEvent[]
  /** The item as it stands now. */
  shown(): JsonObject
}

/** Where an item stands: its id, and its place in `output`. */
export interface ItemPlace {
  readonly id: string
  readonly at: number
}

/** Every event of one item says whose it is. */
export const ofItem = ({ id, at }: ItemPlace): JsonObject => ({ item_id: id, output_index: at })

export const itemAdded = (place: ItemPlace, item: JsonObject): ResponseEvent => ({
  type: 'response.output_item.added',
  output_index: place.at,
  item,
})

export const itemDone = (place: ItemPlace, item: JsonObject): ResponseEvent => ({
  type: 'response.output_item.done',
  output_index: place.at,
  item,
})
