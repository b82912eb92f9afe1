import { openFile } from './node-tree.ts'
import type { Tree } from './tree.ts'

/** A file of the store, under the path that it has in its model. */
export interface StoredFile {
  readonly path: string
  /** Where its bytes are. */
  readonly at: string
  readonly bytes: number
}

/** Files of a model of the store as the scanner needs them: names of the model, bytes of the store. */
export function blobTree(files: readonly StoredFile[]): Tree {
  const byPath = new Map(files.map((file) => [file.path, file]))
  return {
    list: () => files.map(({ path }) => ({ kind: 'file', path })),
    open(path) {
      const found = byPath.get(path)
      return found === undefined ? null : openFile(found.at)
    },
    sizeOf: (path) => byPath.get(path)?.bytes ?? null,
  }
}
