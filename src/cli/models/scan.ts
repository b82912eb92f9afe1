import { resolve } from 'node:path'
import { LIMITS, scaled } from '#models/weights/budget.ts'
import { nodeTree } from '#models/weights/node-tree.ts'
import { toSarif } from '#models/weights/report/sarif.ts'
import { baseTemplates, scanTree } from '#models/weights/scan-tree.ts'
import type { ScanReport } from '#models/weights/verdict.ts'
import { textOption, type Context, type ExitCode, type Parsed } from '../command.ts'
import { findSubject } from './find-subject.ts'
import { filterOf, showRules, showScan } from './show-scan.ts'
import type { ModelsSubcommand } from './subcommand.ts'

/** `ecluse models scan`: what model files would do to the program that loads them; nothing is loaded or run. */
export const scanSubcommand: ModelsSubcommand = {
  summary: {
    en: 'Look for what model files would do to a program that loads them; exit 0 clean, 1 forbidden, 2 not analysed',
    fr: 'Chercher ce que des fichiers de modèle feraient au programme qui les charge ; sortie 0 rien, 1 interdit, 2 non analysé',
  },
  usage:
    'PATH|MODEL [--base PATH] [--servable] [--sarif] [--all] [--severity S] [--rule CODE] [--budget N] | --rules',
  options: {
    base: { type: 'string' },
    servable: { type: 'boolean' },
    sarif: { type: 'boolean' },
    all: { type: 'boolean' },
    severity: { type: 'string' },
    rule: { type: 'string' },
    budget: { type: 'string' },
    rules: { type: 'boolean' },
  },
  async run(args, context) {
    const { terminal } = context
    const filter = filterOf(textOption(args, 'severity'), textOption(args, 'rule'))
    const times = Number(textOption(args, 'budget') ?? 1)
    const [path, ...more] = args.positionals
    const listing = args.values['rules'] === true
    if (filter === null || !(times >= 1 && times <= 100) || (path === undefined) !== listing) {
      return usage(context)
    }
    if (listing) return showRules(filter, terminal)
    if (path === undefined || more.length > 0) return usage(context)
    const subject = await findSubject(path, context)
    const tree = subject === null ? null : nodeTree(subject.path)
    if (tree === null) return notThere(path, context)
    const limits = scaled(LIMITS, times)
    const basePath = textOption(args, 'base')
    const baseTree = basePath === undefined ? null : nodeTree(basePath)
    if (basePath !== undefined && baseTree === null) return notThere(basePath, context)
    const report = scanTree({
      root: path,
      tree,
      limits,
      base: baseTree === null ? undefined : baseTemplates(baseTree, limits),
      onFile: (name) => terminal.status(name),
    })
    terminal.status(null)
    told(report, args, context, filter)
    return exitCode(report, args.values['servable'] === true)
  },
}

function told(
  report: ScanReport,
  args: Parsed,
  { terminal, version }: Context,
  filter: NonNullable<ReturnType<typeof filterOf>>,
): void {
  if (args.values['sarif'] === true) {
    const sarif = toSarif(report, { version, language: terminal.language })
    terminal.out(JSON.stringify(sarif, null, 2))
  } else if (terminal.json) {
    terminal.out(JSON.stringify({ ...report, root: resolve(report.root) }))
  } else showScan(report, { filter, all: args.values['all'] === true }, terminal)
}

function exitCode(report: ScanReport, mustBeServable: boolean): ExitCode {
  if (report.verdict === 'forbidden') return 1
  if (report.verdict === 'not-analysed') return 2
  return mustBeServable && !report.servable ? 1 : 0
}

function usage({ terminal }: Context): ExitCode {
  terminal.note(`ecluse models scan ${scanSubcommand.usage}`)
  terminal.note(
    terminal.say({
      en: '--severity critical | high | medium | low, --budget 1 to 100, --rule a code that --rules lists',
      fr: '--severity critical | high | medium | low, --budget de 1 à 100, --rule un code que liste --rules',
    }),
  )
  return 3
}

function notThere(path: string, { terminal }: Context): ExitCode {
  terminal.note(
    terminal.say({
      en: `${path}: there is no such file, folder or model, or it may not be read.`,
      fr: `${path} : ce fichier, dossier ou modèle n'existe pas, ou ne peut être lu.`,
    }),
  )
  return 2
}
