import { z } from 'zod'
import { GRANTS, SCOPES } from '#kernel/permission.ts'
import type { AdminClient } from '../admin-client.ts'
import {
  cellText,
  changeRow,
  dayOf,
  emptiable,
  filtered,
  listOption,
  listRows,
  refusedAnswer,
} from '../admin-table.ts'
import type { Command, Context, ExitCode, Parsed } from '../command.ts'
import { textOption } from '../command.ts'
import { withAdmin } from '../with-admin.ts'

const DAY_MS = 86_400_000
const HOUR_MS = 3_600_000

const Made = z.looseObject({ id: z.string(), key: z.string(), scopes: z.array(z.string()) })

/** `ecluse keys`: who may come in. */
export const keys: Command = {
  name: 'keys',
  summary: {
    en: 'Make, list, change, rotate and revoke API keys',
    fr: "Créer, lister, modifier, renouveler et révoquer les clés d'API",
  },
  usage:
    'create NAME [--scope S]... [--days N] [limits] | ls [--state usable|expired|revoked] [--person P] [--application A] [--team T] | change ID [...] | rotate ID [--overlap-hours N] | revoke ID',
  options: {
    scope: { type: 'string', multiple: true },
    days: { type: 'string' },
    name: { type: 'string' },
    person: { type: 'string' },
    application: { type: 'string' },
    team: { type: 'string' },
    purpose: { type: 'string' },
    model: { type: 'string', multiple: true },
    surface: { type: 'string', multiple: true },
    'max-class': { type: 'string' },
    zone: { type: 'string', multiple: true },
    address: { type: 'string', multiple: true },
    'overlap-hours': { type: 'string' },
    state: { type: 'string' },
    after: { type: 'string' },
    limit: { type: 'string' },
  },
  details: {
    en: `Scopes: ${SCOPES.join(', ')}; roles too: ${GRANTS.slice(SCOPES.length).join(', ')}. A new key has inference alone. The key is shown once.\nLimits: --model GLOB, --surface NAME, --max-class CLASS, --zone ZONE, --address CIDR, each as often as needed; \`-\` lifts one.`,
    fr: `Droits : ${SCOPES.join(', ')} ; et des rôles : ${GRANTS.slice(SCOPES.length).join(', ')}. Une nouvelle clé n'a que inference. La clé est montrée une seule fois.\nLimites : --model MOTIF, --surface NOM, --max-class CLASSE, --zone ZONE, --address CIDR, autant que nécessaire ; \`-\` en lève une.`,
  },
  async run(args, context) {
    const [verb, subject] = args.positionals
    if (verb === 'ls' || verb === 'list')
      return withAdmin(context, (admin) => list(context, args, admin))
    const wrong = wrongNumber(args)
    if (wrong !== null) {
      context.terminal.note(wrong)
      return 3
    }
    if (subject !== undefined && verb !== undefined && Object.hasOwn(VERBS, verb)) {
      return withAdmin(
        context,
        (admin) => VERBS[verb]?.(subject, args, context, admin) ?? Promise.resolve(3),
      )
    }
    context.terminal.note(`ecluse keys ${keys.usage}`)
    return 3
  },
}

type Verb = (
  subject: string,
  args: Parsed,
  context: Context,
  admin: AdminClient,
) => Promise<ExitCode>

const VERBS: Readonly<Record<string, Verb>> = { create, change, rotate, revoke }

function list(context: Context, args: Parsed, admin: AdminClient): Promise<ExitCode> {
  const { terminal } = context
  const names = ['state', 'person', 'application', 'team', 'after', 'limit']
  return listRows(context, admin, filtered('/api/keys', args, names), 'keys', [
    { head: { en: 'ID', fr: 'ID' }, of: 'id' },
    { head: { en: 'NAME', fr: 'NOM' }, of: 'name' },
    { head: { en: 'SCOPES', fr: 'DROITS' }, of: 'scopes' },
    {
      head: { en: 'OF', fr: 'DE' },
      of: (row) => cellText(row['person'] ?? row['application'] ?? row['team']),
    },
    { head: { en: 'CREATED', fr: 'CRÉÉE' }, of: dayOf('createdAt') },
    { head: { en: 'EXPIRES', fr: 'EXPIRE' }, of: dayOf('expiresAt') },
    { head: { en: 'LAST-USED', fr: 'UTILISÉE' }, of: dayOf('lastUsedAt') },
    {
      head: { en: 'STATE', fr: 'ÉTAT' },
      of: ({ revokedAt, replacedBy }) => {
        if (revokedAt !== null) return terminal.say({ en: 'revoked', fr: 'révoquée' })
        if (replacedBy === null) return ''
        const by = cellText(replacedBy)
        return terminal.say({ en: `replaced by ${by}`, fr: `remplacée par ${by}` })
      },
    },
  ])
}

