import { hex, sameBytes } from '../hash.ts'
import type { EvidenceStore } from '../ports.ts'
import { rotationMessage, type SigningKey } from './checkpoint.ts'
import { signerOf, type Signer } from './signing.ts'

/** 32 bytes that the root secret gives for one generation of the key. */
export type SeedOf = (generation: number) => Uint8Array

/** The key that signs now; null when the stored one is not derived from this root secret. `isNew`: it was not there before. */
export async function currentSigner(
  evidence: Pick<EvidenceStore, 'keys' | 'addKey'>,
  seedOf: SeedOf,
): Promise<{
  readonly signer: Signer
  readonly generation: number
  readonly isNew: boolean
} | null> {
  const newest = (await evidence.keys()).at(-1)
  const generation = newest?.generation ?? 1
  const signer = signerOf(seedOf(generation))
  if (newest) return sameBytes(newest.key, signer.key) ? { signer, generation, isNew: false } : null
  const isNew = await evidence.addKey({ generation, key: signer.key, signature: null })
  return { signer, generation, isNew }
}

/** The next key, named by the one before it; null when the stored one is not ours, or another process was first. */
export async function rotateKey(
  evidence: Pick<EvidenceStore, 'keys' | 'addKey'>,
  seedOf: SeedOf,
): Promise<{ readonly key: SigningKey; readonly previous: string } | null> {
  const current = await currentSigner(evidence, seedOf)
  if (!current) return null
  const generation = current.generation + 1
  const next = signerOf(seedOf(generation))
  const signature = current.signer.sign(rotationMessage(generation, next.key))
  const key = { generation, key: next.key, signature }
  return (await evidence.addKey(key)) ? { key, previous: hex(current.signer.key) } : null
}
