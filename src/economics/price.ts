import type { EpochMs } from '#kernel/units.ts'

/** Millionths of one unit of a currency, whole. Per million tokens where tokens are meant. */
export type Micro = number

/** What one model at one destination asks. A null is unknown; nothing is free unless `free` says so. */
export interface Price {
  /** ISO 4217. */
  readonly currency: string
  readonly free: boolean
  /** Per million tokens. */
  readonly input: Micro | null
  readonly output: Micro | null
  /** Null: as other tokens of the prompt. */
  readonly cachedInput: Micro | null
  readonly cacheWrite: Micro | null
  /** Null: as other tokens of the answer. */
  readonly reasoning: Micro | null
  /** For each of them. */
  readonly request: Micro | null
  readonly image: Micro | null
  readonly second: Micro | null
  /** Per million characters. */
  readonly character: Micro | null
  /** Most tokens that one answer can have; null when unknown. */
  readonly maxOutput: number | null
}

/** One row of the price list: for whom, and from when until when. */
export interface PriceRow {
  /** Id of a destination, or `*`. */
  readonly destination: string
  /** The name callers use, or `*`. */
  readonly model: string
  readonly price: Price
  /** Inclusive; null: since ever. */
  readonly from: EpochMs | null
  /** Exclusive; null: for ever. */
  readonly until: EpochMs | null
  /** Where the figures come from. */
  readonly source: string
}

/** So much of `to` for one unit of `from`, in millionths. */
export interface ExchangeRate {
  readonly from: string
  readonly to: string
  readonly rate: Micro
  readonly source: string
}

export const NO_PRICE: Price = {
  currency: 'EUR',
  free: false,
  input: null,
  output: null,
  cachedInput: null,
  cacheWrite: null,
  reasoning: null,
  request: null,
  image: null,
  second: null,
  character: null,
  maxOutput: null,
}

/** The prices in force. */
export interface PriceBook {
  readonly rows: readonly PriceRow[]
  /** The price that counts at this moment: the most exact row, the youngest of them; null when there is none. */
  priceOf(destination: string, model: string, at: EpochMs): Price | null
  /** Null when nobody told the rate. */
  rate(from: string, to: string): Micro | null
}

const ONE: Micro = 1_000_000

type ByModel = Map<string, PriceRow[]>

/** A price list that finds by name, whatever its length. */
export function priceBook(rows: readonly PriceRow[], rates: readonly ExchangeRate[]): PriceBook {
  const byDestination = new Map<string, ByModel>()
  for (const row of rows) {
    const models: ByModel = byDestination.get(row.destination) ?? new Map()
    byDestination.set(row.destination, models)
    const known = [...(models.get(row.model) ?? []), row]
    models.set(
      row.model,
      known.sort((a, b) => (b.from ?? 0) - (a.from ?? 0)),
    )
  }
  const exchange = new Map(rates.map((rate) => [pairOf(rate.from, rate.to), rate.rate]))
  const among = (models: ByModel | undefined, model: string, at: EpochMs): Price | null =>
    models?.get(model)?.find((row) => isInForce(row, at))?.price ?? null
  return {
    rows,
    priceOf(destination, model, at) {
      const own = byDestination.get(destination)
      const any = byDestination.get('*')
      return (
        among(own, model, at) ?? among(own, '*', at) ?? among(any, model, at) ?? among(any, '*', at)
      )
    },
    rate: (from, to) => (from === to ? ONE : (exchange.get(pairOf(from, to)) ?? null)),
  }
}

const pairOf = (from: string, to: string): string => `${from} ${to}`

const isInForce = ({ from, until }: PriceRow, at: EpochMs): boolean =>
  (from === null || at >= from) && (until === null || at < until)
