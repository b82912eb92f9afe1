import { REFUSAL_CODES, type RefusalCode } from '../src/kernel/refusal.ts'
import { refusalWording } from '../src/kernel/refusal-messages.ts'
import { PULL_CODES } from '../src/models/pull/pull-failure.ts'
import { describePullFailure } from '../src/models/pull/pull-messages.ts'
import { CONFIG_PROBLEM_CODES } from '../src/config/problems.ts'
import { describeConfigProblem } from '../src/config/describe-problem.ts'
import { STATUS } from '../src/gateway/refusal-status.ts'
import { openAiError } from '../src/gateway/surfaces/openai-errors.ts'

/** The text of docs/errors.md, from the tables that the program itself uses. */
export function errorsPage(): string {
  return [
    '# Errors',
    '',
    'Every refusal has a stable code, an HTTP status, and words in English and French that say what to do. This page is',
    'generated from the tables of the program (`node scripts/write-errors-page.ts`); a test compares them.',
    '',
    'On the OpenAI surface the code stands in `error.code`, except where clients branch on a code of their own; the',
    'header `x-ecluse-error` always has ours. `x-should-retry` says whether the same request can succeed later.',
    '',
    '## Requests',
    '',
    '| code | HTTP | `error.code` for OpenAI clients | what happened | what to do |',
    '|---|---|---|---|---|',
    ...REFUSAL_CODES.map(refusalRow),
    '',
    '## Pulling a model',
    '',
    '| code | what happened | what to do |',
    '|---|---|---|',
    ...PULL_CODES.map((code) => {
      const { message, remedy } = describePullFailure({ code }, 'en')
      return row([`\`${code}\``, message.replaceAll('?', '…'), remedy])
    }),
    '',
    '## Configuration',
    '',
    'Told with file, line and column, all at once; two of them are warnings.',
    '',
    '| code | what happened | what to do |',
    '|---|---|---|',
    ...CONFIG_PROBLEM_CODES.map((code) => {
      const { message, remedy } = describeConfigProblem({ code, path: 'KEY' }, 'en')
      return row([`\`${code}\``, message, remedy])
    }),
    '',
  ].join('\n')
}

function refusalRow(code: RefusalCode): string {
  const { message, remedy } = refusalWording(code, 'en')
  const shown = openAiError({ code }, null, 'en').code
  return row([
    `\`${code}\``,
    String(STATUS[code]),
    shown === code ? '' : `\`${shown}\``,
    message,
    remedy,
  ])
}

const row = (cells: readonly string[]): string =>
  `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`
