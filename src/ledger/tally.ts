import type { EpochMs, Milliseconds } from '#kernel/units.ts'
import type { DecisionEvent, LedgerEvent, OutcomeEvent } from './event.ts'
import type { RollupRow } from './ports.ts'

export const HOUR: Milliseconds = 3_600_000
export const DAY: Milliseconds = 86_400_000
export const WEEK: Milliseconds = 7 * DAY
/** How long counts by hour are kept: five weeks. Those by day and by week stay. */
export const HOURS_KEPT: Milliseconds = 5 * WEEK
/** 1970 began on a Thursday: the Monday before, seen from there. */
const FIRST_MONDAY: Milliseconds = -3 * DAY

/** When the hour, the day or the week of a time began, in UTC; weeks begin on Monday. */
export function startOf(at: EpochMs, grain: Milliseconds): EpochMs {
  const origin = grain === WEEK ? FIRST_MONDAY : 0
  return at - ((at - origin) % grain)
}

/** What is counted; sums of all requests of one hour or day that share a value. */
export interface Figures {
  /** Decisions; of a destination, those that it answered for. */
  readonly requests: number
  readonly refused: number
  readonly failed: number
  readonly answered: number
  readonly promptTokens: number
  readonly completionTokens: number
  /** Millionths of the currency of the prices. */
  readonly costMicro: number
  /** Answers of unknown price. */
  readonly unpriced: number
  readonly energyMwh: number
  readonly totalMs: number
}

export const FIGURES = [
  'requests',
  'refused',
  'failed',
  'answered',
  'promptTokens',
  'completionTokens',
  'costMicro',
  'unpriced',
  'energyMwh',
  'totalMs',
] as const satisfies readonly (keyof Figures)[]

/** Upper bounds of the latency histogram, milliseconds: 1, 2, 5 in every decade, as latencies are read. */
const BOUNDS = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000, 20_000, 60_000]

const bucketOf = (ms: number): string => {
  const bound = BOUNDS.find((limit) => ms <= limit)
  return bound === undefined ? 'more' : String(bound)
}

/** What of a decision its outcome is counted under. */
export interface Dimensions {
  readonly tenant: string
  /** When the request came in, by its id. */
  readonly at: EpochMs
  readonly class: string
  readonly destination: string | null
  readonly model: string
  readonly surface: string
  readonly key: string
  readonly team: string | null
  readonly application: string | null
}

export const dimensionsOf = (
  { tenant, id }: { readonly tenant: string; readonly id: string },
  decision: DecisionEvent,
): Dimensions => ({
  tenant,
  at: timeOfId(id),
  class: decision.class,
  destination: decision.destination,
  model: decision.served ?? decision.model,
  surface: decision.surface,
  key: decision.key,
  team: decision.team ?? null,
  application: decision.application ?? null,
})

/** The time in a UUID version 7 (RFC 9562, section 5.7). */
export const timeOfId = (id: string): EpochMs =>
  Number.parseInt(id.slice(0, 8) + id.slice(9, 13), 16)

type MutableFigures = { -readonly [Name in keyof Figures]: Figures[Name] }

const none = (): MutableFigures => ({
  requests: 0,
  refused: 0,
  failed: 0,
  answered: 0,
  promptTokens: 0,
  completionTokens: 0,
  costMicro: 0,
  unpriced: 0,
  energyMwh: 0,
  totalMs: 0,
})

const add = (to: MutableFigures, from: Partial<Figures>): void => {
  for (const name of FIGURES) to[name] += from[name] ?? 0
}

/** Counts events until they are drained. */
export class Tally {
  readonly #rows = new Map<string, Omit<RollupRow, 'figures'> & { figures: MutableFigures }>()

  decision(of: Dimensions, decision: DecisionEvent): void {
    const refused = decision.refusal === null ? 0 : 1
    this.#everywhere(of, { requests: 1, refused })
    if (decision.refusal !== null)
      this.#at(of, 'refusal', decision.refusal, { requests: 1, refused })
    for (const type of Object.keys(decision.findings))
      this.#at(of, 'finding', type, { requests: 1 })
    if (refused) this.#at(of, 'flow', `${of.class}>`, { requests: 1, refused })
  }

  outcome(of: Dimensions, outcome: OutcomeEvent): void {
    const isAnswered = outcome.status === 'answered'
    const figures: Partial<Figures> = {
      failed: outcome.status === 'failed' ? 1 : 0,
      answered: isAnswered ? 1 : 0,
      promptTokens: outcome.promptTokens ?? 0,
      completionTokens: outcome.completionTokens ?? 0,
      costMicro: outcome.costMicro ?? 0,
      unpriced: isAnswered && outcome.costMicro === undefined ? 1 : 0,
      energyMwh: outcome.energyMwh ?? 0,
      totalMs: outcome.totalMs,
    }
    this.#everywhere(of, figures)
    if (outcome.code !== null && outcome.status === 'failed') {
      this.#at(of, 'failure', outcome.code, { requests: 1, failed: 1 })
    }
    const { destination } = outcome
    if (destination === null) return
    const asked = { ...figures, requests: 1 }
    this.#at(of, 'destination', destination, asked)
    this.#at(of, 'flow', `${of.class}>${destination}`, asked)
    this.#at(of, 'total', `${destination}/${bucketOf(outcome.totalMs)}`, { requests: 1 })
    if (outcome.firstByteMs !== null) {
      const bucket = bucketOf(outcome.firstByteMs)
      this.#at(of, 'first-byte', `${destination}/${bucket}`, { requests: 1 })
    }
  }

  /** Events of other kinds that a chart shows. */
  other(of: Pick<Dimensions, 'tenant' | 'at'>, event: LedgerEvent): void {
    if (event.type === 'refusal') this.#at(of, 'turned-away', event.code, { requests: event.count })
    if (event.type === 'sign-in') this.#at(of, 'sign-in', event.outcome, { requests: 1 })
  }

  /** The rows so far, by hour, by day and by week, in a fixed order; afterwards there are none. */
  drain(): RollupRow[] {
    const sums = new Tally()
    for (const { tenant, start, dimension, value, figures } of this.#rows.values()) {
      sums.#count(tenant, DAY, start, dimension, value, figures)
      sums.#count(tenant, WEEK, start, dimension, value, figures)
    }
    const rows = [...this.#rows.entries(), ...sums.#rows.entries()]
    this.#rows.clear()
    return rows.toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, row]) => row)
  }

  #everywhere(of: Dimensions, figures: Partial<Figures>): void {
    this.#at(of, 'all', '', figures)
    this.#at(of, 'class', of.class, figures)
    this.#at(of, 'model', of.model, figures)
    this.#at(of, 'surface', of.surface, figures)
    this.#at(of, 'key', of.key, figures)
    if (of.team !== null) this.#at(of, 'team', of.team, figures)
    if (of.application !== null) this.#at(of, 'application', of.application, figures)
  }

  #at(
    { tenant, at }: Pick<Dimensions, 'tenant' | 'at'>,
    dimension: string,
    value: string,
    figures: Partial<Figures>,
  ): void {
    this.#count(tenant, HOUR, at, dimension, value, figures)
  }

  #count(
    tenant: string,
    grain: Milliseconds,
    at: EpochMs,
    dimension: string,
    value: string,
    figures: Partial<Figures>,
  ): void {
    const start = startOf(at, grain)
    const name = `${tenant}\n${grain}\n${dimension}\n${start}\n${value}`
    let row = this.#rows.get(name)
    if (!row) {
      row = { tenant, grain, dimension, start, value, figures: none() }
      this.#rows.set(name, row)
    }
    add(row.figures, figures)
  }
}
