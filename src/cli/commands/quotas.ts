import { z } from 'zod'
import { MEASURE_KEYS } from '#config/quotas-section.ts'
import { DIMENSIONS } from '#quotas/quota.ts'
import { adminProblem, type AdminAnswer, type AdminClient } from '../admin-client.ts'
import { textOption, type Command, type Context, type ExitCode, type Parsed } from '../command.ts'
import { importQuotas } from '../import-quotas.ts'
import { table } from '../terminal.ts'
import { withAdmin } from '../with-admin.ts'

const Row = z.looseObject({
  id: z.string(),
  per: z.string(),
  match: z.record(z.string(), z.array(z.string())),
  window: z.string(),
  action: z.string(),
  priority: z.string().optional(),
  source: z.string(),
})
type Row = z.infer<typeof Row>
const List = z.object({ quotas: z.array(Row), next: z.string().nullable() })
const Usage = z.array(
  z.object({
    subject: z.record(z.string(), z.string()),
    measure: z.string(),
    limit: z.number(),
    used: z.number(),
  }),
)

const LIMITS = Object.keys(MEASURE_KEYS)
const dashed = (key: string): string => key.replaceAll('_', '-')

/** `ecluse quotas`: who may send how much. */
export const quotas: Command = {
  name: 'quotas',
  summary: {
    en: 'Limit requests, tokens, bytes and open streams',
    fr: 'Limiter les requêtes, les jetons, les octets et les flux ouverts',
  },
  usage: `ls [--per D] [--text T] [--source file|stored] | show ID | set ID [--per key+model] [--match key=NAME]... [--window 1m] [--${LIMITS.map(dashed).join(' N] [--')} N] [--action refuse|queue] [--priority P] | rm ID | import FILE`,
  options: {
    per: { type: 'string' },
    text: { type: 'string' },
    source: { type: 'string' },
    match: { type: 'string', multiple: true },
    window: { type: 'string' },
    action: { type: 'string' },
    queue: { type: 'string' },
    'max-wait-ms': { type: 'string' },
    priority: { type: 'string' },
    ...Object.fromEntries(LIMITS.map((key) => [dashed(key), { type: 'string' as const }])),
  },
  details: {
    en: `--per and --match: ${DIMENSIONS.join(', ')}. \`show\` tells what has been used. Quotas of ecluse.yaml are changed there. \`import\` reads JSON, JSON lines or CSV (titles: id, per, match.key, window, requests ...; names of a cell separated by |); - is standard input.`,
    fr: `--per et --match : ${DIMENSIONS.join(', ')}. \`show\` dit ce qui a été utilisé. Les quotas d'ecluse.yaml se changent là. \`import\` lit du JSON, du JSON par ligne ou du CSV (titres : id, per, match.key, window, requests ... ; les noms d'une cellule séparés par |) ; - est l'entrée standard.`,
  },
  async run(args, context) {
    const [verb = 'ls', id] = args.positionals
    if (verb === 'ls') return withAdmin(context, (admin) => list(args, context, admin))
    if (id === undefined) return usage(context)
    if (verb === 'show') return withAdmin(context, (admin) => show(id, context, admin))
    if (verb === 'import') return withAdmin(context, (admin) => importQuotas(id, context, admin))
    if (verb === 'rm') return withAdmin(context, (admin) => remove(id, context, admin))
    if (verb === 'set') {
      const row = rowOf(args)
      return row ? withAdmin(context, (admin) => set(id, row, context, admin)) : usage(context)
    }
    return usage(context)
  },
}

function usage({ terminal }: Context): ExitCode {
  terminal.note(`ecluse quotas ${quotas.usage}`)
  return 3
}

async function list(args: Parsed, context: Context, admin: AdminClient): Promise<ExitCode> {
  const { terminal } = context
  const rows: Row[] = []
  for (let after: string | null = ''; after !== null;) {
    const query = new URLSearchParams({ limit: '1000', ...(after === '' ? {} : { after }) })
    for (const name of ['per', 'text', 'source']) {
      const value = textOption(args, name)
      if (value !== undefined) query.set(name, value)
    }
    const answer = await admin.request('GET', `/api/quotas?${query.toString()}`)
    const read = List.safeParse(answer.body)
    if (!read.success) return refused(context, answer)
    rows.push(...read.data.quotas)
    after = read.data.next
  }
  if (terminal.json) terminal.out(JSON.stringify(rows))
  else printRows(context, rows)
  return 0
}

