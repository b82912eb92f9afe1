import type { BigIntStats } from 'node:fs'
import { readFile, rm, stat, writeFile } from 'node:fs/promises'
import { fileDigest } from './digest.ts'
import { hashPieces } from '../digests/hash-pieces.ts'
import { wholeFile } from '../digests/piece.ts'
import { storePaths, type Sha256 } from './store-layout.ts'

/** `changed`: its bytes are not those its name says. */
export type BlobState = 'verified' | 'changed' | 'missing'

/**
 * What a stamp says: the file had this size and these times when its digest was right. The time of change cannot be set
 * back by who writes a file.
 */
const stampOf = ({ size, mtimeNs, ctimeNs, ino }: BigIntStats): string =>
  `${size} ${mtimeNs} ${ctimeNs} ${ino}\n`

/** What tells a stored file from any other, and from itself after a change; empty where there is none. */
export const stampAt = (dir: string, digest: Sha256): Promise<string> =>
  stat(storePaths(dir).blob(digest), { bigint: true }).then(stampOf, () => '')

/**
 * Is the stored file still the one its name says? Reads it whole once, then trusts size and times, unless it was found
 * changed before.
 */
export async function verifyBlob(dir: string, digest: Sha256): Promise<BlobState> {
  const paths = storePaths(dir)
  const found = await stat(paths.blob(digest), { bigint: true }).catch(() => null)
  if (found === null) return 'missing'
  const known = await readFile(paths.verified(digest), 'utf8').catch(() => '')
  if (known === stampOf(found)) return 'verified'
  return await reverifyBlob(dir, digest)
}

/**
 * Reads the stored file whole, whatever its size and time say. One that changed is marked, so that no reader of this
 * store takes it for what it was; one that is right again loses the mark. `share` below 1 takes that much of one core.
 */
export async function reverifyBlob(
  dir: string,
  digest: Sha256,
  signal?: AbortSignal,
  share = 1,
): Promise<BlobState> {
  const paths = storePaths(dir)
  const before = await stat(paths.blob(digest), { bigint: true }).catch(() => null)
  if (before === null) return 'missing'
  if ((await fileDigest(paths.blob(digest), signal, share)) === digest) {
    await noteRight(dir, digest, before)
    return 'verified'
  }
  await noteChanged(dir, digest)
  return 'changed'
}

/** Reads stored files again whole, with every core; whether all of them are what their names say. Changed ones are marked. */
export async function reverifyBlobs(
  dir: string,
  digests: readonly Sha256[],
  signal?: AbortSignal,
): Promise<boolean> {
  const paths = storePaths(dir)
  const found = await Promise.all(
    digests.map((digest) => stat(paths.blob(digest), { bigint: true }).catch(() => null)),
  )
  if (found.includes(null)) return false
  const pieces = digests.map((digest) => wholeFile(paths.blob(digest)))
  const bytes = found.reduce((sum, one) => sum + Number(one?.size ?? 0n), 0)
  const outcomes = await hashPieces(pieces, {
    expectedBytes: bytes,
    ...(signal === undefined ? {} : { signal }),
  })
  let isRight = true
  for (const [at, digest] of digests.entries()) {
    const [before, outcome] = [found[at], outcomes[at]]
    const isSame = outcome?.ok === true && outcome.value.hex === digest
    isRight &&= isSame
    if (isSame && before) await noteRight(dir, digest, before)
    // one that could not be read says nothing of its bytes
    else if (outcome?.ok === true) await noteChanged(dir, digest)
  }
  return isRight
}

/** What became of the files of one model, all read again whole: the worst of them. `unreadable`: nothing is known of its bytes. */
export async function reverifyFiles(
  dir: string,
  digests: readonly Sha256[],
): Promise<BlobState | 'unreadable'> {
  const [only, ...others] = digests
  if (only !== undefined && others.length === 0)
    return reverifyBlob(dir, only).catch(() => 'unreadable')
  if (await reverifyBlobs(dir, digests)) return 'verified'
  const found = await Promise.all(digests.map((digest) => stampAt(dir, digest)))
  if (found.includes('')) return 'missing'
  const marks = await Promise.all(digests.map((digest) => isMarkedChanged(dir, digest)))
  return marks.includes(true) ? 'changed' : 'unreadable'
}

async function noteRight(dir: string, digest: Sha256, found: BigIntStats): Promise<void> {
  const paths = storePaths(dir)
  await writeNote(paths.verified(digest), stampOf(found))
  await rm(paths.changed(digest), { force: true }).catch(() => undefined)
}

async function noteChanged(dir: string, digest: Sha256): Promise<void> {
  const paths = storePaths(dir)
  await rm(paths.verified(digest), { force: true }).catch(() => undefined)
  await writeNote(paths.changed(digest), '')
}

/** Whether a stored file was found changed, and not right since. */
export const isMarkedChanged = (dir: string, digest: Sha256): Promise<boolean> =>
  stat(storePaths(dir).changed(digest)).then(
    () => true,
    () => false,
  )

/** Notes that the stored file was just verified; `hashed`: what it was before, which it must still be. */
export async function stampVerified(
  dir: string,
  digest: Sha256,
  hashed?: BigIntStats,
): Promise<void> {
  const found = await stat(storePaths(dir).blob(digest), { bigint: true })
  const isSame =
    hashed === undefined ||
    // its time of change is that of its new name
    (found.ino === hashed.ino && found.size === hashed.size && found.mtimeNs === hashed.mtimeNs)
  if (isSame) await noteRight(dir, digest, found)
}

// A note that cannot be written costs time at the next start, nothing else: the digest is read again. Who serves what
// was found changed keeps that in mind too.
const writeNote = (path: string, text: string): Promise<void> =>
  writeFile(path, text, { mode: 0o600 }).catch(() => undefined)
