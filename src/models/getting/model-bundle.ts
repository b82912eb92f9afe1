import { createHash } from 'node:crypto'
import { mkdir, open, rename, rm, stat, type FileHandle } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { err, ok, type Result } from '#kernel/result.ts'
import { printable } from '#kernel/printable.ts'
import { digestOfFiles } from '../store/files-digest.ts'
import { readSignedRecord } from '../admission/signed-record.ts'
import { filesOf, SOURCE_KINDS, type Manifest } from '../store/manifest.ts'
import { lockPartial } from '../pull/partial-lock.ts'
import { failureOf, PullError, type PullFailure } from '../pull/pull-failure.ts'
import type { PullContext } from '../pull/pull-request.ts'
import { isModelName, storePaths } from '../store/store-layout.ts'
import { reverifyBlobs, stampVerified, verifyBlob } from '../store/verify-blob.ts'
import { plainFileName } from './distinct-files.ts'
import { mixesScripts } from './mixed-scripts.ts'
import { isSafeName } from './safe-name.ts'
import { whileClaimed } from '../pull/while-claimed.ts'
import { nameFiles } from './pull-set.ts'
import { copyStretch, NotOurTar, readTar, TAR_END, tarHeader, tarPadding } from './tar-stream.ts'

const Hex = z.string().regex(/^[0-9a-f]{64}$/)
/** What stands first in a bundle: which files make the model, and what the house that wrote it recorded of them. */
const Contents = z.strictObject({
  v: z.literal(1),
  name: z.string().refine(isModelName),
  digest: Hex,
  files: z
    .array(
      z.strictObject({
        path: z.string().refine((path) => isSafeName(path) && !mixesScripts(path)),
        digest: Hex,
        bytes: z.int().nonnegative(),
      }),
    )
    .min(1)
    .max(100_000),
  source: z.strictObject({ kind: z.enum(SOURCE_KINDS), reference: z.string().max(4096) }),
  aliasDigests: z.array(Hex),
  licence: z.string().max(1000).nullable(),
  /** The signed record of admission there; it counts for nothing here but what its signature proves. */
  record: z.string().nullable(),
  /** The company's signature over the files, and the key it is of. */
  signature: z.string().nullable(),
  publicKey: z.string().max(10_000).nullable(),
})
type Contents = z.infer<typeof Contents>

const CONTENTS = 'bundle.json'
const MOST_CONTENTS_BYTES = 256 * 1024 * 1024

/** What of a model's admission travels with it. */
export interface Accompanying {
  readonly record: string | null
  readonly signature: string | null
  readonly publicKey: string | null
}

/** Writes a model with all that is known of it into one file, whole or not at all. */
export async function exportModel(
  manifest: Manifest,
  to: string,
  beside: Accompanying,
  context: PullContext,
): Promise<Result<{ readonly bytes: number }, PullFailure>> {
  const { dir, ports, signal } = context
  // one that was killed on its way is begun again in the same place, and not left beside the next
  const unlock = await lockPartial(`${to}.partial`).catch(() => null)
  const temporary = unlock === null ? `${to}.${ports.newId()}` : `${to}.partial`
  let file: FileHandle | null = null
  try {
    const files = filesOf(manifest)
    const digests = [...new Set(files.map(({ digest }) => digest))]
    if (!(await reverifyBlobs(dir, digests, signal))) throw new PullError({ code: 'store-changed' })
    const contents: Contents = {
      v: 1,
      name: manifest.name,
      digest: manifest.digest,
      files: [...files],
      source: manifest.source,
      aliasDigests: [...manifest.aliasDigests],
      licence: manifest.licence,
      ...beside,
    }
    file = await open(temporary, unlock === null ? 'wx' : 'w', 0o600).catch(refuseOutput(to))
    const writer = file
    const write = (piece: Uint8Array): Promise<unknown> => writer.appendFile(piece)
    await writeEntry(CONTENTS, Buffer.from(JSON.stringify(contents)), write)
    let done = 0
    for (const digest of digests) {
      const blob = await open(storePaths(dir).blob(digest), 'r')
      try {
        const { size } = await blob.stat()
        await write(tarHeader(`blobs/sha256-${digest}`, size))
        await copyStretch(blob, { at: 0, bytes: size }, write, signal)
        await write(tarPadding(size))
        done += size
        const source = manifest.name
        context.onProgress({ phase: 'downloading', source, received: done, total: manifest.bytes })
      } finally {
        await blob.close()
      }
    }
    await write(TAR_END)
    await file.sync()
    const { size } = await file.stat()
    await file.close()
    file = null
    await rename(temporary, to).catch(refuseOutput(to))
    return ok({ bytes: size })
  } catch (error) {
    return err(failureOf(error, signal))
  } finally {
    await file?.close()
    await rm(temporary, { force: true })
    await unlock?.()
  }
}

/** Where a bundle goes is not the store: what is wrong there is told as such. */
const refuseOutput =
  (to: string) =>
  (error: unknown): never => {
    const reason = error instanceof Error && 'code' in error ? String(error.code) : ''
    if (!/^E[A-Z]+$/.test(reason) || reason === 'ENOSPC') throw error
    throw new PullError({ code: 'bundle-unwritable', detail: { file: printable(to), reason } })
  }

