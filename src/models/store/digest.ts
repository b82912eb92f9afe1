import { hashPieces } from '../digests/hash-pieces.ts'
import { wholeFile, type PieceProblem } from '../digests/piece.ts'
import { stat } from 'node:fs/promises'
import type { Sha256 } from './store-layout.ts'

/** The codes of the file system that callers know how to explain. */
const CODES: Partial<Record<PieceProblem, string>> = {
  'missing-file': 'ENOENT',
  'unreadable-file': 'EACCES',
}

/** SHA-256 of a file, in a thread where it is large; `share` below 1 takes that much of one core. Rejects with the signal's reason, or like the file system. */
export async function fileDigest(path: string, signal?: AbortSignal, share = 1): Promise<Sha256> {
  const { size } = await stat(path)
  const [outcome] = await hashPieces([wholeFile(path)], {
    expectedBytes: size,
    share,
    ...(signal === undefined ? {} : { signal }),
  })
  signal?.throwIfAborted()
  if (outcome?.ok === true) return outcome.value.hex
  const problem = outcome?.error ?? 'unreadable-file'
  throw Object.assign(new Error(problem), { code: CODES[problem] ?? 'EIO' })
}
