import type { ByteSource } from './bytes/byte-source.ts'

/** What stands under a name in a folder, before anything is opened. */
export type TreeEntry =
  | { readonly kind: 'file'; readonly path: string }
  | { readonly kind: 'folder-skipped'; readonly path: string }
  | { readonly kind: 'special'; readonly path: string }
  | { readonly kind: 'dangling'; readonly path: string }
  | { readonly kind: 'folder-link'; readonly path: string }
  /** A link to a file outside of what is scanned. */
  | { readonly kind: 'outside'; readonly path: string }
  | { readonly kind: 'unreadable'; readonly path: string }

/** A file that was opened: its bytes, and whether it stayed the same meanwhile. */
export interface OpenFile {
  readonly source: ByteSource
  /** Whether size and time of change are what they were when it was opened. */
  unchanged(): boolean
  close(): void
}

/** Files and folders as the scanner needs them; nothing is ever written. */
export interface Tree {
  /** Every entry below the root, in the order of names; a single file is an entry of its own name. */
  list(): Iterable<TreeEntry>
  open(path: string): OpenFile | null
  /** Size of a regular file relative to the root, without following links out of it; null where there is none. */
  sizeOf(path: string): number | null
}
