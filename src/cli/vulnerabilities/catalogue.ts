import { assess } from '#models/vulnerabilities/assess.ts'
import { scoreVector } from '#models/vulnerabilities/cvss.ts'
import { vulnerabilityOf } from '#models/vulnerabilities/knowledge.ts'
import { readKnown, type Known } from '#models/vulnerabilities/known.ts'
import { productOf, shippedProducts } from '#models/vulnerabilities/products.ts'
import {
  assessedView,
  vulnerabilityView,
  type VulnerabilityView,
} from '#models/vulnerabilities/view.ts'
import type { Context, ExitCode, Parsed } from '../command.ts'
import { flawFilter } from './filter.ts'
import { findingEnd, flawLine, scoreText } from './words.ts'

/** What is known here: with what was imported, where there is a configuration to find it by. */
async function knownHere(context: Context): Promise<Known | null> {
  const config = await context.config()
  if (!config) return null
  const known = await readKnown(context.paths(config).vulnerabilities)
  warnBroken(known.broken, context)
  return known
}

export function warnBroken(broken: readonly string[], { terminal }: Context): void {
  if (broken.length === 0) return
  terminal.note(
    terminal.say({
      en: `${broken.length} imported files cannot be read, so what they say is not counted: ${broken.slice(0, 3).join(', ')}. Import them again.`,
      fr: `${broken.length} fichiers importés sont illisibles, donc ignorés : ${broken.slice(0, 3).join(', ')}. Importez-les à nouveau.`,
    }),
  )
}

export function usageOf(line: string, { terminal }: Context): ExitCode {
  terminal.note(`ecluse vulnerabilities ${line}`)
  return 3
}

/** `ecluse vulnerabilities ls`. */
export async function listFlaws(
  words: readonly string[],
  args: Parsed,
  context: Context,
): Promise<ExitCode> {
  const isShown = flawFilter(args, words[0])
  if (isShown === null || words.length > 1) {
    return usageOf(
      'ls [TEXT] [--product P] [--severity S] [--min-cvss N] [--since DAY] [--exposure E] [--disagreeing]',
      context,
    )
  }
  const known = await knownHere(context)
  if (known === null) return 2
  const { terminal } = context
  const rows = known.vulnerabilities.map((one) => vulnerabilityView(one)).filter(isShown)
  for (const row of rows) {
    if (terminal.json) terminal.out(JSON.stringify(row))
    else terminal.out(flawLine(row, row.products.join(' '), terminal))
  }
  if (!terminal.json) tellSource(known, rows.length, context)
  return rows.length > 0 ? 0 : 1
}

function tellSource(known: Known, shown: number, { terminal }: Context): void {
  const { records, statements } = known.imported
  terminal.note(
    terminal.say({
      en: `${shown} of ${known.vulnerabilities.length}; shipped data of ${known.shipped}, imported: ${records} records, ${statements} VEX statements. ! the recorded score is not that of its vector; ? nobody said, so 10.`,
      fr: `${shown} sur ${known.vulnerabilities.length} ; données livrées du ${known.shipped}, importés : ${records} fiches, ${statements} déclarations VEX. ! la note n’est pas celle du vecteur ; ? personne ne l’a dite, donc 10.`,
    }),
  )
}

/** `ecluse vulnerabilities show`. */
export async function showFlaw(
  [name, ...more]: readonly string[],
  _args: Parsed,
  context: Context,
): Promise<ExitCode> {
  if (name === undefined || more.length > 0) return usageOf('show ID', context)
  const known = await knownHere(context)
  if (known === null) return 2
  const { terminal } = context
  const found = vulnerabilityOf(name, known)
  if (found === null) {
    terminal.note(
      terminal.say({
        en: `Nothing is known of ${name} here, which is no proof that it is harmless: \`ecluse vulnerabilities import\`.`,
        fr: `On ne sait rien de ${name} ici, ce qui ne prouve pas son innocuité : \`ecluse vulnerabilities import\`.`,
      }),
    )
    return 1
  }
  const row = vulnerabilityView(found)
  if (terminal.json) {
    terminal.out(JSON.stringify({ ...row, records: found.records }))
    return 0
  }
  showDetails(row, found.records, context)
  return 0
}

