import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'

/** Folders that hold no text of their owner; named in a note when one was left out. */
const LEFT_OUT: ReadonlySet<string> = new Set(['.git', 'node_modules'])

export interface FoundFiles {
  readonly files: readonly string[]
  /** Folders that were not looked into. */
  readonly leftOut: readonly string[]
}

/** The files that these paths mean: a folder stands for all below it, links are not followed. */
export function findFiles(paths: readonly string[]): FoundFiles {
  const files: string[] = []
  const leftOut: string[] = []
  const open = paths.toReversed()
  for (let path = open.pop(); path !== undefined; path = open.pop()) {
    const isAsked = paths.includes(path)
    if (!isFolder(path)) files.push(path)
    else if (!isAsked && LEFT_OUT.has(path.split('/').at(-1) ?? '')) leftOut.push(path)
    else open.push(...below(path, files))
  }
  return { files, leftOut }
}

/** Names below a folder, last first; one that cannot be opened is kept, so that it is told of. */
function below(folder: string, files: string[]): readonly string[] {
  try {
    return readdirSync(folder, { withFileTypes: true })
      .filter((entry) => entry.isFile() || entry.isDirectory())
      .map(({ name }) => join(folder, name))
      .toSorted()
      .toReversed()
  } catch {
    files.push(folder)
    return []
  }
}

export function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true
}
