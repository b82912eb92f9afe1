/** What a file, or a part of it, can be hashed with; names as model signatures write them. */
export const HASH_ALGORITHMS = ['sha256', 'blake2b'] as const
export type HashAlgorithm = (typeof HASH_ALGORITHMS)[number]

/** A part of a file to hash. */
export interface Piece {
  readonly path: string
  readonly algorithm: HashAlgorithm
  /** First byte. */
  readonly start: number
  /** The byte after the last one; null: the end of the file. */
  readonly end: number | null
  /** Whether the last part of the path may be a symbolic link. */
  readonly followLink: boolean
}

/** Why a piece has no digest. */
export type PieceProblem =
  | 'missing-file'
  | 'unreadable-file'
  | 'not-a-regular-file'
  | 'changed-while-read'
  | 'file-too-short'
  | 'interrupted'

export interface PieceDigest {
  /** Lower-case hexadecimal. */
  readonly hex: string
  /** Bytes hashed. */
  readonly bytes: number
  /** Size of the whole file when it was read, bytes. */
  readonly fileBytes: number
}

export type PieceOutcome =
  | { readonly ok: true; readonly value: PieceDigest }
  | { readonly ok: false; readonly error: PieceProblem }

/** The whole of a file, as its SHA-256. */
export const wholeFile = (path: string): Piece => ({
  path,
  algorithm: 'sha256',
  start: 0,
  end: null,
  followLink: true,
})
