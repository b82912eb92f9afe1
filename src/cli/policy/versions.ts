import { readFileSync } from 'node:fs'
import { z } from 'zod'
import type { AdminAnswer, AdminClient } from '../admin-client.ts'
import { cellText, filtered, listRows, refusedAnswer } from '../admin-table.ts'
import { textOption, type Context, type ExitCode, type Parsed } from '../command.ts'
import type { Said } from '../terminal.ts'
import { withAdmin } from '../with-admin.ts'

const View = z.object({
  source: z.enum(['file', 'store']),
  number: z.number().nullable(),
  version: z.string(),
  rules: z.number(),
  staged: z
    .object({
      number: z.number().nullable(),
      version: z.string(),
      share: z.number(),
      by: z.enum(['key', 'team']),
    })
    .nullable(),
  shadow: z.object({ number: z.number().nullable(), version: z.string() }).nullable(),
})
export type PolicyInForce = z.infer<typeof View>

const Changed = z.object({ number: z.number(), policy: View })
const Problems = z.object({
  problems: z.array(z.object({ where: z.string(), message: z.string(), remedy: z.string() })),
})
const Version = z.object({
  number: z.number(),
  action: z.string(),
  digest: z.string().nullable(),
  reason: z.string(),
  by: z.string(),
  at: z.number(),
  document: z.string().nullable(),
})

/** The policy in force in a line or three. */
export function policyLines(view: PolicyInForce): readonly Said[] {
  const { source, number, version, rules, staged, shadow } = view
  return [
    source === 'file'
      ? {
          en: `Policy ${version}, ${rules} rules: that of the configuration file.`,
          fr: `Politique ${version}, ${rules} règles : celle du fichier de configuration.`,
        }
      : {
          en: `Policy ${version}, ${rules} rules: stored version ${number}; that of the configuration file is not in force.`,
          fr: `Politique ${version}, ${rules} règles : version ${number} de la base ; celle du fichier de configuration n'est pas en vigueur.`,
        },
    ...(staged
      ? [
          {
            en: `Version ${staged.number} (${staged.version}) is in force for ${staged.share} % of ${staged.by === 'key' ? 'keys' : 'teams'}.`,
            fr: `La version ${staged.number} (${staged.version}) est en vigueur pour ${staged.share} % des ${staged.by === 'key' ? 'clés' : 'équipes'}.`,
          },
        ]
      : []),
    ...(shadow
      ? [
          {
            en: `Version ${shadow.number} (${shadow.version}) is a shadow: asked beside, never obeyed. See \`ecluse policy shadow\`.`,
            fr: `La version ${shadow.number} (${shadow.version}) est une ombre : interrogée à côté, jamais suivie. Voir \`ecluse policy shadow\`.`,
          },
        ]
      : []),
  ]
}

/** `put`, `rollback`, `share`, `shadow`: what changes the policy needs a reason. */
export async function changeVersions(
  verb: 'put' | 'rollback' | 'share' | 'shadow',
  args: Parsed,
  context: Context,
): Promise<ExitCode> {
  const [, what] = args.positionals
  const reason = textOption(args, 'reason')
  const isOff = verb === 'shadow' && args.values['off'] === true
  if (reason === undefined || (what === undefined && !isOff)) {
    context.terminal.note(
      context.terminal.say({
        en: `ecluse policy ${verb} ${WANTS[verb]} --reason "why"`,
        fr: `ecluse policy ${verb} ${WANTS[verb]} --reason "pourquoi"`,
      }),
    )
    return 3
  }
  const share = textOption(args, 'share')
  const by = textOption(args, 'by')
  const body = (): Readonly<Record<string, unknown>> | null => {
    if (isOff) return { reason }
    if (verb === 'share') return { share: Number(what), reason }
    if (verb === 'rollback') return { version: what === 'file' ? 'file' : Number(what), reason }
    const document = documentOf(what ?? '', context)
    if (document === null) return null
    return {
      document,
      reason,
      ...(verb === 'put' && share !== undefined ? { share: Number(share) } : {}),
      ...(verb === 'put' && by !== undefined ? { by } : {}),
    }
  }
  const asked = body()
  if (!asked) return 2
  const path = isOff ? 'shadow/off' : PATHS[verb]
  return withAdmin(context, async (admin) =>
    told(await admin.request('POST', `/api/policy/${path}`, asked), context),
  )
}

const PATHS = { put: 'versions', rollback: 'rollback', share: 'share', shadow: 'shadow' } as const
const WANTS = {
  put: 'FILE [--share 10 [--by key|team]]',
  rollback: 'VERSION|file',
  share: 'PERCENT',
  shadow: 'FILE|--off',
} as const

function documentOf(file: string, { terminal }: Context): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(readFileSync(file))
  } catch (error) {
    const why = error instanceof Error && 'code' in error ? String(error.code) : 'UTF-8?'
    terminal.note(
      terminal.say({
        en: `${file} cannot be read (${why}).`,
        fr: `${file} est illisible (${why}).`,
      }),
    )
    return null
  }
}

