import { usageIn } from '../usage-words.ts'
import { resolve } from 'node:path'
import { nodeTree } from '#models/weights/node-tree.ts'
import { toSarif } from '#models/weights/report/sarif.ts'
import { jsonText } from '#models/weights/report/json-text.ts'
import { printable } from '#models/weights/printable.ts'
import { scanInThread } from '#models/weights/scan-in-thread.ts'
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
    const base = textOption(args, 'base') ?? null
    if (subject === null) return notThere(path, context)
    const files = subject.stored?.files.map(({ name, path: at, bytes }) => ({
      path: name,
      at,
      bytes,
    }))
    if (files === undefined && nodeTree(subject.path) === null) return notThere(path, context)
    if (base !== null && nodeTree(base) === null) return notThere(base, context)
    const task = { root: path, path: subject.path, files: files ?? null, base, times }
    const stop = new AbortController()
    const interrupt = (): void => stop.abort()
    process.once('SIGINT', interrupt)
    const report = await scanInThread(task, {
      onFile: (name) => terminal.status(printable(name)),
      signal: stop.signal,
    }).finally(() => process.off('SIGINT', interrupt))
    terminal.status(null)
    if (typeof report === 'string') return unfinished(report, context)
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
    terminal.out(jsonText(sarif, 2))
  } else if (terminal.json) {
    terminal.out(jsonText({ ...report, root: resolve(report.root) }))
  } else showScan(report, { filter, all: args.values['all'] === true }, terminal)
}

function exitCode(report: ScanReport, mustBeServable: boolean): ExitCode {
  if (report.verdict === 'forbidden') return 1
  if (report.verdict === 'not-analysed') return 2
  return mustBeServable && !report.servable ? 1 : 0
}

function usage({ terminal }: Context): ExitCode {
  terminal.note(`ecluse models scan ${usageIn(scanSubcommand.usage, terminal.language)}`)
  terminal.note(
    terminal.say({
      en: '--severity critical | high | medium | low, --budget 1 to 100, --rule a code that --rules lists',
      fr: '--severity critical | high | medium | low, --budget de 1 à 100, --rule un code que liste --rules',
    }),
  )
  return 3
}

/** The scan came to no end: nothing is said of the model, least of all that it is clean. */
function unfinished(why: 'interrupted' | 'memory', { terminal }: Context): ExitCode {
  const said =
    why === 'interrupted'
      ? {
          en: 'Interrupted before the end: nothing can be said of this model.',
          fr: 'Interrompu avant la fin : rien ne peut être dit de ce modèle.',
        }
      : {
          en: 'The scan needed more memory than it may have: the model could not be analysed.',
          fr: "L'analyse demandait plus de mémoire que permis : le modèle n'a pu être analysé.",
        }
  const code = why === 'interrupted' ? 'interrupted' : 'limit-reached'
  if (terminal.json) terminal.out(jsonText({ error: { code, message: terminal.say(said) } }))
  else terminal.note(terminal.say(said))
  return 2
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
