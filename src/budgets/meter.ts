import type { Milliseconds } from '#kernel/units.ts'
import type { Others } from './account.ts'
import { periodName, type Amount, type Budget, type PeriodKey } from './budget.ts'
import type { Period } from './period.ts'

/** How long a slice may be spent after the database last knew of its owner; others take it back only after RECLAIM_MS. */
export const VALID_MS: Milliseconds = 20_000
/** Silence of an owner after which it counts as gone; longer than VALID_MS by more than one try to reach the database. */
export const RECLAIM_MS: Milliseconds = 45_000

/** One period of one budget in the memory of one process. */
export class Meter {
  budget: Budget
  readonly period: Period
  readonly key: PeriodKey
  /** Its name in the evidence. */
  readonly name: string
  epoch: string | null = null
  allotted: Amount = 0
  spent: Amount = 0
  held: Amount = 0
  /** All that was held and not spent, since the beginning: it only grows. */
  freed: Amount = 0
  /** On the monotonic clock. */
  validUntil = 0
  usedAt = 0
  /** Until then nothing more is to be had. */
  deniedUntil = 0
  /** What others have spent and claimed, when last heard of. */
  others: Others = { spent: 0, committed: 0, starved: false }
  /** Requests that wait for a slice want this much together. */
  wanted: Amount = 0
  taking: Promise<void> | null = null
  /** Spent and held when it was last looked after: what changed since shows how much it needs. */
  lastUse: Amount = 0
  hasRefused = false

  constructor(budget: Budget, period: Period) {
    this.budget = budget
    this.period = period
    this.name = periodName(budget.id, period.start)
    this.key = { tenant: budget.tenant, budget: budget.id, start: period.start }
  }

  get available(): Amount {
    return this.allotted - this.spent - this.held
  }

  /** Everything known to be spent or held, by all. */
  get used(): Amount {
    return this.others.spent + this.spent + this.held
  }

  /** What is left of the hard limit as far as this process knows; null without one. */
  get remaining(): Amount | null {
    const { hard } = this.budget
    if (hard === null) return null
    return Math.max(0, hard - this.others.committed - this.spent - this.held)
  }

  get isOverSoft(): boolean {
    return this.budget.soft !== null && this.used >= this.budget.soft
  }

  /** Another definition of the same budget: what is spent stays, the slice is asked for again under the new limits. */
  redefine(budget: Budget): void {
    this.budget = budget
    this.allotted = Math.min(this.allotted, this.spent + this.held)
    this.deniedUntil = 0
    this.hasRefused = false
  }

  /** The share was taken back: nothing is known any more, what is open is settled elsewhere. */
  forget(): void {
    this.epoch = null
    this.allotted = 0
    this.spent = 0
    this.held = 0
    this.validUntil = 0
  }
}