function printRows({ terminal }: Context, rows: readonly Row[]): void {
  const head = terminal.say({
    en: 'ID PER MATCH WINDOW LIMITS ACTION PRIORITY SOURCE',
    fr: 'ID PAR POUR FENÊTRE LIMITES ACTION PRIORITÉ SOURCE',
  })
  const lines = rows.map((row) => [
    row.id,
    row.per === '' ? '-' : row.per,
    matchText(row) || '*',
    row.window,
    limitsText(row) || '-',
    row.action,
    row.priority ?? '-',
    row.source,
  ])
  for (const line of table(head.split(' '), lines)) terminal.out(line)
}

const matchText = ({ match }: Row): string =>
  Object.entries(match)
    .map(([dimension, names]) => `${dimension}=${names.join(',')}`)
    .join(' ')

const limitsText = (row: Row): string =>
  LIMITS.flatMap((key) => (typeof row[key] === 'number' ? [`${key}=${row[key]}`] : [])).join(' ')

async function show(id: string, context: Context, admin: AdminClient): Promise<ExitCode> {
  const { terminal } = context
  const answer = await admin.request('GET', `/api/quotas/${encodeURIComponent(id)}`)
  const read = Row.extend({ usage: Usage }).safeParse(answer.body)
  if (!read.success) return refused(context, answer)
  if (terminal.json) {
    terminal.out(JSON.stringify(read.data))
    return 0
  }
  printRows(context, [read.data])
  const head = terminal.say({ en: 'FOR MEASURE USED LIMIT', fr: 'POUR MESURE UTILISÉ LIMITE' })
  const lines = read.data.usage.map(({ subject, measure, used, limit }) => [
    Object.values(subject).join(' ') || '*',
    measure,
    String(used),
    String(limit),
  ])
  for (const line of table(head.split(' '), lines)) terminal.out(line)
  return 0
}

async function set(
  id: string,
  row: Record<string, unknown>,
  context: Context,
  admin: AdminClient,
): Promise<ExitCode> {
  const answer = await admin.request('PUT', `/api/quotas/${encodeURIComponent(id)}`, row)
  const read = Row.safeParse(answer.body)
  if (!read.success) return refused(context, answer)
  if (context.terminal.json) context.terminal.out(JSON.stringify(read.data))
  else printRows(context, [read.data])
  return 0
}

async function remove(id: string, context: Context, admin: AdminClient): Promise<ExitCode> {
  const { terminal } = context
  const answer = await admin.request('DELETE', `/api/quotas/${encodeURIComponent(id)}`)
  if (answer.status !== 204) return refused(context, answer)
  if (terminal.json) terminal.out(JSON.stringify({ id, removed: true }))
  else
    terminal.out(terminal.say({ en: `Quota ${id} is gone.`, fr: `Le quota ${id} est supprimé.` }))
  return 0
}

/** The options as the admin API takes them; null when they make no sense. */
function rowOf(args: Parsed): Record<string, unknown> | null {
  const row: Record<string, unknown> = {}
  for (const name of ['per', 'window', 'action', 'priority']) {
    const value = textOption(args, name)
    if (value !== undefined) row[name] = value
  }
  for (const key of [...LIMITS, 'queue', 'max_wait_ms']) {
    const value = textOption(args, dashed(key))
    if (value === undefined) continue
    if (!/^\d{1,15}$/.test(value)) return null
    row[key] = Number(value)
  }
  const given = args.values['match']
  const match: Record<string, string[]> = {}
  for (const one of Array.isArray(given) ? given : []) {
    const [, dimension, names] = /^([a-z]+)=(.+)$/.exec(String(one)) ?? []
    if (dimension === undefined || names === undefined) return null
    match[dimension] = [...(match[dimension] ?? []), ...names.split(',')]
  }
  return { ...row, match }
}

function refused(context: Context, answer: AdminAnswer): ExitCode {
  context.terminal.note(adminProblem(answer, context.terminal.language))
  return answer.status >= 500 ? 2 : 1
}