async function create(
  name: string,
  args: Parsed,
  context: Context,
  admin: AdminClient,
): Promise<ExitCode> {
  const body = {
    name,
    ...fieldsOf(args),
    ...emptiable(args, ['person', 'application', 'team']),
  }
  return shown(context, await admin.request('POST', '/api/keys', body))
}

function change(id: string, args: Parsed, context: Context, admin: AdminClient): Promise<ExitCode> {
  const name = textOption(args, 'name')
  const body = { ...(name === undefined ? {} : { name }), ...fieldsOf(args) }
  const path = `/api/keys/${encodeURIComponent(id)}`
  return changeRow(context, admin, 'PUT', path, body, () => ({
    en: `Key ${id} is changed.`,
    fr: `La clé ${id} est modifiée.`,
  }))
}

async function rotate(
  id: string,
  args: Parsed,
  context: Context,
  admin: AdminClient,
): Promise<ExitCode> {
  const hours = Number(textOption(args, 'overlap-hours') ?? 24)
  const { expiresAt } = fieldsOf(args)
  const body = {
    overlapMs: hours * HOUR_MS,
    ...(expiresAt === undefined ? {} : { expiresAt }),
  }
  const path = `/api/keys/${encodeURIComponent(id)}/rotate`
  const code = shown(context, await admin.request('POST', path, body))
  if (code === 0 && !context.terminal.json)
    context.terminal.note(
      context.terminal.say({
        en: `Key ${id} goes on for ${hours} h beside it.`,
        fr: `La clé ${id} continue à côté pendant ${hours} h.`,
      }),
    )
  return code
}

function revoke(
  id: string,
  _args: Parsed,
  context: Context,
  admin: AdminClient,
): Promise<ExitCode> {
  const path = `/api/keys/${encodeURIComponent(id)}`
  const { terminal } = context
  return admin.request('DELETE', path).then((answer) => {
    if (answer.status !== 204) return refusedAnswer(context, answer)
    if (terminal.json) terminal.out(JSON.stringify({ id, revoked: true }))
    else
      terminal.out(terminal.say({ en: `Key ${id} is revoked.`, fr: `La clé ${id} est révoquée.` }))
    return 0
  })
}

/** A new key, on standard output and nowhere else. */
function shown(
  { terminal, ...context }: Context,
  answer: { readonly status: number; readonly body: unknown },
): ExitCode {
  const read = Made.safeParse(answer.body)
  if (!read.success) return refusedAnswer({ terminal, ...context }, answer)
  const { id, key, scopes } = read.data
  if (terminal.json) terminal.out(JSON.stringify(read.data))
  else {
    terminal.out(key)
    terminal.note(
      terminal.say({
        en: `Key ${id} (${scopes.join(', ')}): shown now, never again.`,
        fr: `Clé ${id} (${scopes.join(', ')}) : montrée maintenant, plus jamais ensuite.`,
      }),
    )
  }
  return 0
}

interface Fields {
  readonly expiresAt?: number | null
}

/** What the options say of a key; the gateway checks the words. */
function fieldsOf(args: Parsed): Fields & Readonly<Record<string, unknown>> {
  const scopes = listOption(args, 'scope')
  const days = textOption(args, 'days')
  const lists = { models: 'model', surfaces: 'surface', zones: 'zone', addresses: 'address' }
  const restrictions: Record<string, unknown> = {}
  for (const [field, option] of Object.entries(lists)) {
    const words = listOption(args, option)
    if (words) restrictions[field] = words.length === 0 ? null : words
  }
  const maxClass = textOption(args, 'max-class')
  if (maxClass !== undefined) restrictions['maxClass'] = maxClass === '-' ? null : maxClass
  return {
    ...emptiable(args, ['purpose']),
    ...(scopes ? { scopes } : {}),
    ...(days === undefined
      ? {}
      : { expiresAt: days === '-' ? null : Date.now() + Number(days) * DAY_MS }),
    ...(Object.keys(restrictions).length > 0 ? { restrictions } : {}),
  }
}

/** Which number is none, or null. */
function wrongNumber(args: Parsed): string | null {
  const days = textOption(args, 'days')
  if (days !== undefined && !/^(?:[1-9]\d{0,4}|-)$/.test(days)) return '--days: 1..99999, -'
  const hours = textOption(args, 'overlap-hours')
  return hours === undefined || /^\d{1,3}$/.test(hours) ? null : '--overlap-hours: 0..720'
}
