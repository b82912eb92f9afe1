import { usageIn } from '../usage-words.ts'
import { readFile } from 'node:fs/promises'
import type { AdminClient } from '../admin-client.ts'
import { refusedAnswer } from '../admin-table.ts'
import { textOption, type Context, type ExitCode, type Options, type Parsed } from '../command.ts'
import { EXCEPTION_KINDS } from '#models/admission/record.ts'
import { toldWrongValue, type OptionValues } from '../option-values.ts'
import type { Said } from '../terminal.ts'
import { withAdmin } from '../with-admin.ts'
import { keepBillAfter } from './bom-history.ts'
import { refusedModel } from './no-such-model.ts'
import { Full, showFull } from './show-admission.ts'
import { textOptions, type ModelsSubcommand } from './subcommand.ts'

interface StepOf {
  readonly verb: string
  readonly summary: Said
  readonly usage: string
  readonly options: Options
  /** What options with a list of values may hold. */
  readonly values?: OptionValues
  /** The body of the request; null: the command was not used right. */
  readonly body: (args: Parsed) => Promise<Record<string, unknown> | null>
}

/** A step of an admission as a sub-command: a model, what is said of it, and what is recorded then. */
function stepSubcommand({
  verb,
  summary,
  usage,
  options,
  values = {},
  body,
}: StepOf): ModelsSubcommand {
  return {
    summary,
    usage,
    options,
    async run(args, context) {
      const [id, ...more] = args.positionals
      if (toldWrongValue(args, values, context.terminal, { several: Object.keys(values) })) return 3
      let given: Record<string, unknown> | null
      try {
        given = id === undefined || more.length > 0 ? null : await body(args)
      } catch (error) {
        const path = error instanceof Error && 'path' in error ? String(error.path) : '?'
        context.terminal.note(
          context.terminal.say({
            en: `${path} cannot be read.`,
            fr: `${path} est illisible.`,
          }),
        )
        return 2
      }
      if (id === undefined || given === null) {
        context.terminal.note(`ecluse models ${verb} ${usageIn(usage, context.terminal.language)}`)
        return 3
      }
      return withAdmin(context, async (admin) => {
        const code = await take(verb, id, given, context, admin)
        await keepBillAfter(admin, context)
        return code
      })
    },
  }
}

async function take(
  verb: string,
  id: string,
  body: Record<string, unknown>,
  context: Context,
  admin: AdminClient,
): Promise<ExitCode> {
  // weights of the store that nothing is recorded of yet are taken note of first
  const known = await admin.request('GET', `/api/models/${encodeURIComponent(id)}`)
  const read = Full.safeParse(known.body)
  if (!read.success) return refusedModel(id, known, admin, context)
  if (read.data.record === undefined) {
    const brought = await admin.request('POST', '/api/models', { name: read.data.name })
    if (brought.status >= 300) return refusedAnswer(context, brought)
  }
  const answer = await admin.request('POST', `/api/models/${encodeURIComponent(id)}/${verb}`, body)
  const done = Full.safeParse(answer.body)
  if (!done.success) return refusedAnswer(context, answer)
  if (context.terminal.json) context.terminal.out(JSON.stringify(done.data))
  else showFull(done.data, context.terminal)
  return done.data.state === 'quarantined' ? 1 : 0
}

const present = (given: Record<string, unknown>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined))

const fileOf = (args: Parsed, name: string): Promise<string | undefined> => {
  const path = textOption(args, name)
  return path === undefined ? Promise.resolve(undefined) : readFile(path, 'utf8')
}

