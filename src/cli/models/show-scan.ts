import { REMEDIES } from '#models/weights/rules/remedies.ts'
import { printable } from '#models/weights/printable.ts'
import { RULES, RULE_GROUPS, type RuleCode } from '#models/weights/rules.ts'
import type {
  ExceptionKind,
  FileReport,
  Finding,
  ScanReport,
  Severity,
  Verdict,
} from '#models/weights/verdict.ts'
import type { ExitCode } from '../command.ts'
import { bytesText, table, type Said, type Terminal } from '../terminal.ts'

const SEVERITIES = ['critical', 'high', 'medium', 'low'] as const
const COLOURS = { critical: 'red', high: 'red', medium: 'yellow', low: 'dim' } as const

const VERDICTS: Readonly<Record<Verdict, Said>> = {
  clean: { en: 'clean', fr: 'rien à signaler' },
  forbidden: { en: 'forbidden', fr: 'interdit' },
  'not-analysed': { en: 'could not be analysed', fr: "n'a pu être analysé" },
}
const VERDICT_COLOURS = { clean: 'green', forbidden: 'red', 'not-analysed': 'yellow' } as const

const SEVERITY_NAMES: Readonly<Record<Severity, Said>> = {
  critical: { en: 'critical', fr: 'critique' },
  high: { en: 'high', fr: 'grave' },
  medium: { en: 'medium', fr: 'moyen' },
  low: { en: 'low', fr: 'faible' },
}

const EXCEPTIONS: Readonly<Record<ExceptionKind, Said>> = {
  pickle: {
    en: 'pickle (a program that runs when it is loaded)',
    fr: 'pickle (un programme exécuté au chargement)',
  },
  torchscript: { en: 'TorchScript', fr: 'TorchScript' },
  keras: { en: 'Keras and HDF5', fr: 'Keras et HDF5' },
  onnx: { en: 'ONNX', fr: 'ONNX' },
  tensorflow: { en: 'TensorFlow', fr: 'TensorFlow' },
  tflite: { en: 'TensorFlow Lite', fr: 'TensorFlow Lite' },
  numpy: { en: 'numpy', fr: 'numpy' },
  archive: { en: 'archive', fr: 'archive' },
  executable: { en: 'program', fr: 'programme' },
  code: { en: 'code', fr: 'code' },
  'unknown-format': { en: 'unknown format', fr: 'format inconnu' },
}

/** Which findings are shown: from a severity up, of one rule. */
export type FindingFilter = (finding: Pick<Finding, 'rule' | 'severity'>) => boolean

/** The filter that options ask for; null when there is no such severity or rule. */
export function filterOf(severity?: string, rule?: string): FindingFilter | null {
  const least = SEVERITIES.findIndex((each) => each === severity)
  if (severity !== undefined && least < 0) return null
  if (rule !== undefined && !Object.hasOwn(RULES, rule)) return null
  return (finding) =>
    (severity === undefined || SEVERITIES.indexOf(finding.severity) <= least) &&
    (rule === undefined || finding.rule === rule)
}

/** A report as lines for people. */
export function showScan(
  report: ScanReport,
  { filter, all }: { readonly filter: FindingFilter; readonly all: boolean },
  terminal: Terminal,
): void {
  const told = new Set<RuleCode>()
  for (const file of report.files) {
    const findings = file.findings.filter(filter)
    if (findings.length === 0 && !all) continue
    terminal.out(fileLine(file, terminal))
    for (const [rule, same] of Map.groupBy(findings, (finding) => finding.rule)) {
      showRule(rule, same, told, terminal)
    }
    if (all) showFacts(file, terminal)
  }
  if (report.files.some((file) => file.findings.some(filter))) terminal.out('')
  for (const line of summary(report, terminal)) terminal.out(line)
}

const fileLine = (file: FileReport, terminal: Terminal): string =>
  [
    terminal.paint('bold', printable(file.path)),
    terminal.paint('dim', file.format),
    paintVerdict(file.verdict, terminal),
  ].join('  ')

const paintVerdict = (verdict: Verdict, terminal: Terminal): string =>
  terminal.paint(VERDICT_COLOURS[verdict], terminal.say(VERDICTS[verdict]))

/** Places of one rule that are shown before the rest is only counted. */
const SHOWN_PLACES = 8

