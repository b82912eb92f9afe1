import { CLASSES, classRank, combineLabels, type DataClass, type Label } from '#kernel/label.ts'
import { CLASS_NAMES } from '#policy/explain-words.ts'
import type { ClassifyAnswer } from '#gateway/classify/answer.ts'
import type { ExitCode } from '../command.ts'
import { paintClass } from '../paint.ts'
import type { Terminal } from '../terminal.ts'
import { findFiles } from './find-files.ts'
import { readInput, type Input, type InputProblem } from './input.ts'
import { labelView, problemText } from './show.ts'

export interface FilesQuestion {
  readonly paths: readonly string[]
  readonly surface: string | undefined
  readonly maxClass: DataClass | undefined
  readonly answer: (input: Input) => ClassifyAnswer
}

interface FileAnswer {
  readonly file: string
  readonly input: Input
  readonly answer: ClassifyAnswer
}

/** Files and folders one after the other: a table of results, or one JSON value. */
export async function classifyFiles(
  terminal: Terminal,
  { paths, surface, maxClass, answer }: FilesQuestion,
): Promise<ExitCode> {
  const { files, leftOut } = findFiles(paths)
  const counts = new Map<DataClass, number>()
  const rows: object[] = []
  let whole: Label = { class: 'public', categories: [], undetermined: false }
  let problems = 0
  const width = Math.max(...CLASSES.map((one) => CLASS_NAMES[one][terminal.language].length))
  for (const file of files) {
    terminal.status(file)
    const input = await readInput(file, surface)
    if (!input.ok) {
      problems += 1
      tellProblem(terminal, file, input.error, rows)
      continue
    }
    const answered = { file, input: input.value, answer: answer(input.value) }
    const { label } = answered.answer
    whole = combineLabels(whole, label)
    counts.set(label.class, (counts.get(label.class) ?? 0) + 1)
    if (terminal.json) rows.push(fileView(answered))
    else terminal.out(fileLine(terminal, answered, width))
  }
  terminal.status(null)
  if (terminal.json) {
    terminal.out(JSON.stringify({ files: rows, leftOut, highest: labelView(whole) }))
  } else {
    for (const folder of leftOut) {
      terminal.note(`${folder}: ${terminal.say({ en: 'left out', fr: 'laissé de côté' })}`)
    }
    terminal.out(terminal.paint('dim', summary(terminal, files.length, counts)))
  }
  const isAbove = maxClass !== undefined && classRank(whole.class) > classRank(maxClass)
  if (isAbove) return 1
  return problems > 0 ? 2 : 0
}

function tellProblem(
  terminal: Terminal,
  file: string,
  problem: InputProblem,
  rows: object[],
): void {
  const message = problemText(problem, terminal)
  if (terminal.json) rows.push({ file, problem: { code: codeOf(problem), message } })
  else terminal.note(`${file}: ${message}`)
}

const codeOf = (problem: InputProblem): string =>
  problem.kind === 'refused' ? problem.refusal.code : problem.kind

const fileView = ({ file, input, answer }: FileAnswer): object => ({
  file,
  label: labelView(answer.label),
  ...(input.unread ? { unread: input.unread } : {}),
  spans: answer.findings,
})

function fileLine(terminal: Terminal, { file, input, answer }: FileAnswer, width: number): string {
  const { label, findings } = answer
  const plain = CLASS_NAMES[label.class][terminal.language]
  const types = new Map<string, number>()
  for (const { type } of findings) types.set(type, (types.get(type) ?? 0) + 1)
  const why = input.unread
    ? problemText({ kind: input.unread }, terminal)
    : [...types].map(([type, count]) => `${count} ${type}`).join(', ')
  const padding = ' '.repeat(Math.max(0, width - plain.length))
  const told = why === '' ? '' : `  ${terminal.paint('dim', why)}`
  return `${paintClass(terminal, label)}${padding}  ${file}${told}`
}

function summary(
  terminal: Terminal,
  files: number,
  counts: ReadonlyMap<DataClass, number>,
): string {
  const told = CLASSES.filter((one) => counts.has(one)).map(
    (one) => `${counts.get(one) ?? 0} ${CLASS_NAMES[one][terminal.language]}`,
  )
  const [colon, many] = terminal.language === 'fr' ? [' :', 'fichiers'] : [':', 'files']
  const one = terminal.language === 'fr' ? 'fichier' : 'file'
  return `${files} ${files === 1 ? one : many}${told.length > 0 ? `${colon} ${told.join(', ')}` : ''}`
}