/** `ecluse models admit`. */
export const admitSubcommand = stepSubcommand({
  verb: 'admit',
  summary: {
    en: 'Read a stored model whole, scan it, and record who vouches for its bytes: its registry, a digest, or a signature',
    fr: 'Relire un modèle en entier, l’analyser, et consigner qui répond de ses octets : son registre, une empreinte, ou une signature',
  },
  usage:
    'NAME|DIGEST [--digest sha256:HEX] [--bundle FILE --public-key FILE | --cert-chain FILE | --identity ID --identity-provider URL]',
  options: {
    digest: { type: 'string' },
    bundle: { type: 'string' },
    'public-key': { type: 'string' },
    'cert-chain': { type: 'string', multiple: true },
    identity: { type: 'string' },
    'identity-provider': { type: 'string' },
  },
  async body(args) {
    const chain = await Promise.all(
      textOptions(args, 'cert-chain').map((path) => readFile(path, 'utf8')),
    )
    return present({
      digest: textOption(args, 'digest'),
      bundle: await fileOf(args, 'bundle'),
      publicKey: await fileOf(args, 'public-key'),
      certificates: chain.length === 0 ? undefined : chain.join('\n'),
      identity: textOption(args, 'identity'),
      issuer: textOption(args, 'identity-provider'),
    })
  },
})

/** `ecluse models rescan`. */
export const rescanSubcommand = stepSubcommand({
  verb: 'scan',
  summary: {
    en: 'Scan a stored model again and record the verdict',
    fr: 'Analyser de nouveau un modèle en réserve et consigner le verdict',
  },
  usage: 'NAME|DIGEST',
  options: {},
  body: () => Promise.resolve({}),
})

/** `ecluse models approve`. */
export const approveSubcommand = stepSubcommand({
  verb: 'approve',
  summary: {
    en: "Approve verified weights: they are signed with the company's key",
    fr: "Approuver des poids vérifiés : ils sont signés de la clé de l'entreprise",
  },
  usage: 'NAME|DIGEST [--reason TEXT]',
  options: { reason: { type: 'string' } },
  body: (args) => Promise.resolve(present({ reason: textOption(args, 'reason') })),
})

/** `ecluse models suspend`. */
export const suspendSubcommand = stepSubcommand({
  verb: 'suspend',
  summary: {
    en: 'End the service of weights until they are admitted or approved again',
    fr: "Arrêter le service de poids jusqu'à ce qu'ils soient de nouveau admis ou approuvés",
  },
  usage: 'NAME|DIGEST --reason TEXT',
  options: { reason: { type: 'string' } },
  body: (args) => Promise.resolve(reasoned(args)),
})

/** `ecluse models revoke`. */
export const revokeSubcommand = stepSubcommand({
  verb: 'revoke',
  summary: {
    en: 'End the service of these very bytes for good',
    fr: 'Arrêter définitivement le service de ces octets-là',
  },
  usage: 'NAME|DIGEST --reason TEXT',
  options: { reason: { type: 'string' } },
  body: (args) => Promise.resolve(reasoned(args)),
})

function reasoned(args: Parsed): Record<string, unknown> | null {
  const reason = textOption(args, 'reason')
  return reason === undefined ? null : { reason }
}

/** `ecluse models exception`. */
export const exceptionSubcommand = stepSubcommand({
  verb: 'exception',
  summary: {
    en: 'Let a format serve that is not served by default, until a day; signed with the company’s key',
    fr: "Laisser servir un format qui ne l'est pas par défaut, jusqu'à un jour donné ; signé de la clé de l'entreprise",
  },
  usage: 'NAME|DIGEST --kind pickle[,code...] --until YYYY-MM-DD --reason TEXT',
  values: { kind: EXCEPTION_KINDS },
  options: { kind: { type: 'string' }, until: { type: 'string' }, reason: { type: 'string' } },
  body(args) {
    const [kind, until, reason] = ['kind', 'until', 'reason'].map((name) => textOption(args, name))
    const expiresAt = until === undefined ? NaN : Date.parse(until)
    if (kind === undefined || reason === undefined || Number.isNaN(expiresAt))
      return Promise.resolve(null)
    return Promise.resolve({ kinds: kind.split(','), reason, expiresAt })
  },
})
