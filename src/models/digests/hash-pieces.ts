import { availableParallelism } from 'node:os'
import { Worker } from 'node:worker_threads'
import { hashPiece } from './hash-piece.ts'
import type { HashJob, HashNews } from './hash-thread.ts'
import type { Piece, PieceOutcome } from './piece.ts'

export interface HashOptions {
  /** Threads at most; all cores unless told. */
  readonly threads?: number
  readonly signal?: AbortSignal
  /** Bytes hashed since the last word. */
  readonly onBytes?: (bytes: number) => void
  /** Bytes there are to hash, where that is known: little work starts no thread. */
  readonly expectedBytes?: number
  /** Of the time of one core, above 0 and below 1: one thread with pauses. */
  readonly share?: number
}

/** Below this much work starting threads takes longer than they save, bytes. */
const INLINE_BYTES = 64 * 1024 * 1024
/** One piece is one chain of blocks, which a thread makes no shorter: its start is spared, bytes. */
const INLINE_ONE_BYTES = 384 * 1024 * 1024
/** Less than this is over before a pause would be due, bytes. */
const INLINE_PACED_BYTES = 8 * 1024 * 1024
/** Small files hashed at once without threads. */
const INLINE_AT_ONCE = 4

const INTERRUPTED: PieceOutcome = { ok: false, error: 'interrupted' }

/** Hashes pieces with all cores; the outcomes stand in the order of the pieces. Never rejects. */
export async function hashPieces(
  pieces: readonly Piece[],
  options: HashOptions = {},
): Promise<readonly PieceOutcome[]> {
  const { share = 1 } = options
  const unpaced = pieces.length === 1 ? INLINE_ONE_BYTES : INLINE_BYTES
  const most = share < 1 ? INLINE_PACED_BYTES : unpaced
  const isLittle = (options.expectedBytes ?? Infinity) < most
  if (isLittle || pieces.length === 0) return await inline(pieces, options)
  const cores = share < 1 ? 1 : (options.threads ?? availableParallelism())
  const threads = Math.min(cores, pieces.length)
  return await inThreads(pieces, threads, options)
}

async function inline(
  pieces: readonly Piece[],
  { signal, onBytes }: HashOptions,
): Promise<readonly PieceOutcome[]> {
  return await inTurn(pieces, INLINE_AT_ONCE, async (piece) => {
    if (signal?.aborted === true) return INTERRUPTED
    return await hashPiece(piece, 'overlapped', (bytes) => {
      onBytes?.(bytes)
      return signal?.aborted === true
    })
  })
}

async function inThreads(
  pieces: readonly Piece[],
  count: number,
  { signal, onBytes, share = 1 }: HashOptions,
): Promise<readonly PieceOutcome[]> {
  const stop = new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT)
  const raise = (): void => {
    const word = new Int32Array(stop)
    Atomics.store(word, 0, 1)
    Atomics.notify(word, 0)
  }
  if (signal?.aborted === true) raise()
  signal?.addEventListener('abort', raise, { once: true })
  const free = Array.from({ length: count }, () => new HashThread(stop, share))
  const all = [...free]
  try {
    return await inTurn(pieces, count, async (piece) => {
      const thread = free.pop() ?? all[0]
      if (thread === undefined) return INTERRUPTED
      const outcome = await thread.run(piece, onBytes)
      free.push(thread)
      return outcome
    })
  } finally {
    signal?.removeEventListener('abort', raise)
    await Promise.all(all.map((thread) => thread.end()))
  }
}

/** Runs `work` on every item, so many at once, in order. */
async function inTurn<Item, Outcome>(
  items: readonly Item[],
  atOnce: number,
  work: (item: Item) => Promise<Outcome>,
): Promise<readonly Outcome[]> {
  const outcomes: Outcome[] = []
  let next = 0
  const lane = async (): Promise<void> => {
    for (let at = next++; at < items.length; at = next++) {
      const item = items[at]
      if (item !== undefined) outcomes[at] = await work(item)
    }
  }
  await Promise.all(Array.from({ length: Math.min(atOnce, items.length) }, lane))
  return outcomes
}

/** One thread that hashes a piece at a time. */
class HashThread {
  readonly #worker: Worker
  readonly #stop: SharedArrayBuffer
  readonly #share: number
  #settle: ((outcome: PieceOutcome) => void) | null = null
  #onBytes: ((bytes: number) => void) | undefined
  #isGone = false

  constructor(stop: SharedArrayBuffer, share: number) {
    this.#stop = stop
    this.#share = share
    this.#worker = new Worker(new URL('./hash-thread.ts', import.meta.url), {
      env: {},
      execArgv: [],
      name: 'hash',
    })
    this.#worker.on('message', (news: HashNews) => {
      if (news.kind === 'read') this.#onBytes?.(news.bytes)
      else this.#finish(news.outcome)
    })
    this.#worker.on('error', () => {})
    this.#worker.on('exit', () => {
      this.#isGone = true
      this.#finish({ ok: false, error: 'unreadable-file' })
    })
  }

  run(piece: Piece, onBytes: ((bytes: number) => void) | undefined): Promise<PieceOutcome> {
    if (this.#isGone) return Promise.resolve({ ok: false, error: 'unreadable-file' })
    return new Promise((settle) => {
      this.#settle = settle
      this.#onBytes = onBytes
      const job: HashJob = { piece, stop: this.#stop, share: this.#share }
      // oxlint-disable-next-line unicorn/require-post-message-target-origin -- threads have no origin
      this.#worker.postMessage(job)
    })
  }

  async end(): Promise<void> {
    await this.#worker.terminate()
  }

  #finish(outcome: PieceOutcome): void {
    const settle = this.#settle
    this.#settle = null
    settle?.(outcome)
  }
}
