import { z } from 'zod'
import { changeRow, filtered, listRows, refusedAnswer } from '../admin-table.ts'
import { textOption, type Command, type Context, type ExitCode } from '../command.ts'
import type { AdminClient } from '../admin-client.ts'
import { withAdmin } from '../with-admin.ts'

const Found = z.record(z.string(), z.number())
const Held = z.looseObject({
  id: z.string(),
  state: z.string(),
  caller: z.string(),
  rule: z.string(),
  model: z.string(),
  label: z.object({ class: z.string() }),
  found: Found,
  text: z.string(),
  reasoning: z.string(),
  calls: z.array(z.object({ name: z.string(), arguments: z.string() })),
})

const FILTERS = ['state', 'class', 'caller', 'rule', 'since', 'until', 'after', 'limit'] as const

const foundText = (found: unknown): string => {
  const read = Found.safeParse(found)
  const counts = Object.entries(read.success ? read.data : {}).map(
    ([kind, count]) => `${kind}=${count}`,
  )
  return counts.join(' ') || '-'
}

/** `ecluse reviews`: answers that a person reads before who asked gets them. */
export const reviews: Command = {
  name: 'reviews',
  summary: {
    en: 'Read answers that wait, release, edit or refuse them',
    fr: 'Lire les réponses en attente, les libérer, les modifier ou les refuser',
  },
  usage:
    'ls [--state waiting|approved|edited|refused] [--class C] [--caller KEY] [--rule ID] [--since T] [--until T] | show ID | approve ID | edit ID --text TEXT | refuse ID --reason TEXT',
  options: {
    ...Object.fromEntries(FILTERS.map((name) => [name, { type: 'string' as const }])),
    text: { type: 'string' },
    reason: { type: 'string' },
  },
  details: {
    en: 'Nobody decides about an answer to their own request. That an answer was read, and what was decided, is in the evidence.',
    fr: "Personne ne décide d'une réponse à sa propre requête. La lecture et la décision sont inscrites dans les preuves.",
  },
  async run(args, context) {
    const [verb = 'ls', id] = args.positionals
    if (verb === 'ls')
      return withAdmin(context, (admin) =>
        list(filtered('/api/reviews', args, FILTERS), context, admin),
      )
    if (id === undefined) return usage(context)
    const path = `/api/reviews/${encodeURIComponent(id)}`
    if (verb === 'show') return withAdmin(context, (admin) => show(path, context, admin))
    const [text, reason] = [textOption(args, 'text'), textOption(args, 'reason')]
    if (verb === 'approve') return decide(context, `${path}/approve`, {})
    if (verb === 'edit' && text !== undefined) return decide(context, `${path}/edit`, { text })
    if (verb === 'refuse' && reason !== undefined)
      return decide(context, `${path}/refuse`, { reason })
    return usage(context)
  },
}

function usage({ terminal }: Context): ExitCode {
  terminal.note(`ecluse reviews ${reviews.usage}`)
  return 3
}

const list = (path: string, context: Context, admin: AdminClient): Promise<ExitCode> =>
  listRows(context, admin, path, 'reviews', [
    { head: { en: 'ID', fr: 'ID' }, of: 'id' },
    {
      head: { en: 'SINCE', fr: 'DEPUIS' },
      of: ({ at }) => (typeof at === 'number' ? new Date(at).toISOString().slice(0, 16) : '-'),
    },
    { head: { en: 'STATE', fr: 'ÉTAT' }, of: 'state' },
    {
      head: { en: 'CLASS', fr: 'CLASSE' },
      of: ({ label }) => z.object({ class: z.string() }).safeParse(label).data?.class ?? '-',
    },
    { head: { en: 'FOUND', fr: 'TROUVÉ' }, of: ({ found }) => foundText(found) },
    { head: { en: 'RULE', fr: 'RÈGLE' }, of: 'rule' },
    { head: { en: 'KEY', fr: 'CLÉ' }, of: 'caller' },
    { head: { en: 'MODEL', fr: 'MODÈLE' }, of: 'model' },
  ])

async function show(path: string, context: Context, admin: AdminClient): Promise<ExitCode> {
  const { terminal } = context
  const answer = await admin.request('GET', path)
  const read = Held.safeParse(answer.body)
  if (!read.success) return refusedAnswer(context, answer)
  if (terminal.json) {
    terminal.out(JSON.stringify(read.data))
    return 0
  }
  const { state, label, found, rule, caller, model, text, reasoning, calls } = read.data
  terminal.out([state, label.class, foundText(found), rule, caller, model].join('  '))
  if (reasoning !== '')
    terminal.out(
      `\n${terminal.say({ en: 'REASONING', fr: 'RAISONNEMENT' })}\n${shownText(reasoning)}`,
    )
  terminal.out(`\n${terminal.say({ en: 'TEXT', fr: 'TEXTE' })}\n${shownText(text)}`)
  for (const call of calls) terminal.out(`\n${shownText(call.name)}(${shownText(call.arguments)})`)
  return 0
}

/** What an answer says may not steer the terminal, nor hide from who reads it. */
const shownText = (text: string): string =>
  text.replaceAll(/[\p{Cc}\p{Cf}\p{Co}\p{Cn}]/gu, (sign) =>
    sign === '\n' || sign === '\t'
      ? sign
      : `<U+${(sign.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}>`,
  )

const decide = (context: Context, path: string, body: object): Promise<ExitCode> =>
  withAdmin(context, (admin) =>
    changeRow(context, admin, 'POST', path, body, (row) => ({
      en: `Answer ${String(row['id'])}: ${String(row['state'])}`,
      fr: `Réponse ${String(row['id'])} : ${STATES_FR[String(row['state'])] ?? String(row['state'])}`,
    })),
  )

const STATES_FR: Readonly<Record<string, string>> = {
  approved: 'libérée',
  edited: 'modifiée et libérée',
  refused: 'refusée',
}
