import type { Choice } from '#kernel/verdict.ts'
import type { Refusal } from '#kernel/refusal.ts'
import type { Shortage } from '#budgets/bank.ts'
import type { Amount, Budget } from '#budgets/budget.ts'
import { costOf } from '#economics/cost.ts'
import { energyOf, type EnergyRate } from '#economics/energy.ts'
import { NO_PRICE, type Price, type PriceBook } from '#economics/price.ts'
import type { Quantities } from '#economics/quantities.ts'
import { ceilOfProduct, micro } from '#economics/whole.ts'
import type { EpochMs } from '#kernel/units.ts'

const MILLION = 1_000_000

/** What is known of one choice for one request. */
export interface Priced {
  readonly price: Price | null
  readonly rate: EnergyRate | null
  /** The most that it can use; read only where somebody asks. */
  readonly most: () => Quantities
}

/** What quantities are worth to a budget; null where that is unknown and the budget refuses what it cannot count. */
export function amountOf(
  budget: Budget,
  about: Priced,
  used: Quantities,
  prices: PriceBook,
): Amount | null {
  const known = knownAmount(budget, about, used, prices)
  if (known !== null) return known
  const { onUnknownPrice: rule } = budget
  if (rule.kind === 'refuse') return null
  const tokens = used.input + used.output
  return rule.perRequest + ceilOfProduct(tokens, rule.perMillionTokens, MILLION)
}

function knownAmount(
  budget: Budget,
  { price, rate }: Priced,
  used: Quantities,
  prices: PriceBook,
): Amount | null {
  switch (budget.unit) {
    case 'tokens':
      return used.input + used.output
    case 'energy':
      return rate && energyOf(rate, used)
    case 'money': {
      const cost = price && costOf(price, used)
      if (!price || cost === null) return null
      if (cost === 0 || price.currency === budget.currency) return cost
      const exchange = prices.rate(price.currency, budget.currency)
      return exchange === null ? null : ceilOfProduct(cost, exchange, MILLION)
    }
  }
}

/** The price list first, then what the destination's own row says, in euro. */
export function priceOf(
  prices: PriceBook,
  { destination, model }: Pick<Choice, 'destination' | 'model'>,
  at: EpochMs,
): Price | null {
  const listed = prices.priceOf(destination.id, model.name, at)
  if (listed || !model.price) return listed
  const known = OF_ROWS.get(model.price)
  if (known !== undefined) return known
  const [input, output] = [micro(model.price.input), micro(model.price.output)]
  const price = input === null || output === null ? null : { ...NO_PRICE, input, output }
  OF_ROWS.set(model.price, price)
  return price
}

const OF_ROWS = new WeakMap<object, Price | null>()

const UNAVAILABLE_SECONDS = 5

/** Why a budget has no room, and when it has again. */
export function shortageRefusal({ budget, period, why }: Shortage, at: EpochMs): Refusal {
  const detail = { budget: budget.id, renews: renewal(period.end) }
  if (why === 'unavailable') {
    return { code: 'budget-unavailable', detail, retryAfterSeconds: UNAVAILABLE_SECONDS }
  }
  if (!Number.isFinite(period.end)) return { code: 'budget-exhausted', detail }
  const retryAfterSeconds = Math.max(1, Math.ceil((period.end - at) / 1000))
  return { code: 'budget-exhausted', detail, retryAfterSeconds }
}

const renewal = (end: EpochMs): string =>
  Number.isFinite(end) ? new Date(end).toISOString().replace('.000', '') : '-'

export const unknownPrice = (budget: Budget, { destination, model }: Choice): Refusal => ({
  code: 'price-unknown',
  detail: { budget: budget.id, destination: destination.id, model: model.name },
})

/** The smallest unit of a budget, as callers are told it. */
export const unitName = ({ unit, currency }: Budget): string =>
  unit === 'money' ? `micro-${currency}` : unit === 'energy' ? 'micro-Wh' : 'tokens'
