import type { Facts } from '#kernel/verdict.ts'
import { eachBit, type Bits } from './bits.ts'
import type { CatalogueIndex } from './catalogue-index.ts'
import { isOrder } from './document.ts'
import { preferencesOf, rankOf, sizeOf } from './preference.ts'
import type { Prefer, Preference } from './rule.ts'
import { mixed, spreadHash } from './spread-hash.ts'

/** One preference over all candidates: less is better, infinity where it is not known. */
interface Column {
  readonly ranks: Float64Array
  readonly least: number
  /** From the best to the worst that is known; 0 when all are equal. */
  readonly width: number
}

/** Orders what is allowed by who asks and by what was measured of late: anew for each request, from columns that are kept where they can be. */
export class MovingOrder {
  readonly #index: CatalogueIndex
  readonly #preferences: readonly Preference[]
  readonly #weights: readonly number[] | null
  /** Columns that hang on the size of a request alone. */
  readonly #kept = new Map<string, Column>()
  readonly #states: Uint8Array

  constructor(prefer: Prefer, index: CatalogueIndex) {
    this.#index = index
    this.#preferences = preferencesOf(prefer)
    this.#weights = isOrder(prefer) ? null : this.#preferences.map((one) => prefer[one] ?? 0)
    this.#states = Uint8Array.from(index.candidates, ({ destination }) =>
      destination.state === 'enabled' ? 0 : 1,
    )
  }

  /** Places of the allowed, from the best to the worst. */
  of(facts: Facts, allowed: Bits): readonly number[] {
    const places: number[] = []
    eachBit(allowed, (place) => void places.push(place))
    const columns = this.#preferences.map((one) => this.#column(one, facts))
    const ranks = this.#weights
      ? [scores(places, columns, this.#weights, this.#states.length)]
      : columns.map((column) => column.ranks)
    const states = this.#states
    return places.sort((a, b) => {
      const state = (states[a] ?? 0) - (states[b] ?? 0)
      if (state !== 0) return state
      for (const column of ranks) {
        const [one = 0, other = 0] = [column[a], column[b]]
        // subtraction would turn two infinities into NaN
        if (one !== other) return one < other ? -1 : 1
      }
      return a - b
    })
  }

  #column(preference: Preference, facts: Facts): Column {
    const { candidates, names, hashes } = this.#index
    const { measured } = facts
    if (preference === 'sticky') {
      const key = spreadHash(facts.caller?.key ?? '')
      const ranks = new Float64Array(hashes.length)
      for (let place = 0; place < ranks.length; place += 1)
        ranks[place] = mixed((hashes[place] ?? 0) ^ key)
      return { ranks, least: 0, width: 2 ** 32 - 1 }
    }
    const isMeasured = preference === 'first-token' || preference === 'throughput'
    const size = sizeOf(facts)
    const name = `${preference} ${isMeasured ? '' : size}`
    const kept = this.#kept.get(name)
    const tokens = size === 0 ? 1 : 2 ** size
    const base =
      kept ?? columnOf(Float64Array.from(candidates, (one) => rankOf(preference, one, { tokens })))
    if (!kept) this.#kept.set(name, base)
    if (!isMeasured || !measured) return base
    const ranks = base.ranks.slice()
    for (let place = 0; place < names.length; place += 1) {
      const figures = measured[names[place] ?? '']
      if (figures === undefined) continue
      if (preference === 'first-token') ranks[place] = figures.firstByteMs
      else if (figures.tokensPerSecond !== null) ranks[place] = -figures.tokensPerSecond
    }
    return columnOf(ranks)
  }
}

function columnOf(ranks: Float64Array): Column {
  let least = Infinity
  let most = -Infinity
  for (let place = 0; place < ranks.length; place += 1) {
    const rank = ranks[place] ?? Infinity
    if (rank === Infinity) continue
    if (rank < least) least = rank
    if (rank > most) most = rank
  }
  return { ranks, least, width: most > least ? most - least : 0 }
}

/** Every column spread from 0 (the best of the catalogue) to 1 (the worst, and what is not known), times its weight, added up. */
function scores(
  places: readonly number[],
  columns: readonly Column[],
  weights: readonly number[],
  count: number,
): Float64Array {
  const sums = new Float64Array(count)
  columns.forEach(({ ranks, least, width }, at) => {
    const weight = weights[at] ?? 0
    for (const place of places) {
      const rank = ranks[place] ?? Infinity
      const share = rank === Infinity ? 1 : width > 0 ? (rank - least) / width : 0
      sums[place] = (sums[place] ?? 0) + weight * share
    }
  })
  // sums in floating point: what differs by less than this is equal
  for (const place of places) sums[place] = Math.round((sums[place] ?? 0) * 1e9) / 1e9
  return sums
}
