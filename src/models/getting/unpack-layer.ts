import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { mkdir, open, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createGunzip, createZstdDecompress } from 'node:zlib'
import { z } from 'zod'
import type { ManifestFile } from '../store/manifest.ts'
import { PullError } from '../pull/pull-failure.ts'
import type { PullContext } from '../pull/pull-request.ts'
import { storePaths, type Sha256 } from '../store/store-layout.ts'
import type { Claim } from '../store/claim.ts'
import { stampVerified, verifyBlob } from '../store/verify-blob.ts'
import { tarredFiles, unsafeArchive, type TarredFile } from './foreign-tar.ts'
import { isWeights, wantedOfPackage, zippedFiles } from './package-files.ts'
import { HEADROOM_BYTES, MOST_FILES, type Packing } from './plan.ts'
import { isSafeName } from './safe-name.ts'

/**
 * What comes out of a compressed archive is at most so many times what went in: weights hardly shrink, texts by ten. Small
 * archives may hold more.
 */
const MOST_GROWTH = 100
const SMALL_BYTES = 64 * 1024 * 1024

/** Most bytes that come out of an archive. */
export const mostUnpacked = (archiveBytes: number, { form, compression }: Packing): number =>
  compression === 'none' && form !== 'zip'
    ? archiveBytes
    : Math.max(SMALL_BYTES, archiveBytes * MOST_GROWTH)

const Note = z.strictObject({
  files: z
    .array(
      z.strictObject({
        path: z.string().refine(isSafeName),
        digest: z.string().regex(/^[0-9a-f]{64}$/),
        bytes: z.int().nonnegative(),
      }),
    )
    .max(MOST_FILES),
})

/** The files that came out of an archive before, where all of them are still in the store; null where not. */
export async function unpackedBefore(
  dir: string,
  archive: Sha256,
  { holds }: Packing,
  claim?: Claim,
): Promise<readonly ManifestFile[] | null> {
  const files = await readNote(storePaths(dir).unpacked(archive, holds))
  if (files === null) return null
  for (const { digest } of files) await claim?.add(digest)
  for (const { digest } of files) if ((await verifyBlob(dir, digest)) !== 'verified') return null
  return files
}

/** What a note of unpacking says; null where it cannot be read. */
export async function readNote(path: string): Promise<readonly ManifestFile[] | null> {
  try {
    return Note.parse(JSON.parse(await readFile(path, 'utf8'))).files
  } catch {
    return null
  }
}

/** Takes the files out of an archive whose digest was verified, each into the store under its own; nothing else is made of it. */
export async function unpackLayer(
  archive: { readonly path: string; readonly digest: Sha256; readonly name: string },
  packing: Packing,
  context: PullContext,
): Promise<readonly ManifestFile[]> {
  const { size } = await stat(archive.path)
  const files: ManifestFile[] = []
  let left = mostUnpacked(size, packing)
  for await (const member of filesIn(archive, packing, left)) {
    context.signal.throwIfAborted()
    // what is passed over has to be unpacked as well
    if (member.bytes > left) throw unsafeArchive('too-large')
    left -= member.bytes
    const path = packing.holds === 'package' ? wantedOfPackage(member.path, packing) : member.path
    if (path === null) continue
    const one = { ...member, path }
    files.push(await takeIn(one, context))
  }
  // what says whose the weights are is nothing without them
  if (packing.holds === 'package' && !files.some(({ path }) => isWeights(path)))
    throw new PullError({ code: 'package-without-weights', detail: { source: archive.name } })
  const note = storePaths(context.dir).unpacked(archive.digest, packing.holds)
  await mkdir(join(note, '..'), { recursive: true, mode: 0o700 })
  const temporary = `${note}.${context.ports.newId()}`
  await writeFile(temporary, JSON.stringify({ files }), { mode: 0o600 })
  await rename(temporary, note)
  return files
}

async function* filesIn(
  { path, name }: { readonly path: string; readonly name: string },
  { form, compression }: Packing,
  most: number,
): AsyncGenerator<TarredFile> {
  if (form === 'zip') return yield* zippedFiles(path)
  const plain = inflated(path, compression)
  if (form === 'tar') yield* tarredFiles(plain)
  // how much one compressed file is, only its end says
  else yield { path: name, bytes: await lengthOf(inflated(path, compression), most), body: plain }
}

async function lengthOf(stream: AsyncIterable<Uint8Array>, most: number): Promise<number> {
  let length = 0
  for await (const piece of stream) {
    length += piece.length
    if (length > most) throw unsafeArchive('too-large')
  }
  return length
}

async function* inflated(
  path: string,
  compression: Packing['compression'],
): AsyncGenerator<Buffer> {
  const raw = createReadStream(path)
  if (compression === 'none') {
    yield* raw as AsyncIterable<Buffer>
    return
  }
  const out = compression === 'gzip' ? createGunzip() : createZstdDecompress()
  raw.on('error', (error) => out.destroy(error))
  out.on('close', () => raw.destroy())
  try {
    yield* raw.pipe(out) as AsyncIterable<Buffer>
  } catch (error) {
    // codes of zlib; those of the file system are told as such
    if (error instanceof Error && 'code' in error && /^(?:Z_|ZSTD_)/.test(String(error.code)))
      throw unsafeArchive('malformed')
    throw error
  } finally {
    out.destroy()
  }
}

/** Writes one file beside the others that are under way, and takes it into the store under its SHA-256. */
async function takeIn(
  one: TarredFile,
  { dir, ports, signal, claim }: PullContext,
): Promise<ManifestFile> {
  const free = await ports.freeBytes(dir)
  if (free < one.bytes + HEADROOM_BYTES)
    throw new PullError({ code: 'disk-full', detail: { free } })
  const path = join(storePaths(dir).partial, ports.newId())
  const out = await open(path, 'wx', 0o600)
  try {
    const hash = createHash('sha256')
    let bytes = 0
    for await (const piece of one.body) {
      signal.throwIfAborted()
      bytes += piece.length
      if (bytes > one.bytes) throw unsafeArchive('too-large')
      hash.update(piece)
      await out.appendFile(piece)
    }
    if (bytes !== one.bytes) throw unsafeArchive('malformed')
    const digest = hash.digest('hex')
    await claim?.add(digest)
    if ((await verifyBlob(dir, digest)) !== 'verified') {
      await out.sync()
      await rename(path, storePaths(dir).blob(digest))
      await stampVerified(dir, digest)
    }
    return { path: one.path, digest, bytes }
  } finally {
    await out.close()
    await rm(path, { force: true })
  }
}
