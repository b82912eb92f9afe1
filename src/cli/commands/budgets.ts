import { z } from 'zod'
import { BUDGET_PERIODS, BUDGET_SCOPES, BUDGET_UNITS } from '#budgets/budget.ts'
import { adminProblem, type AdminAnswer, type AdminClient } from '../admin-client.ts'
import { amountText } from '../amounts.ts'
import type { Command, Context, ExitCode, Parsed } from '../command.ts'
import { textOption } from '../command.ts'
import { table } from '../terminal.ts'
import { withAdmin } from '../with-admin.ts'

const BudgetView = z.object({
  id: z.string(),
  scope: z.enum(BUDGET_SCOPES),
  match: z.string(),
  unit: z.enum(BUDGET_UNITS),
  currency: z.string(),
  period: z.enum(BUDGET_PERIODS),
  timeZone: z.string(),
  soft: z.number().nullable(),
  hard: z.number().nullable(),
  downgrade: z.boolean(),
  onUnknownPrice: z.object({
    kind: z.enum(['refuse', 'count']),
    perRequest: z.number().optional(),
    perMillionTokens: z.number().optional(),
  }),
  origin: z.enum(['file', 'stored']),
  state: z.enum(['ok', 'soft', 'hard']),
  spent: z.number(),
  held: z.number(),
  remaining: z.number().nullable(),
  handedOut: z.number(),
  periodStart: z.number(),
  periodEnd: z.number().nullable(),
})
type BudgetView = z.infer<typeof BudgetView>

/** Options that are a field of the definition, and whether that is a number. */
const FIELDS = {
  scope: 'text',
  match: 'text',
  unit: 'text',
  currency: 'text',
  period: 'text',
  'time-zone': 'text',
  soft: 'number',
  'soft-percent': 'number',
  hard: 'number',
  'unknown-price': 'text',
  'unknown-per-request': 'number',
  'unknown-per-million-tokens': 'number',
} as const

/** `ecluse budgets`: what may be spent, by whom, and what was. */
export const budgets: Command = {
  name: 'budgets',
  summary: {
    en: 'Set, list and remove budgets, and see what was spent',
    fr: 'Fixer, lister et retirer les budgets, et voir ce qui a été dépensé',
  },
  usage: 'ls | show ID | set ID --hard N [--soft N] [--scope S --match M] [--period P] | rm ID',
  options: {
    ...Object.fromEntries(Object.keys(FIELDS).map((name) => [name, { type: 'string' } as const])),
    state: { type: 'string' },
    downgrade: { type: 'boolean' },
  },
  details: {
    en: `Scopes: ${BUDGET_SCOPES.join(', ')}. Units: money (in a currency), energy (in Wh), tokens. Periods: ${BUDGET_PERIODS.join(', ')}. ls takes --scope --match --unit --state ok|soft|hard. See docs/budgets.md.`,
    fr: `Portées : ${BUDGET_SCOPES.join(', ')}. Unités : money (dans une devise), energy (en Wh), tokens. Périodes : ${BUDGET_PERIODS.join(', ')}. ls accepte --scope --match --unit --state ok|soft|hard. Voir docs/budgets.md.`,
  },
  async run(args, context) {
    const [verb, id] = args.positionals
    if (verb === 'ls' || verb === 'list') {
      return withAdmin(context, (admin) => list(args, context, admin))
    }
    if (verb === 'show' && id !== undefined) {
      return withAdmin(context, (admin) => show(id, context, admin))
    }
    if (verb === 'set' && id !== undefined) {
      return withAdmin(context, (admin) => set(id, args, context, admin))
    }
    if (verb === 'rm' && id !== undefined) {
      return withAdmin(context, (admin) => remove(id, context, admin))
    }
    context.terminal.note(`ecluse budgets ${budgets.usage}`)
    return 3
  },
}

