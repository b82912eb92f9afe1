import { readdir, rm, stat } from 'node:fs/promises'
import { basename, join } from 'node:path'
import type { EpochMs } from '#kernel/units.ts'
import { claimedIn } from '../store/claim.ts'
import { dropFiles, usedDigests } from '../store/drop-files.ts'
import { readNote } from './unpack-layer.ts'

/** Something in the store that no model refers to. */
export interface Garbage {
  /** Below the store. */
  readonly path: string
  readonly bytes: number
  readonly kind: 'blob' | 'partial' | 'quarantine' | 'note'
}

/** What was begun or written so lately may belong to a pull that has not named it yet, milliseconds. */
const YOUNG_MS = 3_600_000

/** What no manifest refers to, and is no longer young. A manifest that cannot be read, or the folder of them or of claims, keeps everything: it may name anything. */
export async function findGarbage(
  dir: string,
  now: EpochMs,
): Promise<readonly Garbage[] | 'unreadable-manifest'> {
  const used = await usedDigests(dir)
  if (used === null) return 'unreadable-manifest'
  const claimed = await claimedIn(dir, now)
  if (claimed === null) return 'unreadable-manifest'
  const isFree = (name: string): boolean => {
    const digest = /^sha256-([0-9a-f]{64})/.exec(name)?.[1]
    return digest !== undefined && !used.has(digest) && !claimed.digests.has(digest)
  }
  const place = { dir, now, since: claimed.since ?? Infinity }
  return [
    ...(await lookIn(place, 'blobs', (name) => (isFree(name) ? kindOf(name) : null))),
    ...(await lookIn(place, 'signatures', (name) => (isFree(name) ? 'note' : null))),
    ...(await lookIn(place, 'linked', (name) => (isFree(name) ? 'note' : null))),
    ...(await lookIn(place, 'unpacked', async (name) => {
      const files = await readNote(join(dir, 'unpacked', name))
      return files?.every(({ digest }) => used.has(digest)) === true ? null : 'note'
    })),
    ...(await lookIn(place, 'partial', () => 'partial')),
    // a manifest that was never finished
    ...(await lookIn(place, 'manifests', (name) => (name.startsWith('.') ? 'partial' : null))),
    ...(await lookIn(place, 'quarantine', () => 'quarantine')),
  ]
}

const kindOf = (name: string): Garbage['kind'] =>
  /^sha256-[0-9a-f]{64}$/.test(name) ? 'blob' : 'note'

interface Place {
  readonly dir: string
  readonly now: EpochMs
  /** What was written since then belongs to somebody who is at it. */
  readonly since: EpochMs
}

async function lookIn(
  { dir, now, since }: Place,
  folder: string,
  kind: (name: string) => Garbage['kind'] | null | Promise<Garbage['kind'] | null>,
): Promise<readonly Garbage[]> {
  const names = await readdir(join(dir, folder)).catch(() => [])
  const found = await Promise.all(
    names
      .toSorted((a, b) => (a < b ? -1 : 1))
      .map(async (name): Promise<Garbage | null> => {
        const of = await kind(name)
        const seen = await stat(join(dir, folder, name)).catch(() => null)
        const oldest = Math.min(now - YOUNG_MS, since)
        const isYoung = seen !== null && Math.max(seen.mtimeMs, seen.ctimeMs) > oldest
        // what a quarantined file waits for is a person, who asked for it to go
        const waits = isYoung && of !== 'quarantine'
        return of === null || seen === null || waits
          ? null
          : { path: join(folder, name), bytes: seen.size, kind: of }
      }),
  )
  return found.filter((one) => one !== null)
}

/** Removes what was found; a file that has come to be used meanwhile, or is claimed, stays. */
export async function removeGarbage(
  dir: string,
  garbage: readonly Garbage[],
  now: EpochMs,
): Promise<void> {
  const digests = garbage.flatMap(({ path, kind }) =>
    kind === 'blob' ? [basename(path).slice('sha256-'.length)] : [],
  )
  await dropFiles(dir, digests, now)
  for (const { path, kind } of garbage)
    if (kind !== 'blob') await rm(join(dir, path), { force: true, recursive: true })
}
