import { asDataClass } from './words.ts'
import type { DataClass } from './words.ts'

/** What the headers of an answer say of the decision behind it. */
export interface Receipt {
  readonly class: DataClass | null
  readonly undetermined: boolean
  /** null when nothing was sent anywhere. */
  readonly destination: string | null
  /** Id of the decision, for `ecluse audit show ID`. */
  readonly decision: string | null
}

/** Reads `x-ecluse-class`, `x-ecluse-destination` and `x-ecluse-decision`; null when none is there. */
export function readReceipt(headers: Headers): Receipt | null {
  const classHeader = headers.get('x-ecluse-class')
  const destination = headers.get('x-ecluse-destination')
  const decision = headers.get('x-ecluse-decision')
  if (classHeader === null && destination === null && decision === null) return null
  const [word = '', ...flags] = (classHeader ?? '').split(';').map((part) => part.trim())
  return {
    class: asDataClass(word),
    undetermined: flags.includes('undetermined'),
    destination: destination === 'none' ? null : destination,
    decision: decision?.split(';')[0]?.trim() || null,
  }
}
