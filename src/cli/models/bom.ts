import { usageIn } from '../usage-words.ts'
import { z } from 'zod'
import type { JsonObject } from '#kernel/canonical-json.ts'
import { CYCLONEDX_VERSIONS } from '#models/bom/cyclonedx.ts'
import { checkSignature, signedText, withSignature } from '#models/bom/signed-bom.ts'
import { adminProblem } from '../admin-client.ts'
import { textOption, type Context, type ExitCode, type Parsed } from '../command.ts'
import { withAdmin } from '../with-admin.ts'
import { diffBills, readBom } from './bom-diff.ts'
import { keepBill, listBills, showBill, verifyBills } from './bom-history.ts'
import { writeOut } from './write-out.ts'
import type { ModelsSubcommand } from './subcommand.ts'

// the shape is that of the route, in this same program
const Document = z.custom<JsonObject>(
  (one) => typeof one === 'object' && one !== null && ('bomFormat' in one || '@graph' in one),
)

/** `ecluse models bom`. */
export const bomSubcommand: ModelsSubcommand = {
  summary: {
    en: 'The bill of materials of the running system (CycloneDX), signed; those that were kept; the difference of two; the check of one',
    fr: 'La nomenclature du système en service (CycloneDX), signée ; celles qui furent conservées ; la différence de deux ; la vérification d’une',
  },
  usage:
    '[--format cyclonedx-1.6|cyclonedx-1.7|spdx3-json] [--sign] [--out FILE] | ls [--since WHEN] [--until WHEN] [--gateway G] | show WHEN [--out FILE] | diff --from WHEN [--to WHEN] | diff A B | verify | keep | check FILE [--key HEX]',
  options: {
    format: { type: 'string' },
    sign: { type: 'boolean' },
    out: { type: 'string' },
    key: { type: 'string' },
    from: { type: 'string' },
    to: { type: 'string' },
    since: { type: 'string' },
    until: { type: 'string' },
    gateway: { type: 'string' },
    after: { type: 'string' },
    limit: { type: 'string' },
  },
  async run(args, context) {
    const format = textOption(args, 'format') ?? 'cyclonedx-1.6'
    const query = QUERIES.get(format)
    // a signature of ours has its place in CycloneDX alone
    const isSigned = args.values['sign'] === true
    const isWrong = query === undefined || (isSigned && format === 'spdx3-json')
    const code = isWrong ? null : await dispatch(query, args, context)
    if (code === null)
      for (const form of bomSubcommand.usage.split(' | '))
        context.terminal.note(`ecluse models bom ${usageIn(form, context.terminal.language)}`)
    return code ?? 3
  },
}

/** Formats, and how the route is asked for each. */
const QUERIES: ReadonlyMap<string, string> = new Map([
  ...CYCLONEDX_VERSIONS.map((one) => [`cyclonedx-${one}`, `spec=${one}`] as const),
  ['spdx3-json', 'format=spdx3'],
])

/** Null: used wrongly. */
async function dispatch(query: string, args: Parsed, context: Context): Promise<ExitCode | null> {
  const [verb, first, ...more] = args.positionals
  if (verb === 'diff') return diffBills(args, context)
  if (more.length > 0) return null
  if (verb === 'check') return first === undefined ? null : checkFile(first, args, context)
  if (verb === 'show') return first === undefined ? null : showBill(first, args, context)
  if (first !== undefined) return null
  if (verb === 'ls') return listBills(args, context)
  if (verb === 'verify') return verifyBills(context)
  if (verb === 'keep') return keepBill(context)
  return verb === undefined ? write(query, args, context) : null
}

async function write(query: string, args: Parsed, context: Context): Promise<ExitCode> {
  const { terminal } = context
  const made = { bom: null as JsonObject | null }
  const code = await withAdmin(context, async (admin) => {
    const answer = await admin.request('GET', `/api/bom?${query}`)
    const read = Document.safeParse(answer.body)
    if (!read.success) {
      terminal.note(adminProblem(answer, terminal.language))
      return 2
    }
    made.bom = read.data
    return 0
  })
  if (made.bom === null) return code
  // only now: a command that administers holds the data directory, and so does one that signs
  const bom = args.values['sign'] === true ? await signed(made.bom, context) : made.bom
  if (bom === null) return 2
  const text = `${JSON.stringify(bom, null, 2)}\n`
  const out = textOption(args, 'out')
  if (out === undefined) {
    terminal.out(text.trimEnd())
    return 0
  }
  if (!(await writeOut(out, text, terminal))) return 2
  tellWritten(out, bom, context)
  return 0
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
  if (!('bomFormat' in bom)) {
    const elements = countOf(bom, '@graph')
    if (terminal.json) terminal.out(JSON.stringify({ out, elements }))
    else
      terminal.out(
        terminal.say({ en: `${out}: ${elements} elements`, fr: `${out} : ${elements} éléments` }),
      )
    return
  }
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
