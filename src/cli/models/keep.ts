import { usageIn } from '../usage-words.ts'
import { randomUUID } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { z } from 'zod'
import { findModel, listModels } from '#models/store/find-model.ts'
import { findGarbage, removeGarbage, type Garbage } from '#models/getting/collect-garbage.ts'
import { exportModel, importModel, type ImportedModel } from '#models/getting/model-bundle.ts'
import { describePullFailure } from '#models/pull/pull-messages.ts'
import { machinePorts } from '#models/pull/pull-ports.ts'
import { failureOf, type PullFailure } from '#models/pull/pull-failure.ts'
import type { PullContext } from '#models/pull/pull-request.ts'
import { adminProblem, type AdminAnswer, type AdminClient } from '../admin-client.ts'
import { textOption, type Context, type ExitCode, type Parsed } from '../command.ts'
import { pull } from '../commands/pull.ts'
import { bytesText, table, type Said } from '../terminal.ts'
import { refusedAnswer } from '../admin-table.ts'
import { stoppable } from '../stoppable.ts'
import { withAdmin } from '../with-admin.ts'
import { keepBillAfter } from './bom-history.ts'
import { noSuchModel } from './no-such-model.ts'
import { Full, showFull } from './show-admission.ts'
import type { ModelsSubcommand } from './subcommand.ts'

/** `ecluse models pull`: the same as `ecluse pull`. */
export const pullSubcommand: ModelsSubcommand = {
  summary: pull.summary,
  usage: pull.usage,
  options: pull.options,
  run: (args, context) => pull.run(args, context),
}

const GARBAGE: Readonly<Record<Garbage['kind'], Said>> = {
  blob: { en: 'file', fr: 'fichier' },
  partial: { en: 'begun', fr: 'entamé' },
  quarantine: { en: 'refused', fr: 'refusé' },
  note: { en: 'note', fr: 'note' },
}

/** `ecluse models gc`. */
export const gcSubcommand: ModelsSubcommand = {
  summary: {
    en: 'List what no model refers to in the store; --delete removes it',
    fr: "Lister ce qu'aucun modèle n'utilise en réserve ; --delete le supprime",
  },
  usage: '[--delete]',
  options: { delete: { type: 'boolean' } },
  async run(args, context) {
    const { terminal } = context
    const config = await context.config()
    if (!config) return 2
    const dir = context.paths(config).models
    const found = await findGarbage(dir, Date.now())
    if (found === 'unreadable-manifest') {
      terminal.note(
        terminal.say({
          en: 'A manifest of the store cannot be read, so that nobody knows what it uses: nothing is removed.',
          fr: "Un manifeste de la réserve est illisible, on ne sait donc pas ce qu'il utilise : rien n'est supprimé.",
        }),
      )
      return 2
    }
    const isDeleted = args.values['delete'] === true
    try {
      if (isDeleted) await removeGarbage(dir, found, Date.now())
    } catch (error) {
      return failed(failureOf(error, new AbortController().signal), context)
    }
    const bytes = found.reduce((sum, one) => sum + one.bytes, 0)
    if (terminal.json) {
      terminal.out(JSON.stringify({ deleted: isDeleted, bytes, found }))
      return 0
    }
    for (const line of table(
      ['', '', ''],
      found.map(({ kind, path, bytes: size }) => [
        terminal.say(GARBAGE[kind]),
        bytesText(size),
        path,
      ]),
    ).slice(1))
      terminal.out(line)
    terminal.out(
      terminal.say(
        isDeleted
          ? { en: `${bytesText(bytes)} freed.`, fr: `${bytesText(bytes)} libérés.` }
          : {
              en: `${bytesText(bytes)} can go: \`ecluse models gc --delete\`.`,
              fr: `${bytesText(bytes)} peuvent partir : \`ecluse models gc --delete\`.`,
            },
      ),
    )
    return 0
  },
}

const nameOf = ({ name }: { readonly name: string }): string => name

const Signed = z.object({ record: z.string(), bundle: z.string().nullable() })
const Key = z.object({ publicKey: z.string() })

/** `ecluse models export`. */
export const exportSubcommand: ModelsSubcommand = {
  summary: {
    en: "Write a model with its admission and the company's signature into one file, for machines without a network",
    fr: "Écrire un modèle avec son admission et la signature de l'entreprise dans un fichier, pour des machines sans réseau",
  },
  usage: 'NAME FILE',
  options: {},
  async run(args, context) {
    const { terminal } = context
    const [name, file] = args.positionals
    if (name === undefined || file === undefined) {
      terminal.note(usageIn('ecluse models export NAME FILE', terminal.language))
      return 3
    }
    const config = await context.config()
    if (!config) return 2
    const dir = context.paths(config).models
    const found = await findModel(dir, name)
    if (found === null) return noSuchModel(name, (await listModels(dir)).map(nameOf), context)
    return withAdmin(context, async (admin) => {
      const path = `/api/models/${found.digest}/export`
      const signed = Signed.safeParse((await admin.request('POST', path)).body)
      const key = Key.safeParse((await admin.request('GET', '/api/models/key')).body)
      const beside = {
        record: signed.success ? signed.data.record : null,
        signature: signed.success ? signed.data.bundle : null,
        publicKey: signed.success && key.success ? key.data.publicKey : null,
      }
      const written = await stoppable((signal) => {
        const pulling = contextOf(context.paths(config).models, context, signal)
        return exportModel(found, resolve(file), beside, pulling)
      })
      terminal.status(null)
      if (!written.ok) return failed(written.error, context)
      const { bytes } = written.value
      if (terminal.json)
        terminal.out(JSON.stringify({ name, file, bytes, isSigned: beside.signature !== null }))
      else {
        terminal.out(`${file}  ${bytesText(bytes)}`)
        if (beside.signature === null) terminal.note(terminal.say(NOT_APPROVED))
      }
      return 0
    })
  },
}

