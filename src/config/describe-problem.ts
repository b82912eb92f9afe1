import type { Language } from '#kernel/refusal-messages.ts'
import { WARNING_CODES, type ConfigProblem } from './problems.ts'
import { DID_YOU_MEAN, WORDS } from './problem-words.ts'
import { typeWords } from './type-words.ts'

/** What is wrong and what to do about it, in words. */
export interface ConfigProblemText {
  /** `ecluse.yaml:12:5 destinations[0].url`, `--listen`, `ECLUSE_LISTEN`. */
  readonly where: string
  readonly message: string
  readonly remedy: string
}

/** A problem of the configuration in words of one language; never the value at fault. */
export function describeConfigProblem(
  problem: ConfigProblem,
  language: Language,
): ConfigProblemText {
  const wording = WORDS[problem.code][language]
  const guessed = problem.detail?.['suggestion'] !== undefined
  const remedy = guessed ? DID_YOU_MEAN[language] : wording.remedy
  return {
    where: whereText(problem),
    message: filled(wording.message, problem, language),
    remedy: filled(remedy, problem, language),
  }
}

/** A problem as one line of a terminal: where, what, and what to do. */
export function configProblemLine(problem: ConfigProblem, language: Language): string {
  const { where, message, remedy } = describeConfigProblem(problem, language)
  return `${where}${language === 'fr' ? ' : ' : ': '}${message} ${remedy}`
}

/** Whether the gateway starts all the same. */
export const isConfigWarning = (problem: ConfigProblem): boolean =>
  WARNING_CODES.includes(problem.code)

function whereText({ file, line, column, path }: ConfigProblem): string {
  if (file === undefined) return path
  const place = line === undefined ? file : `${file}:${line}:${column ?? 1}`
  return path === '' ? place : `${place} ${path}`
}

const filled = (text: string, { detail }: ConfigProblem, language: Language): string =>
  text.replaceAll(/(?<!\$)\{(\w+)\}/g, (whole, name: string) => {
    const value = detail?.[name]
    if (value === undefined) return whole
    const isType = name === 'expected' || name === 'got'
    return isType ? typeWords(String(value), language) : String(value)
  })