function showDetails(
  row: VulnerabilityView,
  records: Known['vulnerabilities'][number]['records'],
  { terminal }: Context,
): void {
  const line = (en: string, fr: string, value: string): void => {
    if (value !== '') terminal.out(`  ${terminal.say({ en, fr }).padEnd(14)}${value}`)
  }
  terminal.out(
    `${terminal.paint('bold', row.id)} ${row.aliases.join(' ')}  ${scoreText(row, terminal).trim()}`,
  )
  terminal.out(`  ${row.summary}`)
  for (const { affected, source } of records) {
    for (const { product, ranges, versions, isKnown } of affected) {
      const said = [
        ...ranges.map(({ introduced, fixed, lastAffected }) =>
          [
            introduced === '0' ? '' : `>= ${introduced}`,
            fixed === null ? '' : `< ${fixed}`,
            lastAffected === null ? '' : `<= ${lastAffected}`,
          ]
            .filter((one) => one !== '')
            .join(' '),
        ),
        ...versions,
      ].filter((one) => one !== '')
      const unsure = terminal.say({ en: ' (not sure)', fr: ' (incertain)' })
      line(
        product,
        product,
        `${said.length === 0 ? '*' : said.join(' | ')}${isKnown ? '' : unsure}  [${source}]`,
      )
    }
  }
  for (const { vector, recorded, computed, by } of row.vectors) {
    const score = computed?.toFixed(1) ?? '?'
    const differs =
      recorded !== null && row.disagrees
        ? terminal.paint('yellow', `  (${recorded}${by === null ? '' : ` ${by}`})`)
        : ''
    line('score', 'note', `${score}  ${vector}${differs}`)
  }
  line('reached by', 'accès par', row.exposure.join(', '))
  line('needs', 'suppose', row.requires ?? '')
  line('CWE', 'CWE', row.cwe.join(' '))
  line('published', 'publiée', row.published ?? '')
  for (const reference of row.references) line('', '', reference)
}

/** `ecluse vulnerabilities check`. */
export async function checkVersions(
  words: readonly string[],
  args: Parsed,
  context: Context,
): Promise<ExitCode> {
  const isShown = flawFilter(args)
  if (words.length === 0 || isShown === null) return usageOf('check PRODUCT@VERSION...', context)
  const known = await knownHere(context)
  if (known === null) return 2
  const { terminal } = context
  let worst: ExitCode = 0
  for (const word of words) {
    const at = word.lastIndexOf('@')
    const [id, version] = at > 0 ? [word.slice(0, at), word.slice(at + 1)] : [word, null]
    if (productOf(id) === null) {
      const ids = shippedProducts().products.map((product) => product.id)
      terminal.note(`${id} ? ${ids.join(' ')}`)
      return 3
    }
    const view = assessedView(assess(id, version, known))
    const rows = view.findings.filter(isShown)
    if (terminal.json) terminal.out(JSON.stringify({ ...view, asked: word, findings: rows }))
    else {
      const unread = terminal.say({
        en: 'version unknown: any that there is',
        fr: 'version inconnue : n’importe laquelle',
      })
      const none = terminal.say({ en: 'nothing is known of it', fr: 'on n’en sait rien' })
      const score = view.cvss === null ? none : `CVSS ${view.cvss.toFixed(1)}`
      terminal.out(
        `${terminal.paint('bold', `${view.name} ${view.version ?? `(${unread})`}`)}  ${score}`,
      )
      for (const row of rows) terminal.out(flawLine(row, findingEnd(row, terminal), terminal))
    }
    if (rows.some(({ counts }) => counts)) worst = 1
    else if (view.cvss === null && worst === 0) worst = 2
  }
  return worst
}

/** `ecluse vulnerabilities cvss`. */
export function scoreVectors(vectors: readonly string[], context: Context): Promise<ExitCode> {
  if (vectors.length === 0) return Promise.resolve(usageOf('cvss VECTOR...', context))
  const { terminal } = context
  let isRead = true
  for (const vector of vectors) {
    const score = scoreVector(vector)
    if (terminal.json) terminal.out(JSON.stringify(score ?? { vector, error: 'not-a-vector' }))
    else if (score !== null) {
      const overall = score.overall === score.base ? '' : `  (${score.overall.toFixed(1)})`
      terminal.out(
        `${score.base.toFixed(1)}${overall}  ${score.severity}  CVSS ${score.version}  ${score.vector}`,
      )
    } else {
      terminal.note(
        terminal.say({
          en: `${vector}: no vector of CVSS 2.0, 3.0, 3.1 or 4.0. All base metrics have to stand in it, each once.`,
          fr: `${vector} : pas un vecteur CVSS 2.0, 3.0, 3.1 ou 4.0. Toutes les métriques de base doivent y être, une fois.`,
        }),
      )
    }
    if (score === null) isRead = false
  }
  return Promise.resolve(isRead ? 0 : 2)
}
