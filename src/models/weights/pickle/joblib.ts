import type { Cursor } from '../bytes/cursor.ts'
import { Broken } from './broken.ts'
import { isCall, isNamed, type Value } from './value.ts'
import { itemBytes } from './walk-pickle.ts'

/**
 * Passes over the array that joblib writes into the pickle after a NumpyArrayWrapper (joblib/numpy_pickle.py,
 * read_array): one byte with the length of the padding, the padding, the items. Arrays of objects are a pickle of their
 * own at the same place, which `onObjects` walks.
 */
export function skipJoblibArray(
  target: Value,
  cursor: Cursor,
  onObjects: (cursor: Cursor) => void,
): void {
  if (!isCall(target) || !isNamed(target.callee, 'joblib.numpy_pickle', 'NumpyArrayWrapper')) return
  const { state } = target
  if (typeof state !== 'object' || state.kind !== 'dict') throw new Broken()
  const bytes = itemBytes(state.entries.get('dtype'))
  if (bytes === 'objects') {
    onObjects(cursor)
    return
  }
  const shape = state.entries.get('shape')
  if (bytes === null || typeof shape !== 'object' || shape.kind !== 'tuple') throw new Broken()
  let total = bytes
  for (const dimension of shape.items) {
    if (typeof dimension !== 'number' || dimension < 0) throw new Broken()
    total *= dimension
  }
  if (state.entries.has('numpy_array_alignment_bytes')) cursor.skip(cursor.u8())
  if (!Number.isSafeInteger(total)) throw new Broken()
  cursor.skip(total)
}
