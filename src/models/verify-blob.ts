import { readFile, stat, writeFile } from 'node:fs/promises'
import { fileDigest } from './digest.ts'
import { storePaths, type Sha256 } from './store-layout.ts'

/** What a stamp says: the file had this size and time when its digest was right. */
const stampOf = (size: bigint, mtimeNs: bigint): string => `${size} ${mtimeNs}\n`

/**
 * Is the stored file still the one its name says? Reads it whole once, then trusts size and time.
 * `missing` when it is not there.
 */
export async function verifyBlob(
  dir: string,
  digest: Sha256,
): Promise<'verified' | 'changed' | 'missing'> {
  const paths = storePaths(dir)
  const found = await stat(paths.blob(digest), { bigint: true }).catch(() => null)
  if (found === null) return 'missing'
  const stamp = stampOf(found.size, found.mtimeNs)
  const known = await readFile(paths.verified(digest), 'utf8').catch(() => '')
  if (known === stamp) return 'verified'
  if ((await fileDigest(paths.blob(digest))) !== digest) return 'changed'
  await writeStamp(paths.verified(digest), stamp)
  return 'verified'
}

/** Notes that the stored file was just verified. */
export async function stampVerified(dir: string, digest: Sha256): Promise<void> {
  const paths = storePaths(dir)
  const { size, mtimeNs } = await stat(paths.blob(digest), { bigint: true })
  await writeStamp(paths.verified(digest), stampOf(size, mtimeNs))
}

// A stamp that cannot be written costs time at the next start, nothing else.
const writeStamp = (path: string, stamp: string): Promise<void> =>
  writeFile(path, stamp, { mode: 0o600 }).catch(() => undefined)