/** A rule with its places; what it means and what to do is said once. */
function showRule(
  code: RuleCode,
  findings: readonly Finding[],
  told: Set<RuleCode>,
  terminal: Terminal,
): void {
  const rule = RULES[code]
  const severity = terminal.paint(
    COLOURS[rule.severity],
    terminal.say(SEVERITY_NAMES[rule.severity]),
  )
  terminal.out(`  ${severity}  ${code}`)
  const known = told.has(code)
  told.add(code)
  if (!known) terminal.out(`    ${rule[terminal.language]}`)
  for (const finding of findings.slice(0, SHOWN_PLACES)) {
    const line = placeText(finding, terminal)
    if (line !== '') terminal.out(`    - ${line}`)
  }
  const more = findings.length - SHOWN_PLACES
  if (more > 0)
    terminal.out(`    - ${terminal.say({ en: `and ${more} more`, fr: `et ${more} autres` })}`)
  if (known) return
  terminal.out(`    ${terminal.paint('cyan', '→')} ${REMEDIES[rule.remedy][terminal.language]}`)
}

function placeText({ place, subject, again }: Finding, terminal: Terminal): string {
  const times = again === undefined ? [] : [`${again + 1} ×`]
  const offset =
    place.offset === undefined
      ? []
      : [terminal.say({ en: `byte ${place.offset}`, fr: `octet ${place.offset}` })]
  const where = [...(place.member === undefined ? [] : [place.member]), ...offset]
  const parts = [subject, place.at, ...times].filter((part) => part !== undefined)
  const shown = [
    parts.join('  '),
    where.length === 0 ? '' : terminal.paint('dim', where.join(', ')),
  ]
  return shown.filter((part) => part !== '').join('  ')
}

function showFacts(file: FileReport, terminal: Terminal): void {
  for (const [name, value] of Object.entries(file.facts)) {
    terminal.out(`    ${terminal.paint('dim', name)} ${value}`)
  }
  for (const { name, sha256 } of file.templates) {
    terminal.out(`    ${terminal.paint('dim', name)} sha256:${sha256}`)
  }
}

function summary(report: ScanReport, terminal: Terminal): readonly string[] {
  const count = (verdict: Verdict): number =>
    report.files.filter((file) => file.verdict === verdict).length
  const [clean, forbidden, unread] = [count('clean'), count('forbidden'), count('not-analysed')]
  const read = bytesText(report.bytesRead)
  const lines = [
    `${terminal.paint('bold', printable(report.root))}  ${paintVerdict(report.verdict, terminal)}`,
    terminal.say({
      en: `${report.files.length} ${report.files.length === 1 ? 'file' : 'files'}: ${clean} clean, ${forbidden} forbidden, ${unread} not analysed; ${read} read, nothing loaded or run`,
      fr: `${report.files.length} ${report.files.length === 1 ? 'fichier' : 'fichiers'} : ${clean} sans rien, ${forbidden} interdits, ${unread} non analysés ; ${read} lus, rien chargé ni exécuté`,
    }),
  ]
  if (report.verdict !== 'clean') return lines
  return [...lines, ...servable(report, terminal)]
}

function servable(report: ScanReport, terminal: Terminal): readonly string[] {
  if (report.servable) {
    return [terminal.say({ en: 'Can be served.', fr: 'Peut être servi.' })]
  }
  if (report.exceptions.length === 0) {
    return [terminal.say({ en: 'No weights in it.', fr: "Il n'y a pas de poids." })]
  }
  return report.exceptions.map(({ kind, files }) => {
    const named = files.slice(0, 3).map(printable).join(', ') + (files.length > 3 ? ' …' : '')
    return terminal.say({
      en: `Not served without a signed exception for ${EXCEPTIONS[kind].en}: ${named}`,
      fr: `Pas servi sans une exception signée pour ${EXCEPTIONS[kind].fr} : ${named}`,
    })
  })
}

/** Every rule, with what it does to the verdict. */
export function showRules(filter: FindingFilter, terminal: Terminal): ExitCode {
  const rows = RULE_GROUPS.flatMap(({ title, rules }) =>
    Object.entries(rules).map(([code, rule]) => ({ code, group: title, ...rule })),
  ).filter(({ code, severity }) => filter({ rule: code as RuleCode, severity }))
  if (terminal.json) {
    terminal.out(JSON.stringify(rows))
    return 0
  }
  const exits = { forbid: '1', unread: '2', warn: '0' } as const
  const head = terminal.say({ en: 'EXIT SEVERITY RULE MEANING', fr: 'SORTIE GRAVITÉ RÈGLE SENS' })
  const lines = rows.map((row) => [
    exits[row.effect],
    terminal.say(SEVERITY_NAMES[row.severity]),
    row.code,
    row[terminal.language],
  ])
  for (const line of table(head.split(' '), lines)) terminal.out(line)
  return 0
}
