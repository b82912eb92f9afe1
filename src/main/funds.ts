import { setTimeout as wait } from 'node:timers/promises'
import { Bank } from '#budgets/bank.ts'
import type { Budget } from '#budgets/budget.ts'
import type { Vault } from '#budgets/ports.ts'
import { budgetTable, type BudgetTable } from '#budgets/table.ts'
import { energyBook } from '#economics/energy.ts'
import { priceBook } from '#economics/price.ts'
import type { LedgerWriter } from '#ledger/writer.ts'
import type { Funds } from '#pipeline/bill.ts'
import { LongestAnswers } from '#pipeline/estimate.ts'
import type { PriceSettings } from '#config/types.ts'
import type { LiveConfig } from './live-config.ts'

/** What a process that serves knows of money: prices of its configuration, the budgets it was told of, a bank of its own. */
export interface OwnFunds extends Funds {
  /** Other budgets are in force. */
  setBudgets(budgets: readonly Budget[]): void
}

export function ownFunds(
  live: LiveConfig,
  vault: Vault,
  budgets: readonly Budget[],
  ledger: Pick<LedgerWriter, 'recorded'>,
): OwnFunds {
  let table: BudgetTable = budgetTable(budgets)
  const books = ofSettings((settings: PriceSettings) => ({
    prices: priceBook(settings.rows, settings.exchange),
    energy: energyBook(settings.energy),
  }))
  const bank = new Bank({
    vault,
    now: () => performance.now(),
    sleep: (ms) => wait(ms, undefined, { ref: false }),
    recorded: () => ledger.recorded(),
  })
  return {
    table: () => table,
    prices: () => books(live.current.prices).prices,
    energy: () => books(live.current.prices).energy,
    bank,
    longest: new LongestAnswers(),
    setBudgets(next) {
      table = budgetTable(keepSame(table.all, next))
    },
  }
}

/** Definitions that did not change stay the same objects, so that nothing is asked for again because of them. */
function keepSame(before: readonly Budget[], next: readonly Budget[]): readonly Budget[] {
  const known = new Map(before.map((budget) => [JSON.stringify(budget), budget]))
  return next.map((budget) => known.get(JSON.stringify(budget)) ?? budget)
}

/** Made anew when the configuration is another one. */
function ofSettings<Made>(make: (settings: PriceSettings) => Made): (now: PriceSettings) => Made {
  let last: { readonly settings: PriceSettings; readonly made: Made } | null = null
  return (settings) => {
    if (last?.settings !== settings) last = { settings, made: make(settings) }
    return last.made
  }
}
