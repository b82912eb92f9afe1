import { z } from 'zod'
import { canonicalJson, type JsonValue } from '#kernel/canonical-json.ts'
import { createHash } from 'node:crypto'

/** One stretch of one chain, from the record after the last checkpoint to the one that was newest. */
export interface CoveredChain {
  readonly writer: string
  readonly from: number
  readonly to: number
  /** Hash of the record at `to`, in hexadecimal. */
  readonly head: string
  /** Root of the Merkle tree (RFC 6962) over the hashes of these records. */
  readonly root: string
}

/** What a checkpoint says; signed as canonical JSON. Hashes and keys are lower-case hexadecimal. */
export interface CheckpointBody {
  readonly v: 1
  /** From 1, without gaps. */
  readonly number: number
  /** Milliseconds since 1970. */
  readonly at: number
  /** The public key that signs it. */
  readonly key: string
  /** SHA-256 of the body before it; 64 zeros for the first. */
  readonly previous: string
  /** Root of the Merkle tree over the hashes of all bodies before it. */
  readonly history: string
  /** Records covered by this one and by all before it. */
  readonly records: number
  readonly chains: readonly CoveredChain[]
}

/** A checkpoint as it is kept and handed out. */
export interface SignedCheckpoint {
  readonly number: number
  /** Canonical JSON of the body. */
  readonly body: string
  readonly signature: Uint8Array
}

/** A public key and the signature of the key before it; null for the first. */
export interface SigningKey {
  readonly generation: number
  readonly key: Uint8Array
  readonly signature: Uint8Array | null
}

export const NO_CHECKPOINT = '0'.repeat(64)

const Hash = z.string().regex(/^[0-9a-f]{64}$/)
const Count = z.number().int().nonnegative()

const Body = z.strictObject({
  v: z.literal(1),
  number: Count,
  at: Count,
  key: Hash,
  previous: Hash,
  history: Hash,
  records: Count,
  chains: z.array(
    z.strictObject({ writer: z.string(), from: Count, to: Count, head: Hash, root: Hash }),
  ),
})

/** What a stored body says; null when it is none, or not in its one canonical form. */
export function readCheckpoint(body: string): CheckpointBody | null {
  try {
    const value: unknown = JSON.parse(body)
    const read = Body.safeParse(value)
    return read.success && canonicalJson(read.data) === body ? read.data : null
  } catch {
    return null
  }
}

export const checkpointText = (body: CheckpointBody): string =>
  canonicalJson({ ...body, chains: body.chains.map((chain): JsonValue => ({ ...chain })) })

/** SHA-256 of a body, 32 bytes. */
export const checkpointHash = (body: string): Buffer => createHash('sha256').update(body).digest()

/** The text that is signed: no signature of ours can be taken for one of something else. */
export const checkpointMessage = (body: string): string => `ecluse checkpoint v1\n${body}`

/** The text by which a key names the one after it. */
export const rotationMessage = (generation: number, key: Uint8Array): string =>
  `ecluse signing key v1\n${generation}\n${Buffer.from(key).toString('hex')}`
