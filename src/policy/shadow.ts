import type { DataClass } from '#kernel/label.ts'
import type { Facts, Health, Verdict } from '#kernel/verdict.ts'
import { changeBetween, type Change } from './compare.ts'
import { decide } from './decide.ts'
import type { Catalogue, Policy } from './document.ts'
import type { Gate } from './gate.ts'

/** Requests of one class that a shadow would treat in one way; ids of destinations, no content. */
export interface ShadowCount {
  /** The version of the shadow. */
  readonly version: string
  readonly class: DataClass
  readonly change: Change
  /** Where they went first; null: to no destination. */
  readonly from: string | null
  readonly to: string | null
  readonly requests: number
}

/** Kinds that are told apart; what comes beyond is counted as one. */
const MOST_KINDS = 10_000

/** What a shadow would have done with the requests that were decided, counted. A class because it remembers. */
export class ShadowCounts {
  readonly #counts = new Map<string, ShadowCount>()
  readonly #counted: (count: ShadowCount) => void

  /** `counted` is told of each. */
  constructor(counted: (count: ShadowCount) => void = () => {}) {
    this.#counted = counted
  }

  /** Decides once more by the shadow, and counts what differs. */
  compare(
    shadow: Policy,
    facts: Facts,
    verdict: Verdict,
    { catalogue, health }: { readonly catalogue: Catalogue; readonly health: Health },
  ): void {
    const other = decide(facts, shadow, catalogue, health)
    const change = changeBetween(verdict, other)
    this.add({
      version: shadow.version,
      class: facts.label.class,
      change,
      from: verdict.chosen?.destination.id ?? null,
      to: other.chosen?.destination.id ?? null,
      requests: 1,
    })
  }

  add(count: ShadowCount): void {
    this.#counted(count)
    const { version, class: dataClass, change, from, to, requests } = count
    let key = JSON.stringify([version, dataClass, change, from, to])
    let one = count
    if (!this.#counts.has(key) && this.#counts.size >= MOST_KINDS) {
      one = { ...count, from: null, to: null }
      key = JSON.stringify([version, dataClass, change, null, null])
    }
    const known = this.#counts.get(key)?.requests ?? 0
    this.#counts.set(key, { ...one, requests: known + requests })
  }

  /** Of one version, most requests first. */
  of(version: string): readonly ShadowCount[] {
    return [...this.#counts.values()]
      .filter((one) => one.version === version)
      .toSorted((a, b) => b.requests - a.requests)
  }

  /** Everything counted so far, which is then forgotten here. */
  take(): readonly ShadowCount[] {
    if (this.#counts.size === 0) return []
    const all = [...this.#counts.values()]
    this.#counts.clear()
    return all
  }
}

/** The gate of those who ask models: what a shadow would have done is counted. */
export const gateWithShadow = (
  gate: Gate,
  shadow: () => Policy | null,
  counts: ShadowCounts,
): Gate => ({
  ...gate,
  decide(facts, health) {
    const verdict = gate.decide(facts, health)
    const beside = shadow()
    // what is masked first is decided once more, and counted then
    const isLast = verdict.duties.mask.length === 0 || facts.masked !== undefined
    if (beside && isLast)
      counts.compare(beside, facts, verdict, { catalogue: gate.catalogue(), health })
    return verdict
  },
})
