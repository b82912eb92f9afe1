import { readPath, type ImportedPath } from '#models/vulnerabilities/import/read-path.ts'
import { keep } from '#models/vulnerabilities/kept.ts'
import { productOf } from '#models/vulnerabilities/products.ts'
import { JUSTIFICATIONS, VEX_STATES, VexStatement } from '#models/vulnerabilities/vex.ts'
import { textOption, type Context, type ExitCode, type Parsed } from '../command.ts'
import { usageOf } from './catalogue.ts'

const today = (): string => new Date().toISOString().slice(0, 10)

/** `ecluse vulnerabilities import`. */
export async function importPaths(
  paths: readonly string[],
  _args: Parsed,
  context: Context,
): Promise<ExitCode> {
  if (paths.length === 0) return usageOf('import PATH...', context)
  const config = await context.config()
  if (!config) return 2
  const { terminal } = context
  const folder = context.paths(config).vulnerabilities
  let worst: ExitCode = 0
  for (const path of paths) {
    const read = await readPath(path, today(), (name) => terminal.status(name))
    terminal.status(null)
    if (read === null) {
      terminal.note(
        terminal.say({
          en: `${path}: there is no such file or folder.`,
          fr: `${path} : pas de tel fichier ou dossier.`,
        }),
      )
      worst = 2
      continue
    }
    try {
      await keep(folder, read)
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? String(error.code) : '?'
      terminal.note(
        terminal.say({
          en: `${folder} cannot be written to (${code}).`,
          fr: `Impossible d'écrire dans ${folder} (${code}).`,
        }),
      )
      return 2
    }
    tell(path, read, context)
    if (read.unreadCount > 0) worst = 2
  }
  return worst
}

function tell(path: string, read: ImportedPath, { terminal }: Context): void {
  const { records, statements, rejected, documents, others, unread, unreadCount } = read
  if (terminal.json) {
    const counts = {
      records: records.length,
      statements: statements.length,
      rejected: rejected.length,
    }
    terminal.out(JSON.stringify({ path, ...counts, documents, others, unread, unreadCount }))
    return
  }
  const kinds = Object.entries(documents)
    .map(([kind, count]) => `${kind} ${count}`)
    .join(', ')
  terminal.out(
    terminal.say({
      en: `${path}: ${records.length} records and ${statements.length} VEX statements imported (${kinds || 'no document'}); ${others} about other products.`,
      fr: `${path} : ${records.length} fiches et ${statements.length} déclarations VEX importées (${kinds || 'aucun document'}) ; ${others} sur d'autres produits.`,
    }),
  )
  if (unreadCount > 0) {
    terminal.note(
      terminal.say({
        en: `${unreadCount} files are no OSV, CSAF, CVE, OpenVEX or CycloneDX document: ${unread.slice(0, 5).join(', ')}`,
        fr: `${unreadCount} fichiers ne sont pas des documents OSV, CSAF, CVE, OpenVEX ou CycloneDX : ${unread.slice(0, 5).join(', ')}`,
      }),
    )
  }
}

const VEX_USAGE =
  'vex ID PRODUCT[@VERSION] not_affected|affected|fixed|under_investigation [--justification J] [--statement TEXT] --by NAME'

/** `ecluse vulnerabilities vex`: what somebody of the house found out. */
export async function addStatement(
  words: readonly string[],
  args: Parsed,
  context: Context,
): Promise<ExitCode> {
  const { terminal } = context
  const [id, subject = '', word, ...more] = words
  const at = subject.lastIndexOf('@')
  const [name, version] = at > 0 ? [subject.slice(0, at), subject.slice(at + 1)] : [subject, null]
  const product = productOf(name)
  const state = VEX_STATES.find((one) => one === word)
  const given = textOption(args, 'justification')
  const justification = JUSTIFICATIONS.find((one) => one === given) ?? null
  const statement = textOption(args, 'statement') ?? null
  const author = textOption(args, 'by')
  const isWrong = given !== undefined && justification === null
  if (id === undefined || !product || !state || !author || isWrong || more.length > 0) {
    usageOf(VEX_USAGE, context)
    if (isWrong) terminal.note(`--justification ${JUSTIFICATIONS.join(' | ')}`)
    return 3
  }
  if (state === 'not_affected' && justification === null && statement === null) {
    terminal.note(
      terminal.say({
        en: 'Why is it not affected? --justification or --statement; without a reason it would not count.',
        fr: 'Pourquoi n’est-il pas concerné ? --justification ou --statement ; sans raison, cela ne compterait pas.',
      }),
    )
    return 3
  }
  const made = VexStatement.safeParse({
    schema: 'ecluse-vex/1',
    vulnerabilities: [id],
    product: product.id,
    version,
    state,
    justification,
    statement,
    author,
    timestamp: new Date().toISOString(),
    source: 'local',
  })
  if (!made.success) return usageOf(VEX_USAGE, context)
  const config = await context.config()
  if (!config) return 2
  await keep(context.paths(config).vulnerabilities, { records: [], statements: [made.data] })
  if (terminal.json) terminal.out(JSON.stringify(made.data))
  else terminal.out(`${id}  ${product.name} ${version ?? '*'}: ${state}`)
  return 0
}
