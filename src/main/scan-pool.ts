import { availableParallelism } from 'node:os'
import { Worker } from 'node:worker_threads'
import type { ScannedElsewhere } from '#classify/elsewhere.ts'
import type { ScanJob } from '#classify/scan-jobs.ts'

/** What a job gives whose thread ended: named like a failed detector, so that the text is undetermined and says why. */
const LOST: ScannedElsewhere = { spotted: [], failed: ['scan-thread'], steps: 0 }
/** A thread without work is ended after this long, milliseconds: its detectors take some tens of megabytes. */
const IDLE_MS = 30_000

export interface ScanPoolOptions {
  /** Threads at most; all cores but one unless told, and at least one. */
  readonly size?: number
  readonly idleMs?: number
  /** The program of a thread. */
  readonly script?: URL
}

interface Waiting {
  readonly job: ScanJob
  readonly settle: (scanned: ScannedElsewhere) => void
}

interface Thread {
  readonly worker: Worker
  /** The job it works on. */
  current: Waiting | null
  idle: NodeJS.Timeout | null
}

/** Threads that scan pieces of large texts: started when there is work, ended when there is none. */
export class ScanPool {
  readonly #size: number
  readonly #idleMs: number
  readonly #script: URL
  readonly #threads = new Set<Thread>()
  readonly #queue: Waiting[] = []
  #isClosed = false

  constructor({ size, idleMs = IDLE_MS, script }: ScanPoolOptions = {}) {
    this.#size = Math.max(1, size ?? availableParallelism() - 1)
    this.#idleMs = idleMs
    this.#script = script ?? new URL('./scan-thread.ts', import.meta.url)
  }

  /** Threads that run now. */
  get threads(): number {
    return this.#threads.size
  }

  /** Scans one job in a thread. Never rejects: a thread that ends leaves its text undetermined. */
  run(job: ScanJob): Promise<ScannedElsewhere> {
    if (this.#isClosed) return Promise.resolve(LOST)
    return new Promise((settle) => {
      this.#queue.push({ job, settle })
      this.#next()
    })
  }

  /** Ends all threads; what they had not finished is undetermined. */
  async close(): Promise<void> {
    this.#isClosed = true
    for (const { settle } of this.#queue.splice(0)) settle(LOST)
    await Promise.all([...this.#threads].map((thread) => thread.worker.terminate()))
  }

  #next(): void {
    if (this.#queue.length === 0) return
    const free = [...this.#threads].find(({ current }) => current === null)
    const thread = free ?? (this.#threads.size < this.#size ? this.#start() : undefined)
    if (thread === undefined) return
    const waiting = this.#queue.shift()
    if (waiting === undefined) return
    if (thread.idle !== null) clearTimeout(thread.idle)
    thread.idle = null
    thread.current = waiting
    thread.worker.ref()
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- threads have no origin
    thread.worker.postMessage(waiting.job)
  }

  #start(): Thread {
    // nothing of the environment is needed there, and keys may be in it
    const worker = new Worker(this.#script, { env: {}, execArgv: [], name: 'scan' })
    const thread: Thread = { worker, current: null, idle: null }
    this.#threads.add(thread)
    worker.on('message', (scanned: ScannedElsewhere) => {
      this.#settle(thread, scanned)
      this.#rest(thread)
      this.#next()
    })
    worker.on('messageerror', () => void worker.terminate())
    // the error may hold text: that the thread is gone is all that is told
    worker.on('error', () => {})
    worker.on('exit', () => {
      this.#threads.delete(thread)
      if (thread.idle !== null) clearTimeout(thread.idle)
      this.#settle(thread, LOST)
      if (!this.#isClosed) this.#next()
    })
    return thread
  }

  #settle(thread: Thread, scanned: ScannedElsewhere): void {
    const { current } = thread
    thread.current = null
    current?.settle(scanned)
  }

  /** An idle thread keeps no process alive, and is ended after a while. */
  #rest(thread: Thread): void {
    thread.worker.unref()
    thread.idle = setTimeout(() => {
      // no job may be given to a thread that is being ended
      this.#threads.delete(thread)
      void thread.worker.terminate()
    }, this.#idleMs)
    thread.idle.unref()
  }
}
