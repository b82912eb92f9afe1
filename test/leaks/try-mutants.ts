// `node test/leaks/try-mutants.ts [WORDS...]`: takes the check of each exit away, in a copy, and expects the exchanges to notice.
import { execFile } from 'node:child_process'
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { MUTANTS, type Mutant } from './mutants.ts'

const ROOT = fileURLToPath(new URL('../../', import.meta.url))
const run = promisify(execFile)

/** A check that only a rare exchange needs takes more of them to be missed: so many times as many, with a seed of their own each. */
const TRIES = [1, 1, 1, 4, 8, 8]

/** A copy of the program that can be spoilt. */
export function copyProgram(): { readonly folder: string; readonly remove: () => void } {
  const folder = mkdtempSync(join(tmpdir(), 'ecluse-mutants-'))
  for (const part of ['package.json', 'src', 'test', 'data']) {
    cpSync(join(ROOT, part), join(folder, part), { recursive: true })
  }
  symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'))
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) }
}

/** The source with the check taken away. @throws RangeError when it is not there, or not once. */
export function spoilt(text: string, { find, put }: Mutant['edits'][number], file: string): string {
  if (text.split(find).length !== 2) throw new RangeError(`not once in ${file}: ${find}`)
  return text.replace(find, () => put)
}

/** The leaks that a mutant shows; none: nobody noticed. */
export async function leaksOf(
  folder: string,
  mutant: Mutant,
  exchanges: number,
): Promise<readonly string[]> {
  const before = new Map<string, string>()
  try {
    for (const edit of mutant.edits) {
      const path = join(folder, edit.file)
      const text = readFileSync(path, 'utf8')
      if (!before.has(path)) before.set(path, text)
      writeFileSync(path, spoilt(text, edit, edit.file))
    }
    for (const [at, times] of TRIES.entries()) {
      const leaks = await leaksIn(folder, String(11 + at), exchanges * times)
      if (leaks.length > 0) return leaks
    }
    return []
  } finally {
    for (const [path, text] of before) writeFileSync(path, text)
  }
}

async function leaksIn(folder: string, seed: string, exchanges: number) {
  const args = ['test/leaks/run.ts', '--seed', seed, '--exchanges', String(exchanges)]
  try {
    await run(process.execPath, args, { cwd: folder })
    return []
  } catch (error) {
    const said = error instanceof Error && 'stdout' in error ? String(error.stdout) : ''
    const report: unknown = said === '' ? null : JSON.parse(said.trim())
    const isReport = typeof report === 'object' && report !== null && 'leaks' in report
    // one that falls over instead of leaking is no mutant
    if (!isReport || !Array.isArray(report.leaks)) throw error
    return report.leaks.map(String)
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { folder, remove } = copyProgram()
  let missed = 0
  const words = process.argv.slice(2)
  const asked = MUTANTS.filter(
    ({ exit }) => words.length === 0 || words.some((one) => exit.includes(one)),
  )
  try {
    for (const mutant of asked) {
      const leaks = await leaksOf(folder, mutant, 3000)
      if (leaks.length === 0) missed += 1
      process.stdout.write(
        `${leaks.length > 0 ? 'noticed' : 'MISSED '} ${mutant.exit}: ${leaks[0] ?? ''}\n`,
      )
    }
  } finally {
    remove()
  }
  process.stdout.write(`${asked.length} mutants, ${missed} missed\n`)
  process.exitCode = missed === 0 ? 0 : 1
}
