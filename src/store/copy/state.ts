import type { CopyState } from './ports.ts'
import { readRow, rowText } from './table.ts'

/** How far a copy is, as text. */
export const stateText = ({ heads, ledgerAfter }: CopyState): string =>
  JSON.stringify({ heads, after: ledgerAfter && rowText(ledgerAfter) })

/** What `stateText` wrote; null for anything else. */
export function readState(text: unknown): CopyState | null {
  if (typeof text !== 'string') return null
  const value: unknown = JSON.parse(text)
  if (typeof value !== 'object' || value === null || !('heads' in value) || !('after' in value)) {
    return null
  }
  const { heads, after } = value
  if (typeof heads !== 'string') return null
  return { heads, ledgerAfter: typeof after === 'string' ? readRow(JSON.parse(after)) : null }
}
