import { z } from 'zod'
import { SCOPES } from '#kernel/permission.ts'
import { adminProblem, type AdminClient } from '../admin-client.ts'
import type { Command, Context, ExitCode, Parsed } from '../command.ts'
import { textOption } from '../command.ts'
import { table } from '../terminal.ts'
import { withAdmin } from '../with-admin.ts'

const DAY_MS = 86_400_000

const KeyRow = z.object({
  id: z.string(),
  name: z.string(),
  scopes: z.array(z.string()),
  createdAt: z.number(),
  expiresAt: z.number().nullable(),
  revokedAt: z.number().nullable(),
  lastUsedAt: z.number().nullable(),
})

/** `ecluse keys`: who may come in. */
export const keys: Command = {
  name: 'keys',
  summary: { en: 'Make, list and revoke API keys', fr: "Créer, lister et révoquer les clés d'API" },
  usage: 'create NAME [--scope S]... [--days N] | ls | revoke ID',
  options: { scope: { type: 'string', multiple: true }, days: { type: 'string' } },
  details: {
    en: `Scopes: ${SCOPES.join(', ')}; a new key has inference alone. The key is shown once.`,
    fr: `Droits : ${SCOPES.join(', ')} ; une nouvelle clé n'a que inference. La clé est montrée une seule fois.`,
  },
  async run(args, context) {
    const [verb, subject] = args.positionals
    if (verb === 'ls' || verb === 'list') return withAdmin(context, (admin) => list(context, admin))
    if (verb === 'create' && subject !== undefined) {
      return withAdmin(context, (admin) => create(subject, args, context, admin))
    }
    if (verb === 'revoke' && subject !== undefined) {
      return withAdmin(context, (admin) => revoke(subject, context, admin))
    }
    context.terminal.note(`ecluse keys ${keys.usage}`)
    return 3
  },
}

async function list(context: Context, admin: AdminClient): Promise<ExitCode> {
  const { terminal } = context
  const answer = await admin.request('GET', '/api/keys')
  const read = z.object({ keys: z.array(KeyRow) }).safeParse(answer.body)
  if (!read.success) return refused(context, answer)
  if (terminal.json) {
    terminal.out(JSON.stringify(read.data.keys))
    return 0
  }
  const day = (at: number | null): string =>
    at === null ? '-' : new Date(at).toISOString().slice(0, 10)
  const rows = read.data.keys.map((key) => [
    key.id,
    key.name,
    key.scopes.join(','),
    day(key.createdAt),
    day(key.expiresAt),
    day(key.lastUsedAt),
    key.revokedAt === null ? '' : terminal.say({ en: 'revoked', fr: 'révoquée' }),
  ])
  const head = terminal.say({
    en: 'ID NAME SCOPES CREATED EXPIRES LAST-USED STATE',
    fr: 'ID NOM DROITS CRÉÉE EXPIRE UTILISÉE ÉTAT',
  })
  for (const line of table(head.split(' '), rows)) terminal.out(line)
  return 0
}

async function create(
  name: string,
  args: Parsed,
  context: Context,
  admin: AdminClient,
): Promise<ExitCode> {
  const { terminal } = context
  const days = textOption(args, 'days')
  if (days !== undefined && !/^[1-9]\d{0,4}$/.test(days)) {
    terminal.note('--days: 1..99999')
    return 3
  }
  const scopes = args.values['scope']
  const answer = await admin.request('POST', '/api/keys', {
    name,
    ...(Array.isArray(scopes) ? { scopes } : {}),
    ...(days === undefined ? {} : { expiresAt: Date.now() + Number(days) * DAY_MS }),
  })
  const read = KeyRow.extend({ key: z.string() }).safeParse(answer.body)
  if (!read.success) return refused(context, answer)
  if (terminal.json) terminal.out(JSON.stringify(read.data))
  else {
    terminal.out(read.data.key)
    terminal.note(
      terminal.say({
        en: `Key ${read.data.id} (${read.data.scopes.join(', ')}): shown now, never again.`,
        fr: `Clé ${read.data.id} (${read.data.scopes.join(', ')}) : montrée maintenant, plus jamais ensuite.`,
      }),
    )
  }
  return 0
}

async function revoke(id: string, context: Context, admin: AdminClient): Promise<ExitCode> {
  const answer = await admin.request('DELETE', `/api/keys/${encodeURIComponent(id)}`)
  if (answer.status !== 204) return refused(context, answer)
  if (context.terminal.json) context.terminal.out(JSON.stringify({ id, revoked: true }))
  else
    context.terminal.out(
      context.terminal.say({ en: `Key ${id} is revoked.`, fr: `La clé ${id} est révoquée.` }),
    )
  return 0
}

function refused(context: Context, answer: { status: number; body: unknown }): ExitCode {
  context.terminal.note(adminProblem(answer, context.terminal.language))
  return answer.status >= 500 ? 2 : 1
}
