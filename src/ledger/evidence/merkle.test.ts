import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { consistencyPath, inclusionPath, isConsistent, MerkleTree, rootFromPath } from './merkle.ts'

const sha = (...parts: Uint8Array[]): Buffer => {
  const hash = createHash('sha256')
  for (const part of parts) hash.update(part)
  return hash.digest()
}

/** The definition, word for word: RFC 6962, section 2.1. */
function defined(leaves: readonly Uint8Array[]): Buffer {
  if (leaves.length === 0) return sha()
  if (leaves.length === 1) return sha(Uint8Array.of(0), leaves[0]!)
  let split = 1
  while (split * 2 < leaves.length) split *= 2
  return sha(Uint8Array.of(1), defined(leaves.slice(0, split)), defined(leaves.slice(split)))
}

const leavesOf = (size: number) =>
  Array.from({ length: size }, (_, i) => sha(Buffer.from(`record ${i}`)))

const rootOf = (leaves: readonly Uint8Array[]) => {
  const tree = new MerkleTree()
  for (const leaf of leaves) tree.add(leaf)
  return tree.root()
}

test('the root is the one that RFC 6962 defines, at every size', () => {
  for (let size = 0; size <= 70; size += 1) {
    const leaves = leavesOf(size)
    assert.deepEqual(Buffer.from(rootOf(leaves)), defined(leaves), `${size} leaves`)
  }
})

test('every leaf has a path to the root, and no other leaf, place, size or path has', () => {
  for (let size = 1; size <= 33; size += 1) {
    const leaves = leavesOf(size)
    const root = Buffer.from(rootOf(leaves))
    for (let index = 0; index < size; index += 1) {
      const path = inclusionPath(leaves, index)
      const held = (at: number, of: number, by: readonly Uint8Array[], leaf = leaves[index]!) => {
        const led = rootFromPath(leaf, at, of, by)
        return led !== null && root.equals(led)
      }
      assert.ok(held(index, size, path))
      assert.ok(!held(index, size, path, sha(Buffer.from('another'))))
      assert.ok(!held(index, size, [...path, root]))
      if (path.length > 0) assert.ok(!held(index, size, path.slice(1)))
      for (let other = 0; other < size; other += 1) {
        if (other !== index) assert.ok(!held(other, size, path), `${other} for ${index} of ${size}`)
      }
    }
  }
})

test('a tree is the beginning of every later one, and of no other', () => {
  for (let size = 1; size <= 33; size += 1) {
    const leaves = leavesOf(size)
    const second = { size, root: rootOf(leaves) }
    for (let from = 1; from <= size; from += 1) {
      const first = { size: from, root: rootOf(leaves.slice(0, from)) }
      const path = consistencyPath(leaves, from)
      assert.ok(isConsistent(first, second, path), `${from} of ${size}`)
      const forged = { size: from, root: sha(Buffer.from('forged')) }
      assert.ok(!isConsistent(forged, second, path))
      assert.ok(
        !isConsistent(first, forged.size === size ? forged : { size, root: forged.root }, path),
      )
      if (path.length > 0) assert.ok(!isConsistent(first, second, path.slice(1)))
    }
  }
})

test('a changed byte of a path never holds', () => {
  const leaves = leavesOf(21)
  const root = Buffer.from(rootOf(leaves))
  const place = fc.tuple(fc.nat(20), fc.nat(200), fc.integer({ min: 1, max: 255 }))
  fc.assert(
    fc.property(place, ([index, at, by]) => {
      const path = inclusionPath(leaves, index).map((node) => Buffer.from(node))
      const node = path[at % path.length]!
      node[at % 32] = node[at % 32]! ^ by
      assert.ok(!root.equals(rootFromPath(leaves[index]!, index, 21, path) ?? Buffer.alloc(0)))
    }),
  )
})
