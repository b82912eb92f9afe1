import { bytesOf, hex } from '../hash.ts'
import type { EvidenceStore } from '../ports.ts'
import { checkpointHash, readCheckpoint, type CheckpointBody } from './checkpoint.ts'
import { consistencyPath, inclusionPath, isConsistent, rootFromPath } from './merkle.ts'

/**
 * That one checkpoint, and all before it, are the beginning of what a later one signs. Both bodies say the root over the
 * bodies before them (`history`): `consistent` leads from the one root to the other, `included` from the hash of the first
 * body to the second root, RFC 6962. Whoever has both checkpoints from outside needs nothing else.
 */
export interface ConsistencyProof {
  readonly first: { readonly body: string; readonly signature: string }
  readonly second: { readonly body: string; readonly signature: string }
  readonly included: {
    readonly index: number
    readonly size: number
    readonly path: readonly string[]
  }
  readonly consistent: readonly string[]
}

/** The proof between two checkpoints by their numbers; null when one of them is not there. */
export async function proveConsistency(
  evidence: Pick<EvidenceStore, 'checkpoints'>,
  first: number,
  second: number,
): Promise<ConsistencyProof | null> {
  const leaves: Uint8Array[] = []
  const ends: { readonly body: string; readonly signature: string }[] = []
  for await (const { number, body, signature } of evidence.checkpoints(1)) {
    if (number === first || number === second) ends.push({ body, signature: hex(signature) })
    if (number >= second) break
    leaves.push(checkpointHash(body))
  }
  const [one, other] = ends
  if (!one || !other || first < 1 || first >= second) return null
  const [index, size] = [first - 1, second - 1]
  return {
    first: one,
    second: other,
    included: { index, size, path: inclusionPath(leaves, index).map(hex) },
    consistent: consistencyPath(leaves, index).map(hex),
  }
}

/** Whether the proof holds, by hashing alone; signatures are for whoever has the keys. */
export function holdsConsistency({
  first,
  second,
  included,
  consistent,
}: ConsistencyProof): boolean {
  const [one, other] = [readCheckpoint(first.body), readCheckpoint(second.body)]
  if (!one || !other || one.number >= other.number) return false
  const { index, size, path } = included
  if (index !== one.number - 1 || size !== other.number - 1) return false
  const led = rootFromPath(checkpointHash(first.body), index, size, path.map(bytesOf))
  const root = (body: CheckpointBody): Uint8Array => bytesOf(body.history)
  return (
    led !== null &&
    hex(led) === other.history &&
    isConsistent(
      { size: index, root: root(one) },
      { size, root: root(other) },
      consistent.map(bytesOf),
    )
  )
}
