// A thread that judges a folder or a file. Started by scan-in-thread.ts.
import { parentPort, workerData } from 'node:worker_threads'
import { blobTree, type StoredFile } from './blob-tree.ts'
import { LIMITS, scaled } from './budget.ts'
import { nodeTree } from './node-tree.ts'
import { baseTemplates, scanTree } from './scan-tree.ts'
import type { ScanReport } from './verdict.ts'

/** What the thread is given. */
export interface TreeTask {
  /** As it is told. */
  readonly root: string
  readonly path: string
  /** The files of a model of the store, which lies nowhere as a folder; they take the place of what is at `path`. */
  readonly files?: readonly StoredFile[] | null
  /** The model whose templates this one is compared with. */
  readonly base: string | null
  /** How many times the usual limits. */
  readonly times: number
}

/** What the thread says. */
export type Heard =
  | { readonly kind: 'file'; readonly path: string }
  | { readonly kind: 'report'; readonly report: ScanReport }

// the one who starts this thread gives nothing else
const { root, path, files, base, times } = workerData as TreeTask
const tree = files ? blobTree(files) : nodeTree(path)
const baseTree = base === null ? null : nodeTree(base)
const limits = scaled(LIMITS, times)
// oxlint-disable-next-line unicorn/require-post-message-target-origin -- threads have no origin
const say = (heard: Heard): void => parentPort?.postMessage(heard)
// one that is gone since it was looked for is told by the end of the thread
if (tree !== null && (base === null) === (baseTree === null)) {
  const report = scanTree({
    root,
    tree,
    limits,
    base: baseTree === null ? undefined : baseTemplates(baseTree, limits),
    onFile: (name) => say({ kind: 'file', path: name }),
  })
  say({ kind: 'report', report })
}
