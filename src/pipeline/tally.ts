import { costOf } from '#economics/cost.ts'
import { energyOf } from '#economics/energy.ts'
import type { Quantities } from '#economics/quantities.ts'
import type { Priced } from './amount.ts'
import type { BillFields } from './events.ts'

/** Cost and energy of all attempts of one request; what is unknown of one is unknown of the sum. */
export class Tally {
  #attempts = 0
  #cost: number | null = 0
  #currency: string | null = null
  #microWh: number | null = 0
  #counted = 0

  add({ price, rate }: Priced, used: Quantities, counted: number | null): void {
    this.#attempts += 1
    this.#counted += counted ?? 0
    const cost = price && costOf(price, used)
    // two attempts in two currencies have no sum
    const isSame = this.#currency === null || this.#currency === price?.currency
    this.#currency ??= price?.currency ?? null
    this.#cost = this.#cost === null || cost === null || !isSame ? null : this.#cost + cost
    this.#microWh =
      this.#microWh === null || rate === null ? null : this.#microWh + energyOf(rate, used)
  }

  fields(): BillFields {
    if (this.#attempts === 0) return {}
    return {
      ...(this.#cost === null || this.#currency === null
        ? {}
        : { costMicro: this.#cost, currency: this.#currency }),
      ...(this.#microWh === null ? {} : { energyMwh: this.#microWh / 1000 }),
      ...(this.#counted > 0 ? { countedTokens: this.#counted } : {}),
    }
  }
}
