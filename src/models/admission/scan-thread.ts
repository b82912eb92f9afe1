// A thread that judges the files of one model. Started by scan-apart.ts; what it may cost is bounded there and here.
import { parentPort, workerData } from 'node:worker_threads'
import { LIMITS } from '../weights/budget.ts'
import { blobTree, type StoredFile } from '../weights/blob-tree.ts'
import { scanTree } from '../weights/scan-tree.ts'

/** What the thread is given. */
export interface ScanTask {
  readonly root: string
  readonly files: readonly StoredFile[]
}

// the one who starts this thread gives nothing else
const { root, files } = workerData as ScanTask
const report = scanTree({ root, tree: blobTree(files), limits: LIMITS })
// oxlint-disable-next-line unicorn/require-post-message-target-origin -- threads have no origin
parentPort?.postMessage(report)
