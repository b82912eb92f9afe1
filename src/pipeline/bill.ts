import type { Exchange, Receipt } from '#kernel/exchange.ts'
import type { Refusal } from '#kernel/refusal.ts'
import { ok, type Result } from '#kernel/result.ts'
import type { TextPart } from '#kernel/text-part.ts'
import type { Choice } from '#kernel/verdict.ts'
import type { Bank } from '#budgets/bank.ts'
import type { BudgetTable } from '#budgets/table.ts'
import type { EnergyOf } from '#economics/energy.ts'
import type { PriceBook } from '#economics/price.ts'
import type { SurfaceRequest } from '#protocols/surface.ts'
import type { Attempt } from './attempt.ts'
import type { LongestAnswers } from './estimate.ts'
import type { BillFields } from './events.ts'
import { OpenBill } from './open-bill.ts'
import type { House } from './ports.ts'

/** What the pipeline needs to know of money. */
export interface Funds {
  readonly table: () => BudgetTable
  readonly prices: () => PriceBook
  readonly energy: () => EnergyOf
  readonly bank: Bank
  readonly longest: LongestAnswers
}

export interface Asked {
  readonly exchange: Exchange
  readonly request: SurfaceRequest
  readonly parts: readonly TextPart[]
}

/** The choices that budgets have room for, and why there is none. */
export interface Funded {
  readonly order: readonly Choice[]
  readonly refusal: Refusal | null
}

/** One attempt on its way. */
export interface Charge {
  /** What came of it, and how many characters were written; only the first call counts. */
  note(result: Attempt, written: number): void
  /** It is over: what was not noted cost nothing. */
  end(): void
}

/** The bill of one request: an estimate held before the decision, every attempt that cost, settled with the outcome. */
export interface Bill {
  /** Holds for the first choice that budgets have room for; those before it are not tried. */
  fund(order: readonly Choice[]): Funded | Promise<Funded>
  /** What the decision says it holds; null when nothing. */
  held(): Record<string, number> | null
  /** What the caller is told: what is left of the budget that binds most. */
  told(): Pick<Receipt, 'budget'>
  /** The decision was not recorded: nothing was held. */
  release(): void
  /** An attempt begins: the most it can take is held, on top of what earlier ones have cost. */
  begin(choice: Choice): Result<Charge, Refusal> | Promise<Result<Charge, Refusal>>
  /** Why nothing may be sent any more although it was held: this process was stopped for too long. */
  uncovered(): Refusal | null
  /** The figures of the outcome. */
  total(): BillFields
  /** Ends what is held: as the outcome in the ledger says, or all of it where that could not be recorded. */
  settle(isRecorded: boolean): void
}

export const openBill = (house: Pick<House, 'funds' | 'clock'>, asked: Asked): Bill =>
  house.funds ? new OpenBill(house.funds, house.clock(), asked) : NO_BILL

const NO_CHARGE: Charge = { note: () => {}, end: () => {} }
const NO_BILL: Bill = {
  fund: (order) => ({ order, refusal: null }),
  held: () => null,
  told: () => ({}),
  release: () => {},
  begin: () => ok(NO_CHARGE),
  uncovered: () => null,
  total: () => ({}),
  settle: () => {},
}
