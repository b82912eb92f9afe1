import { readFileSync } from 'node:fs'
import { configProblemLine } from '#config/describe-problem.ts'
import { readPolicyText } from '#config/policy-document.ts'
import type { Config } from '#config/types.ts'
import type { Context } from '../command.ts'

/** A policy file in place of the policy in force; null when it cannot be read, which has been told. */
export function readPolicyFile(
  file: string,
  { jurisdictions }: Config,
  { terminal }: Context,
): Pick<Config, 'policy' | 'policySource'> | null {
  let text: string
  try {
    text = readFileSync(file, 'utf8')
  } catch (error) {
    const why = error instanceof Error && 'code' in error ? String(error.code) : '?'
    terminal.note(
      terminal.say({
        en: `${file} cannot be read (${why}).`,
        fr: `${file} est illisible (${why}).`,
      }),
    )
    return null
  }
  const read = readPolicyText(text, file, jurisdictions)
  if (read.ok) return { policy: read.value, policySource: 'file' }
  for (const problem of read.error) terminal.note(configProblemLine(problem, terminal.language))
  return null
}
