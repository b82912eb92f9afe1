import { Worker } from 'node:worker_threads'
import type { Heard, TreeTask } from './tree-thread.ts'
import type { ScanReport } from './verdict.ts'

/** Heap of the thread, mebibytes: unpacked members are held outside of it, within the limits of the scan. */
const MOST_HEAP_MIB = 2048

export interface ThreadOptions {
  readonly onFile: (path: string) => void
  readonly signal: AbortSignal
}

/** Judges a folder or a file in a thread, so that a person can stop it at any moment; a word says why there is no report. */
export async function scanInThread(
  task: TreeTask,
  { onFile, signal }: ThreadOptions,
): Promise<ScanReport | 'interrupted' | 'memory'> {
  if (signal.aborted) return 'interrupted'
  const { promise, resolve, reject } = Promise.withResolvers<
    ScanReport | 'interrupted' | 'memory'
  >()
  const worker = new Worker(new URL('./tree-thread.ts', import.meta.url), {
    workerData: task,
    env: {},
    execArgv: [],
    name: 'scan',
    resourceLimits: { maxOldGenerationSizeMb: MOST_HEAP_MIB },
  })
  const stop = (): void => resolve('interrupted')
  signal.addEventListener('abort', stop, { once: true })
  worker.on('message', (heard: Heard) => {
    if (heard.kind === 'file') onFile(heard.path)
    else resolve(heard.report)
  })
  worker.on('error', (error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === 'ERR_WORKER_OUT_OF_MEMORY') {
      resolve('memory')
    } else reject(error)
  })
  // a thread that is gone without a word; after its last message this changes nothing
  worker.on('exit', () => resolve('memory'))
  return await promise.finally(() => {
    signal.removeEventListener('abort', stop)
    void worker.terminate()
  })
}
