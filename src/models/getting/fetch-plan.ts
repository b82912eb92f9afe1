import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { open, rename, rm, stat, type FileHandle } from 'node:fs/promises'
import { join } from 'node:path'
import { copyBounded } from '../store/copy-file.ts'
import { fileDigest } from '../store/digest.ts'
import { download, validatorPath } from '../pull/http-download.ts'
import type { ManifestFile } from '../store/manifest.ts'
import { lockPartial } from '../pull/partial-lock.ts'
import { PullError } from '../pull/pull-failure.ts'
import type { PullContext } from '../pull/pull-request.ts'
import { storePaths } from '../store/store-layout.ts'
import { stampVerified, verifyBlob } from '../store/verify-blob.ts'
import { distinctFiles, refuseClashes } from './distinct-files.ts'
import { HEADROOM_BYTES, type PlannedFile, type PullPlan } from './plan.ts'
import { Progress } from './progress.ts'
import { unpackedBefore, unpackLayer } from './unpack-layer.ts'

/** Files fetched at the same time. */
const AT_ONCE = 4

/** Brings every file of a plan into the store, several at a time; those that are there already are not fetched. */
export async function fetchPlan(
  { files, source }: PullPlan,
  context: PullContext,
): Promise<readonly ManifestFile[]> {
  refuseClashes(files.filter(({ packing }) => !packing))
  const total = files.reduce((sum, { bytes }) => sum + bytes, 0)
  const missing = await missingBytes(files, context)
  const free = await context.ports.freeBytes(context.dir)
  if (free < missing + HEADROOM_BYTES) throw new PullError({ code: 'disk-full', detail: { free } })
  const progress = new Progress(source.reference, total, context)
  const brought: (readonly ManifestFile[])[] = []
  // one failure ends the others, which keep what they have for the next time
  const stopping = new AbortController()
  const signal = AbortSignal.any([context.signal, stopping.signal])
  let next = 0
  const lane = async (): Promise<void> => {
    for (let at = next++; at < files.length; at = next++) {
      const file = files[at]
      if (file === undefined) return
      brought[at] = await bring(file, { ...context, signal }, progress.of(at))
    }
  }
  let failure: unknown = null
  const lanes = Array.from({ length: Math.min(AT_ONCE, files.length) }, () =>
    lane().catch((error: unknown) => {
      failure ??= error
      stopping.abort()
    }),
  )
  await Promise.all(lanes)
  if (failure !== null) throw failure
  return distinctFiles(brought.flat())
}

async function missingBytes(files: readonly PlannedFile[], { dir }: PullContext): Promise<number> {
  const paths = storePaths(dir)
  let missing = 0
  for (const { bytes, expected, packing } of files) {
    if (expected.kind !== 'sha256') missing += bytes
    else if (packing) {
      // an archive is there until what it holds is there too
      if ((await unpackedBefore(dir, expected.hex, packing)) === null) missing += 2 * bytes
    } else if ((await stat(paths.blob(expected.hex)).catch(() => null)) === null) {
      const part = await stat(join(paths.partial, expected.hex)).catch(() => null)
      missing += Math.max(0, bytes - (part?.size ?? 0))
    }
  }
  return missing
}

async function bring(
  file: PlannedFile,
  context: PullContext,
  onBytes: (bytes: number) => void,
): Promise<readonly ManifestFile[]> {
  const { expected, path, bytes, packing, from } = file
  context.signal.throwIfAborted()
  if (expected.kind === 'sha256') {
    await context.claim?.add(expected.hex)
    const known = packing
      ? await unpackedBefore(context.dir, expected.hex, packing, context.claim)
      : (await verifyBlob(context.dir, expected.hex)) === 'verified'
        ? [{ path, bytes, digest: expected.hex }]
        : null
    if (known !== null) {
      onBytes(bytes)
      return known
    }
  }
  return from.kind === 'url'
    ? fetchOne({ ...file, from }, context, onBytes)
    : copyOne({ ...file, from }, context, onBytes)
}

