/** Series of one metric at most; what comes after them is counted under `other`, so that a mistake cannot fill the memory. */
const MAX_SERIES = 2000

/** Joins label values into a key; it occurs in none of them. */
const BETWEEN = '\u001f'

export interface CounterRow {
  readonly labels: readonly string[]
  readonly value: number
}

export interface HistogramRow {
  readonly labels: readonly string[]
  /** Observations per bucket, not cumulative; the last one is above every bound. */
  readonly counts: readonly number[]
  readonly sum: number
}

/** Counts under label values; adding is a look-up and an addition, so that it can stand on the hot path. */
export class CounterTally {
  readonly #rows = new Map<string, { labels: readonly string[]; value: number }>()

  add(by: number, ...labels: readonly string[]): void {
    const row = rowOf(this.#rows, labels, (kept) => ({ labels: kept, value: 0 }))
    row.value += by
  }

  rows(): readonly CounterRow[] {
    return [...this.#rows.values()]
  }
}

/** A distribution under label values, in buckets with inclusive upper bounds that ascend. */
export class HistogramTally {
  readonly bounds: readonly number[]
  readonly #rows = new Map<string, { labels: readonly string[]; counts: number[]; sum: number }>()

  constructor(bounds: readonly number[]) {
    this.bounds = bounds
  }

  observe(value: number, ...labels: readonly string[]): void {
    const row = rowOf(this.#rows, labels, (kept) => ({
      labels: kept,
      counts: Array.from({ length: this.bounds.length + 1 }, () => 0),
      sum: 0,
    }))
    const bucket = bucketOf(this.bounds, value)
    row.counts[bucket] = (row.counts[bucket] ?? 0) + 1
    row.sum += value
  }

  rows(): readonly HistogramRow[] {
    return [...this.#rows.values()]
  }
}

function rowOf<Row>(
  rows: Map<string, Row>,
  labels: readonly string[],
  make: (labels: readonly string[]) => Row,
): Row {
  const key = keyOf(labels)
  const known = rows.get(key)
  if (known) return known
  const kept = rows.size < MAX_SERIES ? labels : labels.map(() => 'other')
  const keptKey = kept === labels ? key : keyOf(kept)
  const row = rows.get(keptKey) ?? make(kept)
  rows.set(keptKey, row)
  return row
}

/** Faster than `join` for the few labels that there are. */
function keyOf(labels: readonly string[]): string {
  let key = labels[0] ?? ''
  for (let at = 1; at < labels.length; at += 1) key += BETWEEN + labels[at]
  return key
}

/** Position of the first bound that is not below the value; a number of bounds is small, so they are tried in turn. */
function bucketOf(bounds: readonly number[], value: number): number {
  let at = 0
  while (at < bounds.length && value > (bounds[at] ?? 0)) at += 1
  return at
}