function told(answer: AdminAnswer, context: Context): ExitCode {
  const { terminal } = context
  const problems = answer.status === 422 ? Problems.safeParse(answer.body) : null
  if (problems?.success) {
    if (terminal.json) terminal.out(JSON.stringify(answer.body))
    for (const { where, message, remedy } of problems.data.problems)
      terminal.note(`${where}: ${message} ${remedy}`)
    return 1
  }
  const changed = Changed.safeParse(answer.body)
  if (answer.status >= 300 || !changed.success) return refusedAnswer(context, answer)
  if (terminal.json) {
    terminal.out(JSON.stringify(answer.body))
    return 0
  }
  const { number, policy } = changed.data
  terminal.out(terminal.say({ en: `Change ${number}.`, fr: `Modification ${number}.` }))
  for (const line of policyLines(policy)) terminal.out(terminal.say(line))
  return 0
}

/** `ecluse policy history`: who changed what, when and why; the newest first. */
export const showHistory = (args: Parsed, context: Context): Promise<ExitCode> =>
  withAdmin(context, (admin) => {
    const path = filtered('/api/policy/versions', args, ['before', 'by', 'action', 'limit'])
    return listRows(context, admin, path, 'versions', [
      { head: { en: 'VERSION', fr: 'VERSION' }, of: 'number' },
      { head: { en: 'CHANGE', fr: 'CHANGEMENT' }, of: 'action' },
      { head: { en: 'POLICY', fr: 'POLITIQUE' }, of: 'digest' },
      { head: { en: 'SHARE', fr: 'PART' }, of: (row) => shareText(row) },
      { head: { en: 'WHEN', fr: 'QUAND' }, of: (row) => timeText(row['at']) },
      { head: { en: 'BY', fr: 'PAR' }, of: 'by' },
      { head: { en: 'REASON', fr: 'MOTIF' }, of: 'reason' },
    ])
  })

const shareText = (row: Readonly<Record<string, unknown>>): string =>
  row['staged'] === null ? '-' : `${cellText(row['share'])} % (${cellText(row['shareBy'])})`

const timeText = (at: unknown): string =>
  typeof at === 'number' ? new Date(at).toISOString().slice(0, 16).replace('T', ' ') : '-'

/** `ecluse policy show`: what is in force, or the text of one version. */
export const showVersion = (number: string | undefined, context: Context): Promise<ExitCode> =>
  withAdmin(context, async (admin) => {
    const { terminal } = context
    if (number !== undefined) return oneVersion(number, admin, context)
    const answer = await admin.request('GET', '/api/policy')
    const read = View.safeParse(answer.body)
    if (!read.success) return refusedAnswer(context, answer)
    if (terminal.json) {
      terminal.out(JSON.stringify(answer.body))
      return 0
    }
    for (const line of policyLines(read.data)) terminal.out(terminal.say(line))
    const stored = read.data.number
    return stored === null ? 0 : oneVersion(String(stored), admin, context)
  })

async function oneVersion(number: string, admin: AdminClient, context: Context): Promise<ExitCode> {
  const { terminal } = context
  const path = `/api/policy/versions/${encodeURIComponent(number)}`
  const answer = await admin.request('GET', path)
  const read = Version.safeParse(answer.body)
  if (!read.success) return refusedAnswer(context, answer)
  if (terminal.json) {
    terminal.out(JSON.stringify(answer.body))
    return 0
  }
  const { action, by, at, reason, document } = read.data
  terminal.out(terminal.paint('dim', `# ${number} ${action} ${timeText(at)} ${by}: ${reason}`))
  if (document !== null) terminal.out(document.trimEnd())
  return 0
}

const Shadow = z.object({
  shadow: z.object({ number: z.number().nullable(), version: z.string() }).nullable(),
  requests: z.number(),
  same: z.number(),
  differences: z.array(
    z.object({
      class: z.string(),
      change: z.string(),
      from: z.string().nullable(),
      to: z.string().nullable(),
      requests: z.number(),
    }),
  ),
})

/** `ecluse policy shadow`: what the shadow would have done so far. */
export const showShadow = (context: Context): Promise<ExitCode> =>
  withAdmin(context, async (admin) => {
    const { terminal } = context
    const answer = await admin.request('GET', '/api/policy/shadow')
    const read = Shadow.safeParse(answer.body)
    if (!read.success) return refusedAnswer(context, answer)
    if (terminal.json) {
      terminal.out(JSON.stringify(answer.body))
      return 0
    }
    const { shadow, requests, same, differences } = read.data
    if (!shadow) {
      terminal.out(
        terminal.say({
          en: 'There is no shadow: `ecluse policy shadow FILE --reason "why"`.',
          fr: 'Il n\'y a pas d\'ombre : `ecluse policy shadow FICHIER --reason "pourquoi"`.',
        }),
      )
      return 0
    }
    terminal.out(
      terminal.say({
        en: `Shadow ${shadow.number} (${shadow.version}): ${requests} requests since this gateway started, ${same} as now.`,
        fr: `Ombre ${shadow.number} (${shadow.version}) : ${requests} requêtes depuis le démarrage de cette passerelle, ${same} comme à présent.`,
      }),
    )
    for (const one of differences)
      terminal.out(
        `  ${String(one.requests).padStart(7)}  ${one.class.padEnd(12)} ${one.from ?? '-'} -> ${one.to ?? '-'}  ${one.change}`,
      )
    return 0
  })
