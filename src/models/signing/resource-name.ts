/** Which bytes of which file a resource stands for. */
export interface ResourceName {
  /** Relative path, `/` between its parts. */
  readonly path: string
  /** Null: the whole file. */
  readonly shard: { readonly start: number; readonly end: number } | null
}

/** The longest path that is looked at, UTF-16 units. */
const LONGEST = 4096

/** How signers before v1.0.1 named the one file of a model that is a file. */
export const ITSELF = '.'

/** A name of a signature's list; null where it could lead out of the model, or is not one. */
export function readResourceName(name: string, method: 'files' | 'shards'): ResourceName | null {
  if (method === 'files') return isListable(name) ? { path: name, shard: null } : null
  const found = /^([\s\S]+):(\d{1,16}):(\d{1,16})$/.exec(name)
  if (found === null) return null
  const [, path = '', from = '', to = ''] = found
  const start = Number(from)
  const end = Number(to)
  if (!isListable(path) || !Number.isSafeInteger(end) || start >= end) return null
  return { path, shard: { start, end } }
}

const isListable = (path: string): boolean => path === ITSELF || isSafePath(path)

/** Relative, below its root, without anything that stands for another place. */
export const isSafePath = (path: string): boolean =>
  path.length > 0 &&
  path.length <= LONGEST &&
  path.isWellFormed() &&
  !path.includes('\0') &&
  path.split('/').every((part) => part !== '' && part !== '.' && part !== '..')

/** By code points, as the specification orders resources; UTF-16 order differs beyond the basic plane. */
export function compareNames(left: string, right: string): number {
  const [a, b] = [Buffer.from(left), Buffer.from(right)]
  // UTF-8 keeps the order of code points
  return Buffer.compare(a, b)
}
