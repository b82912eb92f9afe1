import { hash } from 'node:crypto'

/** Leaves and nodes never hash alike: RFC 6962, section 2.1. */
const LEAF = 0x00
const NODE = 0x01

const leafBytes = Buffer.alloc(33, LEAF)
const nodeBytes = Buffer.alloc(65, NODE)

/** The hash of a leaf; `data` has 32 bytes, itself a hash. */
function leafNode(data: Uint8Array): Buffer {
  leafBytes.set(data, 1)
  return hash('sha256', leafBytes, 'buffer')
}

function innerNode(left: Uint8Array, right: Uint8Array): Buffer {
  nodeBytes.set(left, 1)
  nodeBytes.set(right, 33)
  return hash('sha256', nodeBytes, 'buffer')
}

/** The root of no leaves at all. */
const EMPTY = hash('sha256', '', 'buffer')

/** A Merkle tree (RFC 6962) of hashes that come one by one; it keeps as many nodes as its size has bits. */
export class MerkleTree {
  /** Roots of full subtrees, widest first. */
  #peaks: Buffer[] = []
  size = 0

  add(data: Uint8Array): void {
    let node = leafNode(data)
    for (let width = this.size; width % 2 === 1; width = (width - 1) / 2) {
      const left = this.#peaks.pop()
      if (left) node = innerNode(left, node)
    }
    this.#peaks.push(node)
    this.size += 1
  }

  root(): Uint8Array {
    const [last, ...others] = this.#peaks.toReversed()
    return last ? others.reduce((right, left) => innerNode(left, right), last) : EMPTY
  }
}

/** The largest power of two below a size that is at least 2. */
const splitOf = (size: number): number => 2 ** Math.floor(Math.log2(size - 1))

const rootOf = (leaves: readonly Uint8Array[]): Uint8Array => {
  const tree = new MerkleTree()
  for (const leaf of leaves) tree.add(leaf)
  return tree.root()
}

/** What must be hashed with the leaf at this position, from the leaf up, to come to the root (RFC 6962, section 2.1.1). */
export function inclusionPath(leaves: readonly Uint8Array[], index: number): Uint8Array[] {
  if (leaves.length <= 1) return []
  const split = splitOf(leaves.length)
  const [left, right] = [leaves.slice(0, split), leaves.slice(split)]
  return index < split
    ? [...inclusionPath(left, index), rootOf(right)]
    : [...inclusionPath(right, index - split), rootOf(left)]
}

/** The root that a leaf and its path lead to; null when the path has not the length it must have. */
export function rootFromPath(
  data: Uint8Array,
  index: number,
  size: number,
  path: readonly Uint8Array[],
): Uint8Array | null {
  let [node, at, last, used] = [leafNode(data), index, size - 1, 0]
  for (; last > 0; at = Math.floor(at / 2), last = Math.floor(last / 2)) {
    if (at % 2 === 0 && at === last) continue
    const other = path[used]
    if (other?.length !== 32) return null
    node = at % 2 === 1 ? innerNode(other, node) : innerNode(node, other)
    used += 1
  }
  return used === path.length ? node : null
}

/** That the tree of the first `from` leaves is the beginning of the tree of all (RFC 6962, section 2.1.2). */
export function consistencyPath(leaves: readonly Uint8Array[], from: number): Uint8Array[] {
  const within = (part: readonly Uint8Array[], size: number, isWhole: boolean): Uint8Array[] => {
    if (size === part.length) return isWhole ? [] : [rootOf(part)]
    const split = splitOf(part.length)
    const [left, right] = [part.slice(0, split), part.slice(split)]
    return size <= split
      ? [...within(left, size, isWhole), rootOf(right)]
      : [...within(right, size - split, false), rootOf(left)]
  }
  return from === 0 ? [] : within(leaves, from, true)
}

/** Whether a consistency path holds between two roots (RFC 9162, section 2.1.4.2). */
export function isConsistent(
  first: { readonly size: number; readonly root: Uint8Array },
  second: { readonly size: number; readonly root: Uint8Array },
  path: readonly Uint8Array[],
): boolean {
  if (first.size === 0) return path.length === 0
  if (first.size === second.size) return path.length === 0 && same(first.root, second.root)
  if (first.size > second.size) return false
  const isPower = Number.isInteger(Math.log2(first.size))
  const nodes = isPower ? [first.root, ...path] : [...path]
  let [at, last] = [first.size - 1, second.size - 1]
  while (at % 2 === 1) [at, last] = [Math.floor(at / 2), Math.floor(last / 2)]
  const start = nodes.shift()
  if (!start) return false
  let [old, now] = [start, start]
  for (const node of nodes) {
    if (last === 0) return false
    if (at % 2 === 1 || at === last) {
      old = innerNode(node, old)
      now = innerNode(node, now)
      while (at % 2 === 0 && at !== 0) [at, last] = [Math.floor(at / 2), Math.floor(last / 2)]
    } else now = innerNode(now, node)
    ;[at, last] = [Math.floor(at / 2), Math.floor(last / 2)]
  }
  return last === 0 && same(old, first.root) && same(now, second.root)
}

const same = (a: Uint8Array, b: Uint8Array): boolean => Buffer.compare(a, b) === 0