/** Failures after which the bytes that came are of no use. */
const SPOILT: ReadonlySet<string> = new Set([
  'larger-than-announced',
  'digest-mismatch',
  'archive-refused',
  'package-without-weights',
])

type From<Kind extends PlannedFile['from']['kind']> = PlannedFile & {
  readonly from: Extract<PlannedFile['from'], { readonly kind: Kind }>
}

async function fetchOne(
  file: From<'url'>,
  context: PullContext,
  onBytes: (bytes: number) => void,
): Promise<readonly ManifestFile[]> {
  const { from, bytes, expected } = file
  const { dir, ports, signal } = context
  const own = join(storePaths(dir).partial, ports.newId())
  // what git names by its SHA-1 is found again under that name too
  const resumable = expected.kind === 'none' ? own : join(storePaths(dir).partial, expected.hex)
  const unlock = await lockPartial(resumable)
  const path = unlock === null ? own : resumable
  try {
    if (bytes === 0) await (await open(path, 'w', 0o600)).close()
    else
      await download(
        {
          url: from.url,
          access: from.access,
          ...(from.named ? { from: from.named } : {}),
          path,
          bytes,
          signal,
          onBytes,
        },
        ports,
      )
    const taken = await takeIn(path, file, context)
    await rm(validatorPath({ path }), { force: true })
    return taken
  } catch (error) {
    const code = error instanceof PullError ? error.failure.code : ''
    const isSpoilt = SPOILT.has(code)
    if (unlock === null || isSpoilt) {
      await rm(path, { force: true })
      await rm(validatorPath({ path }), { force: true })
    }
    throw error
  } finally {
    await unlock?.()
  }
}

async function copyOne(
  file: From<'path'>,
  context: PullContext,
  onBytes: (bytes: number) => void,
): Promise<readonly ManifestFile[]> {
  const { from, bytes } = file
  const own = join(storePaths(context.dir).partial, context.ports.newId())
  const found = await stat(from.path).catch(() => null)
  if (found?.isFile() !== true || found.size !== bytes)
    throw new PullError({ code: 'file-not-found' })
  try {
    // the digest is taken of the copy, which nobody else writes
    await copyBounded(from.path, own, { bytes, signal: context.signal, onBytes })
    return await takeIn(own, file, context)
  } finally {
    await rm(own, { force: true })
  }
}

/** Takes a whole file into the store under its SHA-256, or what is packed in it, if it is what was expected. */
async function takeIn(
  path: string,
  { path: name, expected, bytes, packing }: PlannedFile,
  context: PullContext,
): Promise<readonly ManifestFile[]> {
  const { dir, signal } = context
  const hashed = await stat(path, { bigint: true })
  const size = Number(hashed.size)
  const actual = await fileDigest(path, signal)
  const isRight =
    size === bytes &&
    (expected.kind === 'none' ||
      expected.hex === (expected.kind === 'sha256' ? actual : await gitDigest(path, size)))
  if (!isRight) {
    const hex = expected.kind === 'none' ? '?' : expected.hex
    throw new PullError({
      code: 'digest-mismatch',
      detail: { expected: hex, actual, kept: '-' },
    })
  }
  if (packing) {
    const files = await unpackLayer({ path, digest: actual, name }, packing, context)
    await rm(path, { force: true })
    return files
  }
  await context.claim?.add(actual)
  const to = storePaths(dir).blob(actual)
  if ((await verifyBlob(dir, actual)) === 'verified') await rm(path, { force: true })
  else {
    await synced(path)
    await rename(path, to)
    await stampVerified(dir, actual, hashed)
  }
  return [{ path: name, bytes, digest: actual }]
}

async function synced(path: string): Promise<void> {
  let file: FileHandle | null = null
  try {
    file = await open(path, 'r+')
    await file.sync()
  } finally {
    await file?.close()
  }
}

/** The name that git gives a file: SHA-1 of `blob LENGTH\0` and its bytes. */
async function gitDigest(path: string, size: number): Promise<string> {
  const hash = createHash('sha1').update(`blob ${size}\0`)
  for await (const piece of createReadStream(path)) hash.update(piece as Uint8Array)
  return hash.digest('hex')
}
