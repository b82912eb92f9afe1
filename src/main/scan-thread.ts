// A thread that scans pieces of large texts. Started by scan-pool.ts, ends with it.
import { parentPort } from 'node:worker_threads'
import { createJobScanner, type ScanJob } from '#classify/scan-jobs.ts'

const scan = createJobScanner()

parentPort?.on('message', (job: ScanJob) => {
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- threads have no origin
  parentPort?.postMessage(scan(job))
})
