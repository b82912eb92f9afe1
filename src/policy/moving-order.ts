import type { Facts, Measured } from '#kernel/verdict.ts'
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
  /** Columns of what was measured, as long as somebody has the measurements. */
  readonly #measured = new WeakMap<Measured, Map<Preference, Column>>()
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
    const columns = this.#preferences.map((one) => this.#column(one, facts, places))
    return this.#weights
      ? this.#byScore(places, scores(places, columns, this.#weights), this.#weights)
      : this.#byRank(
          places,
          columns.map(({ ranks }) => ranks),
        )
  }

  #byRank(places: number[], ranks: readonly Float64Array[]): readonly number[] {
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

  /** State, score and place make one whole number, as long as it is exact: numbers alone are sorted three times as fast. */
  #byScore(places: number[], sums: Float64Array, weights: readonly number[]): readonly number[] {
    const states = this.#states
    const count = states.length
    const scale = (Math.ceil(weights.reduce((sum, one) => sum + one, 0)) + 1) * BILLION
    const isExact = 2 * scale * count <= Number.MAX_SAFE_INTEGER
    if (!isExact) {
      const ranks = new Float64Array(count)
      places.forEach((place, at) => (ranks[place] = sums[at] ?? 0))
      return this.#byRank(places, [ranks])
    }
    const keys = sums
    for (let at = 0; at < places.length; at += 1) {
      const place = places[at] ?? 0
      keys[at] = ((states[place] ?? 0) * scale + (sums[at] ?? 0)) * count + place
    }
    keys.sort()
    for (let at = 0; at < places.length; at += 1) places[at] = (keys[at] ?? 0) % count
    return places
  }

  #column(preference: Preference, facts: Facts, places: readonly number[]): Column {
    const { hashes } = this.#index
    if (preference === 'sticky') {
      const key = spreadHash(facts.caller?.key ?? '')
      const ranks = new Float64Array(hashes.length)
      for (const place of places) ranks[place] = mixed((hashes[place] ?? 0) ^ key)
      return { ranks, least: 0, width: 2 ** 32 - 1 }
    }
    const isMeasured = preference === 'first-token' || preference === 'throughput'
    if (!isMeasured || !facts.measured) return this.#standing(preference, isMeasured, facts)
    const known = this.#measured.get(facts.measured) ?? new Map<Preference, Column>()
    this.#measured.set(facts.measured, known)
    const column = known.get(preference) ?? this.#measuredColumn(preference, facts)
    known.set(preference, column)
    return column
  }

  #standing(preference: Preference, isMeasured: boolean, facts: Facts): Column {
    const size = sizeOf(facts)
    const name = `${preference} ${isMeasured ? '' : size}`
    const kept = this.#kept.get(name)
    if (kept) return kept
    const tokens = size === 0 ? 1 : 2 ** size
    const { candidates } = this.#index
    const made = columnOf(
      Float64Array.from(candidates, (one) => rankOf(preference, one, { tokens })),
    )
    this.#kept.set(name, made)
    return made
  }

  #measuredColumn(preference: Preference, facts: Facts): Column {
    const { names } = this.#index
    const ranks = this.#standing(preference, true, facts).ranks.slice()
    for (let place = 0; place < names.length; place += 1) {
      const figures = facts.measured?.[names[place] ?? '']
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

/** Scores are whole numbers of these: what differs by less is equal. */
const BILLION = 1e9

/** For each place, every column spread from 0 (the best of the catalogue) to 1 (the worst, and what is not known), times its weight, added up; in billionths. */
function scores(
  places: readonly number[],
  columns: readonly Column[],
  weights: readonly number[],
): Float64Array {
  const sums = new Float64Array(places.length)
  columns.forEach(({ ranks, least, width }, column) => {
    const weight = weights[column] ?? 0
    for (let at = 0; at < places.length; at += 1) {
      const rank = ranks[places[at] ?? 0] ?? Infinity
      const share = rank === Infinity ? 1 : width > 0 ? (rank - least) / width : 0
      sums[at] = (sums[at] ?? 0) + weight * share
    }
  })
  for (let at = 0; at < sums.length; at += 1) sums[at] = Math.round((sums[at] ?? 0) * BILLION)
  return sums
}