async function list(args: Parsed, context: Context, admin: AdminClient): Promise<ExitCode> {
  const { terminal } = context
  const query = new URLSearchParams()
  for (const name of ['scope', 'match', 'unit', 'state']) {
    const value = textOption(args, name)
    if (value !== undefined) query.set(name, value)
  }
  const answer = await admin.request('GET', `/api/budgets?${query.toString()}`)
  const read = z.object({ budgets: z.array(BudgetView) }).safeParse(answer.body)
  if (!read.success) return refused(context, answer)
  if (terminal.json) {
    terminal.out(JSON.stringify(read.data.budgets))
    return 0
  }
  const head = terminal.say({
    en: 'ID SCOPE PERIOD SPENT HELD SOFT HARD RENEWS STATE',
    fr: 'ID PORTÉE PÉRIODE DÉPENSÉ RÉSERVÉ SEUIL LIMITE RENOUVELÉ ÉTAT',
  })
  const rows = read.data.budgets.map((one) => [
    one.id,
    one.match === '' ? one.scope : `${one.scope}:${one.match}`,
    one.period,
    amountText(one.spent, one),
    amountText(one.held, one),
    amountText(one.soft, one),
    amountText(one.hard, one),
    day(one.periodEnd),
    stateText(one, context),
  ])
  for (const line of table(head.split(' '), rows)) terminal.out(line)
  return 0
}

const day = (at: number | null): string =>
  at === null ? '-' : new Date(at).toISOString().slice(0, 16).replace('T', ' ')

const stateText = ({ state }: BudgetView, { terminal }: Context): string =>
  ({
    ok: 'ok',
    soft: terminal.say({ en: 'over soft limit', fr: 'seuil passé' }),
    hard: terminal.say({ en: 'used up', fr: 'épuisé' }),
  })[state]

async function show(id: string, context: Context, admin: AdminClient): Promise<ExitCode> {
  return told(await admin.request('GET', `/api/budgets/${encodeURIComponent(id)}`), context)
}

async function set(
  id: string,
  args: Parsed,
  context: Context,
  admin: AdminClient,
): Promise<ExitCode> {
  const body: Record<string, unknown> = {}
  for (const [name, kind] of Object.entries(FIELDS)) {
    const value = textOption(args, name)
    if (value === undefined) continue
    if (kind === 'number' && !/^\d+(?:\.\d+)?$/.test(value)) {
      context.terminal.note(`--${name}: 0..1000000000`)
      return 3
    }
    body[name.replaceAll('-', '_')] = kind === 'number' ? Number(value) : value
  }
  if (args.values['downgrade'] === true) body['downgrade'] = true
  return told(await admin.request('PUT', `/api/budgets/${encodeURIComponent(id)}`, body), context)
}

async function remove(id: string, context: Context, admin: AdminClient): Promise<ExitCode> {
  const answer = await admin.request('DELETE', `/api/budgets/${encodeURIComponent(id)}`)
  if (answer.status !== 204) return refused(context, answer)
  if (context.terminal.json) context.terminal.out(JSON.stringify({ id, removed: true }))
  else
    context.terminal.out(
      context.terminal.say({ en: `Budget ${id} is removed.`, fr: `Le budget ${id} est retiré.` }),
    )
  return 0
}

/** One budget, in lines or as JSON. */
function told(answer: AdminAnswer, context: Context): ExitCode {
  const { terminal } = context
  const read = BudgetView.safeParse(answer.body)
  if (!read.success) return refused(context, answer)
  const one = read.data
  if (terminal.json) {
    terminal.out(JSON.stringify(one))
    return 0
  }
  const words = (en: string, fr: string): string => terminal.say({ en, fr }).padEnd(14)
  const scope = one.match === '' ? one.scope : `${one.scope} ${one.match}`
  const { kind, perRequest = 0, perMillionTokens = 0 } = one.onUnknownPrice
  const unknown =
    kind === 'refuse'
      ? terminal.say({ en: 'refused', fr: 'refusé' })
      : `${amountText(perRequest, one)} + ${amountText(perMillionTokens, one)} / 1M`
  for (const [name, value] of [
    [words('budget', 'budget'), `${one.id} (${stateText(one, context)})`],
    [words('scope', 'portée'), scope],
    [words('period', 'période'), `${one.period}, ${one.timeZone}`],
    [words('from', 'depuis'), day(one.periodStart)],
    [words('renews', 'renouvelé'), day(one.periodEnd)],
    [words('spent', 'dépensé'), amountText(one.spent, one)],
    [words('held', 'réservé'), amountText(one.held, one)],
    [words('remaining', 'reste'), amountText(one.remaining, one)],
    [words('soft limit', 'seuil'), amountText(one.soft, one)],
    [words('hard limit', 'limite'), amountText(one.hard, one)],
    [words('unknown price', 'prix inconnu'), unknown],
  ] as const) {
    terminal.out(`${name} ${value}`)
  }
  return 0
}

function refused(context: Context, answer: AdminAnswer): ExitCode {
  context.terminal.note(adminProblem(answer, context.terminal.language))
  return answer.status >= 500 ? 2 : 1
}
