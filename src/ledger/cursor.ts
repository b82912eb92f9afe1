import type { Refusal } from '#kernel/refusal.ts'
import { err, ok, type Result } from '#kernel/result.ts'

/** Where a page ended: the id of its last record, and the store's own number for it. */
export interface LedgerCursor {
  readonly id: string
  readonly place: number
}

const SHAPE = /^([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})\.(\d{1,16})$/

/** The cursor as the text that callers hand back. */
export const cursorText = ({ id, place }: LedgerCursor): string => `${id}.${place}`

/** Reads a cursor; refuses `invalid-value` for anything that no page ever gave out. */
export function parseCursor(text: string): Result<LedgerCursor, Refusal> {
  const [, id, digits] = SHAPE.exec(text) ?? []
  const place = Number(digits)
  if (id === undefined || !Number.isSafeInteger(place)) {
    return err({
      code: 'invalid-value',
      param: 'before',
      detail: { expected: 'a cursor from an earlier page' },
    })
  }
  return ok({ id, place })
}