async function writeEntry(
  name: string,
  bytes: Buffer,
  write: (piece: Uint8Array) => Promise<unknown>,
): Promise<void> {
  await write(tarHeader(name, bytes.length))
  await write(bytes)
  await write(tarPadding(bytes.length))
}

export interface ImportedModel {
  readonly manifest: Manifest
  /** What came with it, to be verified by whoever trusts the key. */
  readonly record: string | null
  readonly signature: string | null
  readonly publicKey: string | null
}

/** Takes a model out of a bundle: every file must be listed and have its digest, and nothing else may be in it. */
export async function importModel(
  from: string,
  name: string | undefined,
  context: PullContext,
): Promise<Result<ImportedModel, PullFailure>> {
  const { dir, signal } = context
  let file: FileHandle | null = null
  try {
    const paths = storePaths(dir)
    for (const path of [paths.blobs, paths.manifests, paths.partial])
      await mkdir(path, { recursive: true, mode: 0o700 })
    file = await open(from, 'r').catch(() => null)
    if (file === null || !(await file.stat()).isFile())
      throw new PullError({ code: 'file-not-found' })
    const free = await context.ports.freeBytes(dir)
    const { size } = await stat(from)
    if (free < size) throw new PullError({ code: 'disk-full', detail: { free } })
    const opened = file
    return await whileClaimed(context, async (claiming) => {
      const contents = await takeAll(opened, claiming)
      const plan = {
        source: { kind: 'bundle' as const, reference: contents.source.reference },
        attested: false,
        // that other digests stand for these files, nobody has signed: who gave one of them would vouch for anything
        aliasDigests: [],
        licence: contents.licence,
      }
      const chosen = name ?? contents.name
      if (!isModelName(chosen)) throw new PullError({ code: 'invalid-name' })
      const manifest = await nameFiles(chosen, contents.files, plan, context)
      const { record, signature, publicKey } = contents
      return ok({ manifest, record, signature, publicKey })
    })
  } catch (error) {
    if (error instanceof NotOurTar) return err({ code: 'bundle-malformed' })
    return err(failureOf(error, signal))
  } finally {
    await file?.close()
  }
}

async function takeAll(file: FileHandle, context: PullContext): Promise<Contents> {
  let contents: Contents | null = null
  const waiting = new Map<string, number>()
  for await (const entry of readTar(file)) {
    if (contents === null) {
      if (entry.name !== CONTENTS || entry.bytes > MOST_CONTENTS_BYTES) throw new NotOurTar()
      contents = await contentsOf(file, entry)
      for (const { digest, bytes } of contents.files) waiting.set(digest, bytes)
      continue
    }
    const digest = /^blobs\/sha256-([0-9a-f]{64})$/.exec(entry.name)?.[1] ?? ''
    // one that is not listed, of another size, or there twice
    if (waiting.get(digest) !== entry.bytes) throw new NotOurTar()
    waiting.delete(digest)
    await takeBlob(file, digest, entry, context)
  }
  if (contents === null || waiting.size > 0) throw new NotOurTar()
  return contents
}

async function contentsOf(
  file: FileHandle,
  entry: { readonly at: number; readonly bytes: number },
): Promise<Contents> {
  const pieces: Uint8Array[] = []
  const signal = new AbortController().signal
  await copyStretch(file, entry, async (piece) => void pieces.push(piece), signal)
  let parsed: unknown
  try {
    parsed = JSON.parse(Buffer.concat(pieces).toString('utf8'))
  } catch {
    throw new NotOurTar()
  }
  const read = Contents.safeParse(parsed)
  if (!read.success) throw new NotOurTar()
  const { files, digest, record } = read.data
  const paths = new Set(files.map(({ path }) => plainFileName(path)))
  const sizes = new Map(files.map((one) => [one.digest, one.bytes]))
  const isWhole =
    digestOfFiles(files) === digest &&
    // two names that one file system may take for one, or two sizes of the same bytes
    paths.size === files.length &&
    files.every((one) => sizes.get(one.digest) === one.bytes) &&
    (record === null || readSignedRecord(record)?.statement.digest === digest)
  if (!isWhole) throw new NotOurTar()
  return read.data
}

async function takeBlob(
  file: FileHandle,
  digest: string,
  entry: { readonly at: number; readonly bytes: number },
  { dir, ports, signal, onProgress, claim }: PullContext,
): Promise<void> {
  await claim?.add(digest)
  if ((await verifyBlob(dir, digest)) === 'verified') return
  const path = join(storePaths(dir).partial, ports.newId())
  const out = await open(path, 'wx', 0o600)
  try {
    const hash = createHash('sha256')
    await copyStretch(
      file,
      entry,
      (piece) => {
        hash.update(piece)
        return out.appendFile(piece)
      },
      signal,
    )
    const actual = hash.digest('hex')
    if (actual !== digest)
      throw new PullError({
        code: 'digest-mismatch',
        detail: { expected: digest, actual, kept: '-' },
      })
    await out.sync()
    await rename(path, storePaths(dir).blob(digest))
    await stampVerified(dir, digest)
    onProgress({ phase: 'verifying', source: digest.slice(0, 16) })
  } finally {
    await out.close()
    await rm(path, { force: true })
  }
}
