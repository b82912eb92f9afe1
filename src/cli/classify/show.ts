import { describeRefusal } from '#kernel/refusal-messages.ts'
import type { Label } from '#kernel/label.ts'
import type { ClassifyAnswer, FindingAnswer } from '#gateway/classify/answer.ts'
import { paintClass } from '../paint.ts'
import type { Terminal } from '../terminal.ts'
import { INPUT_WORDS, type Input, type InputProblem } from './input.ts'

/** Findings that a person gets to see of one text; `--json` has all. */
const MOST_SHOWN = 100

/** A label as `--json` writes it. */
export const labelView = ({ class: dataClass, categories, undetermined }: Label): object => ({
  class: dataClass,
  categories,
  ...(undetermined ? { undetermined: true } : {}),
})

/** What is wrong with an input, in the language of the terminal; never its content. */
export function problemText(problem: InputProblem, terminal: Terminal): string {
  if (problem.kind !== 'refused') return terminal.say(INPUT_WORDS[problem.kind])
  const { message, remedy } = describeRefusal(problem.refusal, terminal.language)
  return `${message} ${remedy}`
}

/** One text: its class, and why. */
export function showAnswer(terminal: Terminal, input: Input, answer: ClassifyAnswer): void {
  const { label, findings } = answer
  terminal.out(`${paintClass(terminal, label)}  ${label.categories.join(', ')}`.trimEnd())
  if (input.unread) {
    terminal.out(`  ${terminal.paint('dim', terminal.say(INPUT_WORDS[input.unread]))}`)
  }
  const hasPaths = findings.some(({ path }) => path !== 'text')
  for (const finding of input.unread ? [] : findings.slice(0, MOST_SHOWN)) {
    terminal.out(findingLine(terminal, finding, hasPaths))
  }
  const more = findings.length - MOST_SHOWN
  if (more > 0) {
    const said = { en: `and ${more} more: --json has all`, fr: `et ${more} autres : --json a tout` }
    terminal.out(terminal.paint('dim', `  ${terminal.say(said)}`))
  }
  if (findings.length === 0) {
    terminal.out(
      terminal.paint('dim', `  ${terminal.say({ en: 'nothing found', fr: 'rien trouvé' })}`),
    )
  }
}

function findingLine(terminal: Terminal, finding: FindingAnswer, hasPaths: boolean): string {
  const { type, path, start, end, confidence, explanation, quote } = finding
  const where = `${hasPaths ? `${path}:` : ''}${start}-${end}`
  // control characters of a text could rewrite what the terminal shows
  const said = quote === undefined ? '' : `  ${JSON.stringify(quote)}`
  return `  ${type.padEnd(20)} ${where}  ${confidence.toFixed(2)}${said}  ${terminal.paint('dim', explanation)}`
}