/** `ecluse models import`. */
export const importSubcommand: ModelsSubcommand = {
  summary: {
    en: 'Take a model out of such a file: every byte is verified, and it arrives in quarantine; the signed approval of a trusted house verifies it',
    fr: 'Reprendre un modèle d’un tel fichier : chaque octet est vérifié, et il arrive en quarantaine ; l’approbation signée d’une maison de confiance le vérifie',
  },
  usage: 'FILE [NAME] [--trust-key FILE]',
  options: { 'trust-key': { type: 'string' } },
  async run(args, context) {
    const { terminal } = context
    const [file, name] = args.positionals
    if (file === undefined) {
      terminal.note(`ecluse models import ${usageIn(importSubcommand.usage, terminal.language)}`)
      return 3
    }
    const config = await context.config()
    if (!config) return 2
    const trustKey = await keyGiven(args, context)
    if (trustKey === null) return 2
    const taken = await stoppable((signal) =>
      importModel(resolve(file), name, contextOf(context.paths(config).models, context, signal)),
    )
    terminal.status(null)
    if (!taken.ok) return failed(taken.error, context)
    const { manifest } = taken.value
    return withAdmin(context, async (admin) => {
      const brought = await admin.request('POST', '/api/models', { name: manifest.name })
      if (brought.status >= 300) return refusedAnswer(context, brought)
      const accepted = await acceptThere(taken.value, trustKey, admin)
      await keepBillAfter(admin, context)
      const isRefused = accepted !== null && accepted.status >= 300
      const read = Full.safeParse((isRefused ? brought : (accepted ?? brought)).body)
      if (!read.success) return refusedAnswer(context, accepted ?? brought)
      if (isRefused) terminal.note(adminProblem(accepted, terminal.language))
      else if (accepted === null) terminal.note(terminal.say(NOTHING_SIGNED))
      if (terminal.json) terminal.out(JSON.stringify(read.data))
      else showFull(read.data, terminal)
      // it is here, and no more than anything else that arrives: no answer to who asked for trust
      return (isRefused || accepted === null) && trustKey !== undefined ? 1 : 0
    })
  },
}

const NOT_APPROVED: Said = {
  en: 'It is not approved here, so no signature goes with it: `ecluse models approve`.',
  fr: "Il n'est pas approuvé ici, aucune signature ne l'accompagne : `ecluse models approve`.",
}

/** The key to trust for this import; null, and a note, where it cannot be read. */
async function keyGiven(args: Parsed, { terminal }: Context): Promise<string | undefined | null> {
  const path = textOption(args, 'trust-key')
  try {
    return path === undefined ? undefined : await readFile(path, 'utf8')
  } catch {
    terminal.note(terminal.say({ en: `${path} cannot be read.`, fr: `${path} est illisible.` }))
    return null
  }
}

const NOTHING_SIGNED: Said = {
  en: 'No approval of another house came with it.',
  fr: 'Aucune approbation d’une autre maison ne l’accompagne.',
}

/** Shows what came along to the keeper of admissions, who knows whom to trust; null where nothing did. */
async function acceptThere(
  { manifest, record, signature }: ImportedModel,
  trustKey: string | undefined,
  admin: AdminClient,
): Promise<AdminAnswer | null> {
  if (record === null || signature === null) return null
  const given = { record, bundle: signature, ...(trustKey === undefined ? {} : { trustKey }) }
  return admin.request('POST', `/api/models/${manifest.digest}/import`, given)
}

const contextOf = (
  dir: string,
  { terminal, environment }: Context,
  signal: AbortSignal,
): PullContext => ({
  dir,
  ports: machinePorts(Date.now, randomUUID, environment),
  onProgress: (progress) => {
    if (progress.phase === 'downloading') terminal.status(bytesText(progress.received))
  },
  signal,
})

function failed(failure: PullFailure, { terminal }: Context): ExitCode {
  const { message, remedy } = describePullFailure(failure, terminal.language)
  if (terminal.json)
    terminal.out(JSON.stringify({ error: { code: failure.code, message, remedy } }))
  else terminal.note(`${terminal.paint('red', message)} ${remedy}`)
  return failure.code === 'digest-mismatch' || failure.code === 'bundle-malformed' ? 1 : 2
}
