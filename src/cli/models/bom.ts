import { randomUUID } from 'node:crypto'
import { readFile, writeFile } from 'node:fs/promises'
import { z } from 'zod'
import type { JsonObject } from '#kernel/canonical-json.ts'
import { CYCLONEDX_VERSIONS, cycloneDx, type CycloneDxVersion } from '#models/bom/cyclonedx.ts'
import { diffBoms } from '#models/bom/diff-boms.ts'
import { bomOfDay, keepBom } from '#models/bom/kept-boms.ts'
import { inventoryOf } from '#models/bom/inventory.ts'
import { ownPackages } from '#models/bom/own-packages.ts'
import { checkSignature, signedText, withSignature } from '#models/bom/signed-bom.ts'
import { listModels } from '#models/find-model.ts'
import type { StackComponent } from '#models/stack/stack.ts'
import type { EngineView } from '#models/vulnerabilities/view.ts'
import { adminProblem, type AdminAnswer } from '../admin-client.ts'
import { textOption, type Context, type ExitCode, type Parsed } from '../command.ts'
import { withAdmin } from '../with-admin.ts'
import type { ModelsSubcommand } from './subcommand.ts'

const isRow = (one: unknown): boolean => typeof one === 'object' && one !== null
// the shapes are those of the routes, in this same program
const Stack = z.object({ components: z.array(z.custom<StackComponent>(isRow)) })
const Engines = z.object({ engines: z.array(z.custom<EngineView>(isRow)) })

const Dated = z.looseObject({ metadata: z.looseObject({ timestamp: z.string() }) })

/** `ecluse models bom`. */
export const bomSubcommand: ModelsSubcommand = {
  summary: {
    en: 'The bill of materials of the running system (CycloneDX), signed; the difference of two; the check of one',
    fr: 'La nomenclature du système en service (CycloneDX), signée ; la différence de deux ; la vérification d’une',
  },
  usage:
    '[--format cyclonedx-1.6|cyclonedx-1.7] [--sign] [--out FILE] [--keep] | diff A B | check FILE [--key HEX]',
  options: {
    format: { type: 'string' },
    sign: { type: 'boolean' },
    out: { type: 'string' },
    key: { type: 'string' },
    keep: { type: 'boolean' },
  },
  async run(args, context) {
    const [verb, ...files] = args.positionals
    if (verb === 'diff' && files.length === 2) return diffFiles(files, context)
    if (verb === 'check' && files.length === 1) return checkFile(files[0] ?? '', args, context)
    const format = textOption(args, 'format') ?? 'cyclonedx-1.6'
    const version = CYCLONEDX_VERSIONS.find((one) => format === `cyclonedx-${one}`)
    if (verb !== undefined || version === undefined) {
      context.terminal.note(`ecluse models bom ${bomSubcommand.usage}`)
      return 3
    }
    return write(version, args, context)
  },
}

async function write(version: CycloneDxVersion, args: Parsed, context: Context): Promise<ExitCode> {
  const { terminal } = context
  const made = { bom: null as JsonObject | null }
  const code = await withAdmin(context, async (admin) => {
    // the second answers from what the first has just asked of the engines
    const [engines, stack] = [
      await admin.request('GET', '/api/vulnerabilities'),
      await admin.request('GET', '/api/stack'),
    ]
    const bom = await bomOf(engines, stack, version, context)
    if ('problem' in bom) {
      terminal.note(bom.problem)
      return 2
    }
    made.bom = bom.bom
    return 0
  })
  if (made.bom === null) return code
  // only now: a command that administers holds the data directory, and so does one that signs
  const bom = args.values['sign'] === true ? await signed(made.bom, context) : made.bom
  if (bom === null) return 2
  const text = `${JSON.stringify(bom, null, 2)}\n`
  const asked = textOption(args, 'out')
  const keeps = args.values['keep'] === true
  if (asked === undefined && !keeps) {
    terminal.out(text.trimEnd())
    return 0
  }
  const out = asked ?? ''
  try {
    if (asked !== undefined) await writeFile(asked, text)
    if (keeps) await keepHere(bom, text, context)
    if (asked === undefined) return 0
  } catch (error) {
    const why = error instanceof Error && 'code' in error ? String(error.code) : '?'
    terminal.note(`${out}: ${why}`)
    return 2
  }
  tellWritten(out, bom, context)
  return 0
}

async function keepHere(bom: JsonObject, text: string, context: Context): Promise<void> {
  const config = await context.config()
  if (!config) return
  const at = Dated.parse(bom).metadata.timestamp
  const path = await keepBom(context.paths(config).boms, at, text)
  if (!context.terminal.json) context.terminal.out(path)
}

async function bomOf(
  engines: AdminAnswer,
  stack: AdminAnswer,
  version: CycloneDxVersion,
  context: Context,
): Promise<{ readonly bom: JsonObject } | { readonly problem: string }> {
  const { terminal } = context
  const [found, components] = [Engines.safeParse(engines.body), Stack.safeParse(stack.body)]
  if (!found.success) return { problem: adminProblem(engines, terminal.language) }
  if (!components.success) return { problem: adminProblem(stack, terminal.language) }
  const own = ownPackages()
  const config = await context.config()
  if (!own || !config) return { problem: 'package.json ?' }
  const inventory = inventoryOf({
    at: new Date().toISOString(),
    id: randomUUID(),
    stack: components.data.components,
    engines: found.data.engines,
    manifests: await listModels(context.paths(config).models),
    own,
  })
  return { bom: cycloneDx(inventory, version) }
}

