import { copyFile, link, mkdir, readlink, rm, symlink } from 'node:fs/promises'
import { basename, join, relative } from 'node:path'
import type { Manifest, ManifestFile } from './manifest.ts'
import { storePaths } from './store-layout.ts'

type Linked = Pick<Manifest, 'digest'>
type Shard = Pick<ManifestFile, 'path' | 'digest'>

/** Where an engine finds weights: the stored file, or the first of shards that lie beside each other under their names. */
export function weightsPath(
  dir: string,
  { digest }: Linked,
  [first, ...others]: readonly Shard[],
): string {
  const paths = storePaths(dir)
  if (first === undefined) return paths.blob(digest)
  return others.length === 0
    ? paths.blob(first.digest)
    : join(paths.linked(digest), basename(first.path))
}

/** Puts the shards of a model beside each other under their names, as llama.cpp looks for them: as links to the stored files. */
export async function linkShards(
  dir: string,
  { digest }: Linked,
  shards: readonly Shard[],
): Promise<void> {
  if (shards.length < 2) return
  const paths = storePaths(dir)
  const folder = paths.linked(digest)
  await mkdir(folder, { recursive: true, mode: 0o700 })
  for (const shard of shards) {
    const at = join(folder, basename(shard.path))
    const to = relative(folder, paths.blob(shard.digest))
    if ((await readlink(at).catch(() => null)) === to) continue
    await rm(at, { force: true })
    await symlink(to, at).catch((error: NodeJS.ErrnoException) => {
      // another engine was faster
      if (error.code === 'EEXIST') return undefined
      // Windows lets few people make links of this kind
      return link(paths.blob(shard.digest), at).catch(() => copyFile(paths.blob(shard.digest), at))
    })
  }
}
