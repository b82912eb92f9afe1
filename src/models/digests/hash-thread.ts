import { parentPort } from 'node:worker_threads'
import { hashPiece } from './hash-piece.ts'
import { createPace } from './pace.ts'
import type { Piece, PieceOutcome } from './piece.ts'

/** What a thread is given: a piece, and the word where it is told to stop. */
export interface HashJob {
  readonly piece: Piece
  /** One 32-bit number; anything but 0 stops the thread. */
  readonly stop: SharedArrayBuffer
  /** Of the time of one core, above 0; 1: without a pause. */
  readonly share: number
}

/** What a thread says. */
export type HashNews =
  | { readonly kind: 'read'; readonly bytes: number }
  | { readonly kind: 'done'; readonly outcome: PieceOutcome }

/** Bytes between two words about how far it is. */
const TELL_BYTES = 64 * 1024 * 1024

parentPort?.on('message', async ({ piece, stop, share }: HashJob) => {
  const word = new Int32Array(stop)
  const pace = share < 1 ? createPace(share, () => performance.now()) : null
  let untold = 0
  const tell = (news: HashNews): void => {
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- threads have no origin
    parentPort?.postMessage(news)
  }
  const outcome = await hashPiece(piece, 'blocking', (bytes) => {
    untold += bytes
    if (untold >= TELL_BYTES) {
      tell({ kind: 'read', bytes: untold })
      untold = 0
    }
    const pauseMs = pace === null ? 0 : pace()
    // whoever stops the thread ends its pause
    if (pauseMs > 0) Atomics.wait(word, 0, 0, pauseMs)
    return Atomics.load(word, 0) !== 0
  })
  if (untold > 0) tell({ kind: 'read', bytes: untold })
  tell({ kind: 'done', outcome })
})