async function signed(bom: JsonObject, context: Context): Promise<JsonObject | null> {
  const { terminal } = context
  const config = await context.config()
  const evidence = config && (await context.evidence(config))
  if (!evidence) return null
  if (!evidence.ok) {
    terminal.note(terminal.say(evidence.error))
    return null
  }
  try {
    const used = { key: '' }
    const made = await evidence.value.sign((key) => {
      used.key = key
      return signedText(bom, key)
    })
    if (made) return withSignature(bom, used.key, made.signature)
    terminal.note(
      terminal.say({
        en: 'This machine does not have the key of the checkpoints, so nothing was signed: ask where the gateway runs.',
        fr: 'Cette machine n’a pas la clé des points de contrôle, rien n’est signé : demandez là où tourne la passerelle.',
      }),
    )
    return null
  } finally {
    await evidence.value.close()
  }
}

const countOf = (bom: JsonObject, name: string): number => {
  const list = bom[name]
  return Array.isArray(list) ? list.length : 0
}

function tellWritten(out: string, bom: JsonObject, { terminal }: Context): void {
  const [components, services, flaws] = ['components', 'services', 'vulnerabilities'].map((name) =>
    countOf(bom, name),
  )
  const check = checkSignature(bom)
  const by = check.state === 'holds' ? check.key : null
  if (terminal.json) {
    terminal.out(
      JSON.stringify({ out, components, services, vulnerabilities: flaws, signedBy: by }),
    )
    return
  }
  terminal.out(
    terminal.say({
      en: `${out}: ${components} components, ${services} services, ${flaws} vulnerabilities${by === null ? '' : `; signed by ${by}`}`,
      fr: `${out} : ${components} composants, ${services} services, ${flaws} vulnérabilités${by === null ? '' : ` ; signée par ${by}`}`,
    }),
  )
}

/** Largest bill that is read, in characters. */
const LARGEST = 64 * 1024 * 1024

async function readBom(file: string, { terminal }: Context): Promise<JsonObject | null> {
  try {
    const text = await readFile(file, 'utf8')
    const value: unknown = text.length > LARGEST ? null : JSON.parse(text)
    if (isBom(value)) return value
  } catch {
    // told below
  }
  terminal.note(
    terminal.say({
      en: `${file}: no bill of materials of CycloneDX in JSON, or it cannot be read.`,
      fr: `${file} : pas une nomenclature CycloneDX en JSON, ou illisible.`,
    }),
  )
  return null
}

const isBom = (value: unknown): value is JsonObject =>
  typeof value === 'object' &&
  value !== null &&
  'bomFormat' in value &&
  value.bomFormat === 'CycloneDX'

/** A file; or a day, which stands for the newest bill that was kept by then. */
async function fileOrDay(word: string, context: Context): Promise<string> {
  if (!/^\d{4}-\d\d-\d\d$/.test(word)) return word
  const config = await context.config()
  return (config && (await bomOfDay(context.paths(config).boms, word))) ?? word
}

async function diffFiles(files: readonly string[], context: Context): Promise<ExitCode> {
  const { terminal } = context
  const [a, b] = await Promise.all(files.map((file) => fileOrDay(file, context)))
  const [before, after] = [await readBom(a ?? '', context), await readBom(b ?? '', context)]
  const changes = before && after && diffBoms(before, after)
  if (!changes) return 2
  const marks = { added: '+', removed: '-', changed: '~' } as const
  const colours = { added: 'green', removed: 'red', changed: 'yellow' } as const
  for (const one of changes) {
    if (terminal.json) terminal.out(JSON.stringify(one))
    else
      terminal.out(
        `${terminal.paint(colours[one.change], marks[one.change])} ${one.ref}${one.fields.length === 0 ? '' : `  ${one.fields.join(', ')}`}`,
      )
  }
  if (changes.length === 0 && !terminal.json)
    terminal.note(terminal.say({ en: 'No difference.', fr: 'Aucune différence.' }))
  return changes.length === 0 ? 0 : 1
}

async function checkFile(file: string, args: Parsed, context: Context): Promise<ExitCode> {
  const { terminal } = context
  const bom = await readBom(file, context)
  if (bom === null) return 2
  const check = checkSignature(bom)
  const wanted = textOption(args, 'key')?.toLowerCase()
  const state =
    check.state === 'holds' && wanted !== undefined && wanted !== check.key
      ? 'other-key'
      : check.state
  const key = 'key' in check ? check.key : null
  if (terminal.json) terminal.out(JSON.stringify({ file, state, key }))
  else terminal.out(`${file}: ${terminal.say(CHECKS[state])}${key === null ? '' : `  ${key}`}`)
  return state === 'holds' ? 0 : 1
}

const CHECKS = {
  holds: {
    en: 'the signature holds; compare the key with `ecluse audit keys`',
    fr: 'la signature tient ; comparez la clé avec `ecluse audit keys`',
  },
  broken: {
    en: 'the signature does NOT hold: it was changed',
    fr: 'la signature ne tient PAS : elle a été modifiée',
  },
  'other-key': { en: 'signed by ANOTHER key', fr: 'signée par une AUTRE clé' },
  unsigned: { en: 'not signed', fr: 'non signée' },
} as const
