import { rename, rm } from 'node:fs/promises'
import type { EpochMs } from '#kernel/units.ts'
import { claimedIn, namesIn } from './claim.ts'
import { listModels } from './find-model.ts'
import { filesOf } from './manifest.ts'
import { storePaths, type Sha256 } from './store-layout.ts'

/** Digests of models and files that some manifest names; null where one cannot be read, which may name anything. */
export async function usedDigests(dir: string): Promise<ReadonlySet<Sha256> | null> {
  const manifests = await listModels(dir)
  const names = await namesIn(storePaths(dir).manifests)
  if (names === null) return null
  if (names.filter((name) => name.endsWith('.json')).length > manifests.length) return null
  return new Set(
    manifests.flatMap((one) => [one.digest, ...filesOf(one).map(({ digest }) => digest)]),
  )
}

/**
 * Removes stored files that no manifest names and no pull under way claims. They are put aside first, and looked up again: a pull that found one here
 * and has named it meanwhile gets it back, and one that has not named it yet finds it gone.
 */
export async function dropFiles(
  dir: string,
  digests: readonly Sha256[],
  now: EpochMs,
): Promise<void> {
  const paths = storePaths(dir)
  const before = await usedDigests(dir)
  if (before === null) return
  const claimed = await claimedIn(dir, now)
  if (claimed === null) return
  const free = [...new Set(digests)].filter(
    (digest) => !before.has(digest) && !claimed.digests.has(digest),
  )
  for (const digest of free) await move(paths.blob(digest), paths.aside(digest))
  const used = await usedDigests(dir)
  for (const digest of free) {
    if (used === null || used.has(digest)) await move(paths.aside(digest), paths.blob(digest))
    else
      for (const path of [paths.aside(digest), paths.verified(digest), paths.changed(digest)])
        await rm(path, { force: true })
  }
}

/** What is not there needs no place. */
async function move(from: string, to: string): Promise<void> {
  await rename(from, to).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw error
  })
}
