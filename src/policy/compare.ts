import type { DataClass } from '#kernel/label.ts'
import type { Verdict } from '#kernel/verdict.ts'

/** What another policy would have done with a request. */
export type Change = 'same' | 'refused-now' | 'allowed-now' | 'goes-elsewhere'

/** How two verdicts on one request differ, for the caller: whether it is served, and where first. */
export function changeBetween(before: Verdict, after: Verdict): Change {
  const [was, is] = [before.chosen, after.chosen]
  if (!was || !is) return was ? 'refused-now' : is ? 'allowed-now' : 'same'
  return was.destination.id === is.destination.id && was.model.name === is.model.name
    ? 'same'
    : 'goes-elsewhere'
}

/** Requests counted by class, by what would change, and by where they went and would go. */
export class ChangeCounts {
  #total = 0
  readonly #changes = new Map<Change, number>()
  readonly #paths = new Map<string, Moved>()

  add(dataClass: DataClass, before: Verdict, after: Verdict): Change {
    const change = changeBetween(before, after)
    this.#total += 1
    this.#changes.set(change, (this.#changes.get(change) ?? 0) + 1)
    if (change === 'same') return change
    const from = before.chosen?.destination.id ?? null
    const to = after.chosen?.destination.id ?? null
    const key = JSON.stringify([dataClass, change, from, to])
    const known = this.#paths.get(key)
    this.#paths.set(key, {
      class: dataClass,
      change,
      from,
      to,
      requests: (known?.requests ?? 0) + 1,
    })
    return change
  }

  view(): ChangeView {
    const count = (change: Change): number => this.#changes.get(change) ?? 0
    return {
      requests: this.#total,
      same: count('same'),
      refusedNow: count('refused-now'),
      allowedNow: count('allowed-now'),
      goesElsewhere: count('goes-elsewhere'),
      moved: [...this.#paths.values()].toSorted((a, b) => b.requests - a.requests),
    }
  }
}

/** Requests of one class that would go another way; null: to no destination. */
export interface Moved {
  readonly class: DataClass
  readonly change: Change
  readonly from: string | null
  readonly to: string | null
  readonly requests: number
}

export interface ChangeView {
  readonly requests: number
  readonly same: number
  readonly refusedNow: number
  readonly allowedNow: number
  readonly goesElsewhere: number
  /** Most requests first. */
  readonly moved: readonly Moved[]
}
