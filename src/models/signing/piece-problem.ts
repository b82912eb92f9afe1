import type { PieceOutcome } from '../digests/piece.ts'
import type { SigningProblem } from './problem.ts'

/** Why a file of a model has no digest, in the words of signatures. */
export function pieceProblem(outcome: PieceOutcome | undefined, name: string): SigningProblem {
  const problem = outcome?.ok === false ? outcome.error : 'unreadable-file'
  switch (problem) {
    case 'interrupted':
      return { code: 'interrupted' }
    case 'missing-file':
    case 'file-too-short':
    case 'changed-while-read':
      return { code: 'changed-while-read', detail: { name } }
    case 'not-a-regular-file':
      return { code: 'not-a-regular-file', detail: { name } }
    case 'unreadable-file':
      return { code: 'unreadable-file', detail: { name } }
  }
}
