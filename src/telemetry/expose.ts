import { Counter, Histogram, type Registry } from 'prom-client'
import type { CounterTally, HistogramTally } from './tally.ts'

interface Named {
  readonly name: string
  readonly help: string
  readonly labels: readonly string[]
}

type Values = Readonly<Record<string, string | number>>

/** Shows a tally as a counter of a registry; the tally does the counting. */
export function exposeCounter(registry: Registry, named: Named, tally: CounterTally): void {
  registry.registerMetric(new TalliedCounter(named, tally))
}

/** Shows a tally as a histogram of a registry: cumulative buckets, sum and count. */
export function exposeHistogram(registry: Registry, named: Named, tally: HistogramTally): void {
  registry.registerMetric(new TalliedHistogram(named, tally))
}

class TalliedCounter extends Counter {
  readonly #named: Named
  readonly #tally: CounterTally

  constructor(named: Named, tally: CounterTally) {
    super({ name: named.name, help: named.help, registers: [] })
    this.#named = named
    this.#tally = tally
  }

  override async get(): ReturnType<Counter['get']> {
    const shown = await super.get()
    const rows = this.#tally.rows()
    // a counter without labels shows its zero from the start, as scrapers expect
    if (rows.length === 0 && this.#named.labels.length === 0) return shown
    const values = rows.map(({ labels, value }) => ({
      labels: labelled(this.#named, labels),
      value,
    }))
    return { ...shown, values }
  }
}

class TalliedHistogram extends Histogram {
  /** An empty one of the same name: the words around the values. */
  readonly #empty: Histogram
  readonly #named: Named
  readonly #tally: HistogramTally

  constructor(named: Named, tally: HistogramTally) {
    const { name, help } = named
    super({ name, help, registers: [] })
    this.#empty = new Histogram({ name, help, registers: [] })
    this.#named = named
    this.#tally = tally
  }

  /** What the registry asks first; without it the empty histogram of the base class would be shown. */
  getForPromString(): ReturnType<Histogram['get']> {
    return this.get()
  }

  override async get(): ReturnType<Histogram['get']> {
    const { name } = this.#named
    const values = this.#tally.rows().flatMap(({ labels, counts, sum }) => {
      const shared = labelled(this.#named, labels)
      let total = 0
      const buckets = counts.map((count, at) => {
        total += count
        const le = this.#tally.bounds[at] ?? '+Inf'
        return { metricName: `${name}_bucket`, labels: { le, ...shared }, value: total }
      })
      return [
        ...buckets,
        { metricName: `${name}_sum`, labels: shared, value: sum },
        { metricName: `${name}_count`, labels: shared, value: total },
      ]
    })
    return { ...(await this.#empty.get()), values }
  }
}

const labelled = ({ labels: names }: Named, labels: readonly string[]): Values =>
  Object.fromEntries(names.map((name, at) => [name, labels[at] ?? '']))
