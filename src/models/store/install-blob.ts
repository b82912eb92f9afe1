import { mkdir, open, rename, rm, stat, writeFile } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { fileDigest } from './digest.ts'
import { dropFiles, usedDigests } from './drop-files.ts'
import { findModel } from './find-model.ts'
import { ggufFacts, isShard } from '../gguf/gguf-facts.ts'
import { readGgufHeader } from '../gguf/gguf-header.ts'
import { filesOf, type Manifest } from './manifest.ts'
import { PullError } from '../pull/pull-failure.ts'
import type { PullPorts } from '../pull/pull-ports.ts'
import { storePaths, type Sha256 } from './store-layout.ts'
import { stampVerified } from './verify-blob.ts'

/** What is known of a model beside its file. */
export interface ModelEntry {
  readonly name: string
  readonly aliases: readonly string[]
  readonly source: Manifest['source']
  /** Null: what the file itself says. */
  readonly licence: string | null
  readonly openness: number | null
}

/** Takes a complete file into the store: only if its digest is the expected one (any, when null) and it is a GGUF. */
export async function installBlob(
  dir: string,
  path: string,
  expected: Sha256 | null,
  ports: PullPorts,
  signal: AbortSignal,
): Promise<Sha256> {
  const hashed = await stat(path, { bigint: true })
  const actual = await fileDigest(path, signal)
  if (expected !== null && actual !== expected) {
    const kept = await quarantine(dir, path, actual, ports)
    throw new PullError({ code: 'digest-mismatch', detail: { expected, actual, kept } })
  }
  const header = await readGgufHeader(path)
  if (header === null || isShard(header)) {
    await rm(path, { force: true })
    throw new PullError({ code: header === null ? 'not-a-gguf' : 'shards-apart' })
  }
  await syncFile(path)
  await rename(path, storePaths(dir).blob(actual))
  await stampVerified(dir, actual, hashed)
  return actual
}

/** Writes the manifest of a stored file, whole or not at all; a file that the name no longer refers to is removed. */
export async function writeManifest(
  dir: string,
  digest: Sha256,
  entry: ModelEntry,
  ports: PullPorts,
): Promise<Manifest> {
  const paths = storePaths(dir)
  const header = await readGgufHeader(paths.blob(digest))
  if (header === null) throw new PullError({ code: 'not-a-gguf' })
  const facts = ggufFacts(header)
  const { size } = await stat(paths.blob(digest))
  const manifest: Manifest = {
    ...facts,
    name: entry.name,
    aliases: [...entry.aliases],
    digest,
    bytes: size,
    format: 'gguf',
    files: [],
    aliasDigests: [],
    attested: false,
    source: entry.source,
    pulledAt: new Date(ports.now()).toISOString(),
    licence: entry.licence ?? facts.licence,
    openness: entry.openness,
  }
  const before = await findModel(dir, entry.name)
  const temporary = join(paths.manifests, `.${ports.newId()}`)
  await writeFile(temporary, `${JSON.stringify(manifest, null, 2)}\n`, { mode: 0o600 })
  await syncFile(temporary)
  await rename(temporary, paths.manifest(entry.name))
  await refuseMissing(dir, [manifest])
  if (before !== null && before.digest !== digest) await dropUnused(dir, before)
  return manifest
}

/** Removes the files of a model that no name refers to any more. */
export async function dropUnused(dir: string, gone: Manifest): Promise<void> {
  const paths = storePaths(dir)
  // what a pull under way counts on goes with `models gc`, if that comes to nothing
  await dropFiles(
    dir,
    filesOf(gone).map(({ digest }) => digest),
    Date.now(),
  )
  const used = await usedDigests(dir)
  if (used === null || used.has(gone.digest)) return
  await rm(paths.signature(gone.digest), { force: true })
  await rm(paths.linked(gone.digest), { force: true, recursive: true })
}

/** Files that were found in the store may have been removed by the time they are named. @throws when one is gone */
export async function refuseMissing(
  dir: string,
  files: readonly { readonly digest: Sha256 }[],
): Promise<void> {
  for (const { digest } of files)
    if ((await stat(storePaths(dir).blob(digest)).catch(() => null)) === null)
      throw new PullError({ code: 'store-changed' })
}

async function quarantine(
  dir: string,
  path: string,
  actual: Sha256,
  ports: PullPorts,
): Promise<string> {
  const aside = join(storePaths(dir).quarantine, `sha256-${actual}-${ports.newId()}`)
  await mkdir(dirname(aside), { recursive: true, mode: 0o700 })
  await rename(path, aside)
  return join('quarantine', basename(aside))
}

async function syncFile(path: string): Promise<void> {
  const file = await open(path, 'r+')
  try {
    await file.sync()
  } finally {
    await file.close()
  }
}
