import type { ManifestFile } from '../store/manifest.ts'
import { PullError } from '../pull/pull-failure.ts'
import { mixesScripts } from './mixed-scripts.ts'
import { MOST_FILES } from './plan.ts'

/** A name as the file system that tells fewest names apart has it: without case, width, and ways of writing an accent. */
export const plainFileName = (path: string): string => path.normalize('NFKC').toLowerCase()

function refuseMixed(path: string): void {
  if (mixesScripts(path))
    throw new PullError({ code: 'name-mixes-scripts', detail: { file: path } })
}

/** Names that some system takes for one are told before anything is fetched. */
export function refuseClashes(files: readonly { readonly path: string }[]): void {
  const names = new Set<string>()
  for (const { path } of files) {
    refuseMixed(path)
    const plain = plainFileName(path)
    if (names.has(plain)) throw new PullError({ code: 'names-clash', detail: { file: path } })
    names.add(plain)
  }
}

/** One file per name; what is there twice under one name with the same bytes counts once. */
export function distinctFiles(files: readonly ManifestFile[]): readonly ManifestFile[] {
  const byName = new Map<string, ManifestFile>()
  for (const file of files) {
    refuseMixed(file.path)
    const plain = plainFileName(file.path)
    const before = byName.get(plain)
    if (before !== undefined && (before.path !== file.path || before.digest !== file.digest))
      throw new PullError({ code: 'names-clash', detail: { file: file.path } })
    byName.set(plain, file)
  }
  if (byName.size === 0 || byName.size > MOST_FILES)
    throw new PullError({ code: 'not-a-model', detail: { type: `${byName.size} files` } })
  return [...byName.values()]
}
