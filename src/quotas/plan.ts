import { PRIORITIES, type Priority } from '#kernel/priority.ts'
import type { Milliseconds } from '#kernel/units.ts'
import type { Counter } from './counter.ts'
import type { QuotaIndex } from './quota-index.ts'
import { counterKey, windowOf, type Measure, type Quota, type Subject } from './quota.ts'

/** One count that a request must fit in. */
export interface Need {
  readonly quota: Quota
  readonly measure: Measure
  readonly limit: number
  /** Names the count. */
  readonly key: string
  readonly counter: Counter
}

/** The quotas in force: those of the caller alone, and those that speak of models and destinations too. */
export interface QuotaSet {
  readonly ofCaller: QuotaIndex
  readonly ofChoice: QuotaIndex
}

/** What one caller must fit in. */
export interface CallerPlan {
  readonly subject: Subject
  readonly needs: readonly Need[]
  readonly priority: Priority
  /** By destination and model. */
  readonly choices: Map<string, readonly Need[]>
}

/** Whoever keeps the counts. */
export interface Counters {
  counter(key: string, windowMs: Milliseconds): Counter
}

/** Callers whose plans are remembered; one more forgets all. */
const MOST_PLANS = 50_000

/** What applies to each caller, looked up once. A class because it remembers. */
export class Plans {
  readonly #counters: Counters
  readonly #quotas: () => QuotaSet
  readonly #plans = new Map<string, CallerPlan>()
  #madeFrom: QuotaSet | null = null

  constructor(counters: Counters, quotas: () => QuotaSet) {
    this.#counters = counters
    this.#quotas = quotas
  }

  /** Null where no quota is written at all. */
  of(subject: Subject): CallerPlan | null {
    const set = this.#quotas()
    if (set !== this.#madeFrom) {
      this.#plans.clear()
      this.#madeFrom = set
    }
    if (set.ofCaller.size + set.ofChoice.size === 0) return null
    const name = subject.key ?? ''
    const known = this.#plans.get(name)
    if (known && isSame(known.subject, subject)) return known
    if (this.#plans.size >= MOST_PLANS) this.#plans.clear()
    const quotas = set.ofCaller.find(subject)
    const made: CallerPlan = {
      subject,
      needs: this.#needs(quotas, subject),
      priority: priorityOf(quotas),
      choices: new Map(),
    }
    this.#plans.set(name, made)
    return made
  }

  choice(plan: CallerPlan, model: string, destination: string): readonly Need[] {
    const set = this.#quotas()
    if (set.ofChoice.size === 0) return NOTHING
    const name = `${destination}\u0001${model}`
    const known = plan.choices.get(name)
    if (known) return known
    const subject = { ...plan.subject, model, destination }
    const needs = this.#needs(set.ofChoice.find(subject), subject)
    plan.choices.set(name, needs)
    return needs
  }

  /** Counts were dropped: what refers to them is looked up anew. */
  forget(): void {
    this.#plans.clear()
  }

  #needs(quotas: readonly Quota[], subject: Subject): readonly Need[] {
    return quotas.flatMap((quota) =>
      entriesOf(quota.limits).map(([measure, limit]) => {
        const key = counterKey(quota, measure, subject)
        const counter = this.#counters.counter(key, windowOf(quota, measure))
        return { quota, measure, limit, key, counter }
      }),
    )
  }
}

const NOTHING: readonly Need[] = []

function entriesOf(limits: Quota['limits']): readonly (readonly [Measure, number])[] {
  const entries: (readonly [Measure, number])[] = []
  for (const measure of Object.keys(limits) as Measure[]) {
    const limit = limits[measure]
    if (limit !== undefined) entries.push([measure, limit])
  }
  return entries
}

const isSame = (a: Subject, b: Subject): boolean =>
  a.organisation === b.organisation &&
  a.team === b.team &&
  a.person === b.person &&
  a.application === b.application &&
  a.keyName === b.keyName

/** The last in line of the classes that are said of a caller. */
function priorityOf(quotas: readonly Quota[]): Priority {
  let last = -1
  for (const { priority } of quotas) {
    if (priority !== null) last = Math.max(last, PRIORITIES.indexOf(priority))
  }
  return PRIORITIES[last] ?? 'normal'
}
