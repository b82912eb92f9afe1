import { z } from 'zod'
import { BUDGET_PERIODS, BUDGET_SCOPES, BUDGET_UNITS } from '#budgets/budget.ts'
import { isTimeZone } from '#budgets/period.ts'
import { ENERGY_CONSTANTS } from '#economics/energy.ts'
import { micro } from '#economics/whole.ts'
import { ZONES } from '#kernel/destination.ts'
import { Count } from './resilience-schema.ts'

const checked = (expected: string, valid: (value: string) => boolean) =>
  z.string().refine(valid, { params: { expected } })

/** An amount that can be kept without loss. */
const Decimal = z
  .number()
  .min(0)
  .max(1_000_000_000)
  .refine((value) => micro(value) !== null, { params: { expected: 'decimal' } })

const Name = checked('one-line', (text) => /^[^\p{C}\p{Zl}\p{Zp}]{1,200}$/u.test(text))
const Currency = z.string().regex(/^[A-Z]{3}$/, { error: 'currency' })
const Day = checked(
  'day',
  (text) => /^\d{4}-\d\d-\d\d$/.test(text) && !Number.isNaN(Date.parse(text)),
)
const BudgetId = z.string().regex(/^[a-z0-9][a-z0-9._-]{0,63}$/, { error: 'identifier' })
const Source = Name.describe('Where the figure comes from, and of what day it is.')

const PriceRow = z.strictObject({
  destination: Name.default('*').describe('Id of a destination; all of them when absent.'),
  model: Name.default('*').describe('Name callers use; all of them when absent.'),
  currency: Currency.default('EUR'),
  free: z
    .boolean()
    .default(false)
    .describe('Costs nothing, and says so; an absent price does not.'),
  input: Decimal.optional().describe('Per million tokens of prompt.'),
  output: Decimal.optional().describe('Per million tokens of answer.'),
  cached_input: Decimal.optional().describe('Per million tokens read from a cache.'),
  cache_write: Decimal.optional().describe('Per million tokens written to a cache.'),
  reasoning: Decimal.optional().describe('Per million tokens spent on reasoning.'),
  request: Decimal.optional().describe('For each request.'),
  image: Decimal.optional().describe('For each picture made.'),
  second: Decimal.optional().describe('For each second of sound.'),
  characters: Decimal.optional().describe('Per million characters to be spoken.'),
  hourly: Decimal.optional().describe('What an hour of your own machine costs, all told.'),
  tokens_per_hour: Count(1_000_000_000_000)
    .optional()
    .describe('Tokens of both directions that it really serves in an hour.'),
  max_output: Count(100_000_000).optional().describe('Most tokens that one answer can have.'),
  from: Day.optional().describe('First day that it counts, UTC.'),
  until: Day.optional().describe('First day that it does not count any more, UTC.'),
  source: Source,
})
export type PriceRowFile = z.infer<typeof PriceRow>

const ExchangeRow = z.strictObject({
  from: Currency,
  to: Currency,
  rate: Decimal.describe('So much of `to` for one of `from`.'),
  source: Source,
})

const EnergyRow = z.strictObject({
  destination: Name.default('*'),
  model: Name.default('*'),
  constant: z
    .enum(ENERGY_CONSTANTS)
    .optional()
    .describe('A configuration that was measured, carried with the program.'),
  joules_per_output_token: Decimal.optional().describe('As your own meter has it.'),
  joules_per_input_token: Decimal.optional(),
  active_parameters: z.number().positive().max(100_000).optional().describe('Billions.'),
  total_parameters: z.number().positive().max(100_000).optional().describe('Billions.'),
  pue: z.number().min(1).max(5).default(1.2).describe('Of the data centre, for the formula.'),
  source: Source.optional(),
})
export type EnergyRowFile = z.infer<typeof EnergyRow>

/** Prices and energy, by destination and model. */
export const Prices = z.strictObject({
  models: z.array(PriceRow).default([]).describe('The most exact row counts, then the youngest.'),
  exchange: z.array(ExchangeRow).default([]).describe('Rates between currencies.'),
  energy: z.array(EnergyRow).default([]).describe('What models draw.'),
})

/** One budget, in the units that people use: a currency, watt-hours, tokens. */
export const BudgetRow = z.strictObject({
  id: BudgetId,
  scope: z.enum(BUDGET_SCOPES).default('organisation').describe('Whose spending it bounds.'),
  match: Name.optional().describe(
    'Id of the team, person, application, key or destination; name of the model.',
  ),
  unit: z.enum(BUDGET_UNITS).default('money'),
  currency: Currency.optional().describe('Of money; EUR when absent.'),
  period: z.enum(BUDGET_PERIODS).default('month').describe('`total` never renews.'),
  time_zone: checked('time-zone', isTimeZone)
    .default('UTC')
    .describe('Whose midnight begins a day, such as Europe/Paris.'),
  soft: Decimal.optional().describe('Warned from here on.'),
  soft_percent: z.number().gt(0).max(100).optional().describe('The same, as a share of `hard`.'),
  hard: Decimal.optional().describe('Refused where this would be passed.'),
  downgrade: z
    .boolean()
    .default(false)
    .describe('Beyond the soft limit the cheapest destination of the verdict is asked first.'),
  unknown_price: z
    .enum(['refuse', 'count'])
    .default('refuse')
    .describe('What happens to a request whose price is unknown; `count` takes the two below.'),
  unknown_per_request: Decimal.optional(),
  unknown_per_million_tokens: Decimal.optional(),
})
export type BudgetRowFile = z.infer<typeof BudgetRow>

/** Where thresholds are told. */
export const Alerts = z.strictObject({
  webhook: z
    .strictObject({
      url: checked('http-url', isWebhookUrl),
      secret: z.string().describe('`${env:NAME}` or `${file:path}`; signs every message.'),
      zone: z
        .enum(ZONES)
        .default('api')
        .describe(
          'Where the receiver is; outside your own zones it needs https and a public address.',
        ),
    })
    .optional(),
})

function isWebhookUrl(text: string): boolean {
  const url = URL.canParse(text) ? new URL(text) : null
  return (url?.protocol === 'http:' || url?.protocol === 'https:') && !/[{}\s]/.test(text)
}
