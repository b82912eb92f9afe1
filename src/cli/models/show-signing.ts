import type { HashOptions } from '#models/digests/hash-pieces.ts'
import { printable } from '#kernel/printable.ts'
import { describeSigning } from '#models/signing/describe.ts'
import { isRefusal, type Differences, type SigningProblem } from '#models/signing/problem.ts'
import type { Context, ExitCode } from '../command.ts'
import { bytesText, type Terminal } from '../terminal.ts'

/** Names of one kind of difference that are shown; the rest is counted. `--json` gives all. */
const SHOWN = 20

/** A problem as lines, or as JSON; 1 where the answer is no, 2 where there is none. */
export function showProblem(
  { terminal }: Context,
  problem: SigningProblem,
  code: ExitCode = isRefusal(problem) ? 1 : 2,
): ExitCode {
  const { message, remedy } = describeSigning(problem, terminal.language)
  if (terminal.json) {
    const { differences } = problem
    const error = { code: problem.code, message, remedy, ...(differences ? { differences } : {}) }
    terminal.out(JSON.stringify({ error }))
    return code
  }
  terminal.note(`${terminal.paint('red', message)} ${remedy}`)
  if (problem.differences) showDifferences(problem.differences, terminal)
  return code
}

function showDifferences(differences: Differences, terminal: Terminal): void {
  const kinds = [
    [{ en: 'changed', fr: 'changé' }, differences.changed],
    [{ en: 'missing', fr: 'manquant' }, differences.missing],
    [{ en: 'added', fr: 'ajouté' }, differences.added],
    [
      { en: 'renamed', fr: 'renommé' },
      differences.renamed.map(({ from, to }) => `${from} -> ${to}`),
    ],
  ] as const
  for (const [said, names] of kinds) {
    const word = terminal.say(said).padEnd(9)
    for (const name of names.slice(0, SHOWN)) terminal.note(`  ${word} ${printable(name)}`)
    if (names.length > SHOWN) terminal.note(`  ${word} … ${names.length - SHOWN}`)
  }
}

/** Runs long hashing work: shows how far it is, and stops it on an interrupt. */
export async function withProgress<Outcome>(
  { terminal }: Context,
  work: (options: HashOptions) => Promise<Outcome>,
): Promise<Outcome> {
  const stop = new AbortController()
  const interrupt = (): void => stop.abort()
  process.once('SIGINT', interrupt)
  let done = 0
  let shown = 0
  const onBytes = (bytes: number): void => {
    done += bytes
    if (done - shown < 64e6) return
    shown = done
    terminal.status(bytesText(done))
  }
  try {
    return await work({ signal: stop.signal, onBytes })
  } finally {
    process.off('SIGINT', interrupt)
    terminal.status(null)
  }
}
