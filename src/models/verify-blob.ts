import { readFile, rm, stat, writeFile } from 'node:fs/promises'
import { fileDigest } from './digest.ts'
import { storePaths, type Sha256 } from './store-layout.ts'

/** `changed`: its bytes are not those its name says. */
export type BlobState = 'verified' | 'changed' | 'missing'

/** What a stamp says: the file had this size and time when its digest was right. */
const stampOf = (size: bigint, mtimeNs: bigint): string => `${size} ${mtimeNs}\n`

/**
 * Is the stored file still the one its name says? Reads it whole once, then trusts size and time, unless it was found
 * changed before.
 */
export async function verifyBlob(dir: string, digest: Sha256): Promise<BlobState> {
  const paths = storePaths(dir)
  const found = await stat(paths.blob(digest), { bigint: true }).catch(() => null)
  if (found === null) return 'missing'
  const known = await readFile(paths.verified(digest), 'utf8').catch(() => '')
  if (known === stampOf(found.size, found.mtimeNs)) return 'verified'
  return await reverifyBlob(dir, digest)
}

/**
 * Reads the stored file whole, whatever its size and time say. One that changed is marked, so that no reader of this
 * store takes it for what it was; one that is right again loses the mark.
 */
export async function reverifyBlob(
  dir: string,
  digest: Sha256,
  signal?: AbortSignal,
): Promise<BlobState> {
  const paths = storePaths(dir)
  const before = await stat(paths.blob(digest), { bigint: true }).catch(() => null)
  if (before === null) return 'missing'
  if ((await fileDigest(paths.blob(digest), signal)) === digest) {
    await writeNote(paths.verified(digest), stampOf(before.size, before.mtimeNs))
    await rm(paths.changed(digest), { force: true }).catch(() => undefined)
    return 'verified'
  }
  await rm(paths.verified(digest), { force: true }).catch(() => undefined)
  await writeNote(paths.changed(digest), '')
  return 'changed'
}

/** Whether a stored file was found changed, and not right since. */
export const isMarkedChanged = (dir: string, digest: Sha256): Promise<boolean> =>
  stat(storePaths(dir).changed(digest)).then(
    () => true,
    () => false,
  )

/** Notes that the stored file was just verified. */
export async function stampVerified(dir: string, digest: Sha256): Promise<void> {
  const paths = storePaths(dir)
  const { size, mtimeNs } = await stat(paths.blob(digest), { bigint: true })
  await writeNote(paths.verified(digest), stampOf(size, mtimeNs))
  await rm(paths.changed(digest), { force: true }).catch(() => undefined)
}

// A note that cannot be written costs time at the next start, nothing else: the digest is read again.
const writeNote = (path: string, text: string): Promise<void> =>
  writeFile(path, text, { mode: 0o600 }).catch(() => undefined)
