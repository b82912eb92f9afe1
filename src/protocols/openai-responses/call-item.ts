import type { JsonObject } from '#kernel/canonical-json.ts'
import { isObject, parseJson } from '../json-body.ts'
import {
  itemAdded,
  itemDone,
  ofItem,
  type ItemPlace,
  type ItemStatus,
  type OutputItem,
  type ResponseEvent,
} from './output-item.ts'

export interface CallItem extends OutputItem {
  readonly kind: 'function_call'
  add(piece: string): readonly ResponseEvent[]
  /** Whether the arguments are one whole JSON object: no further piece can follow. */
  isWhole(): boolean
}

/** A tool that the model wants called. */
export function callItem(
  place: ItemPlace,
  call: { readonly callId: string; readonly name: string },
): CallItem {
  let json = ''
  let status: ItemStatus = 'in_progress'
  const shown = (): JsonObject => ({
    type: 'function_call',
    id: place.id,
    call_id: call.callId,
    name: call.name,
    arguments: json,
    status,
  })
  const add = (piece: string): readonly ResponseEvent[] => {
    json += piece
    return [{ type: 'response.function_call_arguments.delta', ...ofItem(place), delta: piece }]
  }
  return {
    kind: 'function_call',
    opened: () => [itemAdded(place, shown())],
    add,
    isWhole: () => isObject(parseJson(json)),
    closed(next) {
      status = next
      // a call without arguments is a call with none: clients parse the text
      const none = json === '' && next === 'completed' ? add('{}') : []
      const said: ResponseEvent = {
        type: 'response.function_call_arguments.done',
        ...ofItem(place),
        name: call.name,
        arguments: json,
      }
      return [...none, said, itemDone(place, shown())]
    },
    shown,
  }
}
