import type { z } from 'zod'
import type { Amount, Budget } from '#budgets/budget.ts'
import {
  constantRate,
  formulaRate,
  nanowattHours,
  type EnergyRate,
  type EnergyRow,
} from '#economics/energy.ts'
import type { ExchangeRate, Micro, PriceRow } from '#economics/price.ts'
import { ceilOfProduct, micro } from '#economics/whole.ts'
import { isOwnZone } from '#kernel/destination.ts'
import { err, ok, type Result } from '#kernel/result.ts'
import type { BudgetRowFile, EnergyRowFile, Prices, PriceRowFile } from './budget-schema.ts'
import type { Reading } from './reading.ts'
import { FileSchema } from './schema.ts'
import { secretAt } from './secret-at.ts'
import type { AlertSettings, PriceSettings } from './types.ts'

/** What is wrong in a row that has the right shape. */
export interface RowProblem {
  readonly key: string
  readonly code: 'missing-key' | 'out-of-range'
}

const MILLION = 1_000_000

export const pricesOf = (section: z.infer<typeof Prices>): PriceSettings => ({
  rows: section.models.map(priceRowOf),
  exchange: section.exchange.map(({ rate, ...row }): ExchangeRate => ({
    ...row,
    rate: micro(rate) ?? 0,
  })),
  energy: section.energy.flatMap((row): EnergyRow[] => {
    const rate = energyRateOf(row)
    return rate ? [{ destination: row.destination, model: row.model, rate }] : []
  }),
})

function priceRowOf(row: PriceRowFile): PriceRow {
  const of = (value: number | undefined): Micro | null =>
    value === undefined ? null : micro(value)
  const hourly = hourlyOf(row)
  return {
    destination: row.destination,
    model: row.model,
    price: {
      currency: row.currency,
      free: row.free,
      input: of(row.input) ?? hourly,
      output: of(row.output) ?? hourly,
      cachedInput: of(row.cached_input),
      cacheWrite: of(row.cache_write),
      reasoning: of(row.reasoning),
      request: of(row.request),
      image: of(row.image),
      second: of(row.second),
      character: of(row.characters),
      maxOutput: row.max_output ?? null,
    },
    from: row.from === undefined ? null : Date.parse(row.from),
    until: row.until === undefined ? null : Date.parse(row.until),
    source: row.source,
  }
}

/** An hour of a machine of one's own, spread over the tokens that it serves in it; per million tokens. */
function hourlyOf({ hourly, tokens_per_hour: tokens }: PriceRowFile): Micro | null {
  if (hourly === undefined || tokens === undefined) return null
  return ceilOfProduct(micro(hourly) ?? 0, MILLION, tokens)
}

/** Measured first, then a constant, then the formula; null when the row says none of them. */
function energyRateOf(row: EnergyRowFile): EnergyRate | null {
  const output = row.joules_per_output_token
  if (output !== undefined) {
    const input = nanowattHours(row.joules_per_input_token ?? 0)
    return { input, output: nanowattHours(output), method: 'measured', source: row.source ?? '' }
  }
  if (row.constant !== undefined) return constantRate(row.constant)
  const { active_parameters: active, total_parameters: total, pue } = row
  return active === undefined ? null : formulaRate({ active, total: total ?? active, pue })
}

/** A budget in its smallest units, or what is wrong with its row. */
export function budgetOf(
  row: BudgetRowFile,
  tenant: string,
  origin: Budget['origin'],
): Result<Budget, RowProblem> {
  const { scope, unit, hard, match, soft, soft_percent: percent } = row
  const missing = (key: string): Result<never, RowProblem> => err({ key, code: 'missing-key' })
  const outside = (key: string): Result<never, RowProblem> => err({ key, code: 'out-of-range' })
  if (scope !== 'organisation' && match === undefined) return missing('match')
  if (hard === undefined && (percent !== undefined || soft === undefined)) return missing('hard')
  const [hardAmount, softAmount] = [amountOf(hard, unit), amountOf(soft, unit)]
  if (hardAmount === undefined) return outside('hard')
  if (softAmount === undefined) return outside('soft')
  const share =
    percent === undefined || hardAmount === null ? null : Math.ceil((hardAmount / 100) * percent)
  if (softAmount !== null && hardAmount !== null && softAmount > hardAmount) return outside('soft')
  const [perRequest, perMillionTokens] = [
    amountOf(row.unknown_per_request, unit),
    amountOf(row.unknown_per_million_tokens, unit),
  ]
  const isCounted = row.unknown_price === 'count'
  // a ceiling of nothing would make the unknown free
  if (isCounted && !perRequest && !perMillionTokens) return missing('unknown_per_request')
  return ok({
    id: row.id,
    tenant,
    scope,
    match: scope === 'organisation' ? '' : (match ?? ''),
    unit,
    currency: unit === 'money' ? (row.currency ?? 'EUR') : '',
    period: row.period,
    timeZone: row.time_zone,
    soft: softAmount ?? share,
    hard: hardAmount,
    downgrade: row.downgrade,
    onUnknownPrice: isCounted
      ? { kind: 'count', perRequest: perRequest ?? 0, perMillionTokens: perMillionTokens ?? 0 }
      : { kind: 'refuse' },
    origin,
  })
}

/** Null where nothing is said; undefined where it is no whole number of the smallest unit. */
function amountOf(value: number | undefined, unit: Budget['unit']): Amount | null | undefined {
  if (value === undefined) return null
  if (unit === 'tokens') return Number.isSafeInteger(value) ? value : undefined
  return micro(value) ?? undefined
}

/** The budgets of the file; what is wrong with one is complained of. */
export function budgetsOf(
  rows: readonly BudgetRowFile[],
  tenant: string,
  { complain }: Reading,
): readonly Budget[] {
  const seen = new Set<string>()
  return rows.flatMap((row, at) => {
    const path = ['budgets', at]
    if (seen.has(row.id)) {
      complain({ code: 'duplicate-id', path: [...path, 'id'], detail: { id: row.id } })
    }
    seen.add(row.id)
    const made = budgetOf(row, tenant, 'file')
    if (made.ok) return [made.value]
    const { key, code } = made.error
    const detail = code === 'missing-key' ? { key } : { limits: '0 .. hard' }
    complain({ code, path: [...path, key], detail })
    return []
  })
}

const OFF: AlertSettings = { webhook: null }

/** The section about alerts, its secret resolved; off where it says nothing. */
export function readAlerts(reading: Reading): AlertSettings {
  const parsed = FileSchema.shape.alerts.safeParse(reading.file.value['alerts'] ?? {})
  if (!parsed.success || !parsed.data.webhook) return OFF
  const { url, secret: reference, zone } = parsed.data.webhook
  const { complain } = reading
  const secret = secretAt(reading, reference, ['alerts', 'webhook', 'secret'])
  if (secret === null) return OFF
  const { username, password, protocol } = new URL(url)
  const at = ['alerts', 'webhook', 'url']
  if (username !== '' || password !== '') complain({ code: 'credentials-in-url', path: at })
  if (protocol === 'http:' && !isOwnZone(zone)) complain({ code: 'plain-webhook', path: at })
  return { webhook: { url, secret, zone } }
}
