import { existsSync } from 'node:fs'
import { classRank, CLASSES, type DataClass } from '#kernel/label.ts'
import { answerQuestion, type ClassifyAnswer } from '#gateway/classify/answer.ts'
import { SURFACE_NAMES, bodyReader } from '#gateway/classify/body-readers.ts'
import { OFFSETS, type Offsets } from '#gateway/classify/question.ts'
import type { Result } from '#kernel/result.ts'
import { classifyFiles } from '../classify/classify-files.ts'
import { classifyLines } from '../classify/classify-lines.ts'
import { isFolder } from '../classify/find-files.ts'
import { inputOf, readInput, type Input, type InputProblem } from '../classify/input.ts'
import { labelView, problemText, showAnswer } from '../classify/show.ts'
import type { Command, Context, ExitCode, Parsed } from '../command.ts'
import { textOption } from '../command.ts'
import { classifyStream } from './classify-stream.ts'

/** What the options ask for, checked. */
interface Asked {
  readonly offsets: Offsets
  readonly surface: string | undefined
  readonly maxClass: DataClass | undefined
  readonly quote: boolean
  readonly paths: readonly string[]
}

/** `ecluse classify`: the label of a text, on this machine, sending nothing. */
export const classify: Command = {
  name: 'classify',
  summary: {
    en: 'Classify a text, files, folders, a request body or a JSONL stream',
    fr: 'Classer un texte, des fichiers, des dossiers, un corps de requête ou un flux JSONL',
  },
  usage: '[TEXT | FILE... | --file F... | --text TEXT | --jsonl [F] | --stream [F]]',
  options: {
    file: { type: 'string', multiple: true },
    text: { type: 'string' },
    jsonl: { type: 'boolean' },
    stream: { type: 'boolean' },
    surface: { type: 'string' },
    'max-class': { type: 'string' },
    quote: { type: 'boolean' },
    offsets: { type: 'string' },
  },
  details: {
    en: [
      'Without a text or a file it reads standard input. Words of which one is the name of a file or folder are all names; --text never is.',
      `--surface NAME reads the body of a request (${SURFACE_NAMES.join(', ')}, or a path).`,
      '--max-class CLASS ends with 1 when something is above it. --quote shows what was found.',
      '--jsonl reads {"id","text"} per line and writes {"id","spans","label"}; --offsets utf16 (default) or codepoints.',
      '--stream reads one text of any size piece by piece and writes a line per finding, then the label.',
    ].join('\n'),
    fr: [
      "Sans texte ni fichier, lit l'entrée standard. Des mots dont l'un nomme un fichier ou un dossier sont tous des noms ; --text jamais.",
      `--surface NOM lit le corps d'une requête (${SURFACE_NAMES.join(', ')}, ou un chemin).`,
      '--max-class CLASSE finit avec 1 quand quelque chose est au-dessus. --quote montre ce qui a été trouvé.',
      '--jsonl lit {"id","text"} par ligne et écrit {"id","spans","label"} ; --offsets utf16 (défaut) ou codepoints.',
      '--stream lit un seul texte, de toute taille, morceau par morceau : une ligne par trouvaille, puis le niveau.',
    ].join('\n'),
  },
  async run(args, context) {
    const asked = readOptions(args)
    if (typeof asked === 'string') return usage(context, asked)
    const { terminal } = context
    const config = await context.config()
    if (!config) return 2
    if (args.values['stream'] === true) {
      if (asked.offsets !== 'utf16') return usage(context, '--offsets')
      const [path = args.positionals[0]] = asked.paths
      return classifyStream(path, await context.stream(config), context)
    }
    const house = await context.offline(config)
    const answer = ({ parts }: Input): ClassifyAnswer =>
      answerQuestion(
        { parts, ...asked },
        house.classify(parts),
        house.explainFinding,
        terminal.language,
      )
    if (args.values['jsonl'] === true) {
      const path = args.positionals[0] ?? asked.paths[0]
      return classifyLines(context, { path, answer, maxClass: asked.maxClass })
    }
    const [first] = asked.paths
    const isTable = asked.paths.length > 1 || (first !== undefined && isFolder(first))
    if (isTable) return classifyFiles(terminal, { ...asked, answer })
    const input = await oneInput(args, context, asked)
    if (input === null) return usage(context, '')
    if (!input.ok) {
      terminal.note(`${first ?? 'ecluse classify'}: ${problemText(input.error, terminal)}`)
      return 2
    }
    const answered = answer(input.value)
    const { label, findings } = answered
    if (terminal.json) {
      const { unread } = input.value
      const told = { label: labelView(label), ...(unread ? { unread } : {}), spans: findings }
      terminal.out(JSON.stringify(told))
    } else showAnswer(terminal, input.value, answered)
    const { maxClass } = asked
    return maxClass !== undefined && classRank(label.class) > classRank(maxClass) ? 1 : 0
  },
}

/** The options, or the name of the one at fault. */
function readOptions(args: Parsed): Asked | string {
  const named = textOption(args, 'offsets') ?? 'utf16'
  const offsets = OFFSETS.find((known) => known === named)
  if (offsets === undefined) return '--offsets'
  const most = textOption(args, 'max-class')
  const maxClass = CLASSES.find((known) => known === most)
  if (most !== undefined && maxClass === undefined) return '--max-class'
  const surface = textOption(args, 'surface')
  if (surface !== undefined && bodyReader(surface) === null) return '--surface'
  const listed = args.values['file']
  const files = Array.isArray(listed) ? listed.map(String) : []
  if (textOption(args, 'text') !== undefined && files.length + args.positionals.length > 0)
    return '--text'
  const isJsonl = args.values['jsonl'] === true
  const words = args.positionals
  // one name that is right makes names of all, so that a mistyped one is told of and not read as a text
  const areFiles = !isJsonl && (files.length > 0 || words.some((word) => existsSync(word)))
  const quote = args.values['quote'] === true
  return { offsets, surface, maxClass, quote, paths: areFiles ? [...files, ...words] : files }
}

/** The one text that was asked about; null when there is none. */
async function oneInput(
  args: Parsed,
  { stdin, terminal }: Context,
  { paths, surface }: Asked,
): Promise<Result<Input, InputProblem> | null> {
  const [path] = paths
  if (path !== undefined) return readInput(path === '-' ? stdin : path, surface)
  const words = textOption(args, 'text') ?? args.positionals.join(' ')
  if (words === '-') return readInput(stdin, surface)
  if (words !== '' && !/\s/.test(words) && textOption(args, 'text') === undefined) {
    const said = {
      en: 'no file has this name: read as a text',
      fr: 'aucun fichier de ce nom : lu comme un texte',
    }
    terminal.note(terminal.say(said))
  }
  if (words !== '' || textOption(args, 'text') !== undefined) return inputOf(words, surface)
  return stdin.isTTY ? null : readInput(stdin, surface)
}

function usage({ terminal }: Context, option: string): ExitCode {
  const wrong = terminal.say({ en: `wrong value: ${option}`, fr: `valeur refusée : ${option}` })
  if (option !== '') terminal.note(wrong)
  terminal.note(`ecluse classify ${classify.usage}`)
  terminal.note(
    '  [--surface NAME] [--max-class public|internal|confidential|restricted] [--quote] [--offsets utf16|codepoints]',
  )
  return 3
}
