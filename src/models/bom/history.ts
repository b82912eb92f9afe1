import type { JsonObject } from '#kernel/canonical-json.ts'
import type { EpochMs } from '#kernel/units.ts'
import type { BomDifference } from './diff-boms.ts'

/** What became of a bill that was kept. let-go: it was old, and another of its month stands for it. */
export type BillState = 'kept' | 'let-go' | 'missing' | 'altered'

/** One bill of the history, as its record in the ledger tells. */
export interface BillRow {
  /** Id of the record, which is the serial number of the bill too. */
  readonly id: string
  readonly at: EpochMs
  /** Name of the chain of the gateway whose bill it is. */
  readonly gateway: string
  readonly actor: string
  readonly digest: string
  readonly components: number
  readonly state: BillState
}

/** The newest bill by some moment, with its document where that is what was kept. */
export interface BillThen extends BillRow {
  readonly bom: JsonObject | null
}

export interface BillDiff {
  readonly from: BillRow
  /** Null: what runs now. */
  readonly to: BillRow | null
  /** Null: one of them is not what was kept, or is not there any more. */
  readonly changes: readonly BomDifference[] | null
}
