import type { Refusal } from '#kernel/refusal.ts'
import { err, ok, type Result } from '#kernel/result.ts'
import type { EpochMs } from '#kernel/units.ts'
import { digestKey, keyedDigest, type RootSecret } from './derive-key.ts'
import type { SecretProblem } from './problem.ts'

interface Noted {
  readonly kind: string
  readonly version: string
  readonly json: string
  readonly at: EpochMs
}

/** The part of a document store that is needed here. */
export interface FingerprintStore {
  put(document: Noted): Promise<Result<void, Refusal>>
  newest(kind: string): Promise<Noted | null>
}

const KIND = 'root-secret'

/** What tells one root secret from another, and gives nothing of it away: 8 bytes of a keyed digest. */
export const fingerprintOf = (root: RootSecret): string =>
  keyedDigest(digestKey(root, 'fingerprint'), 'root secret').subarray(0, 8).toString('hex')

/** Notes the secret's fingerprint at the first start, and refuses another secret later: it would silently void every key. The answer says which secret it is, counted from 1. */
export async function checkRootSecret(
  documents: FingerprintStore,
  root: RootSecret,
  at: EpochMs,
): Promise<Result<number, SecretProblem>> {
  const json = JSON.stringify(fingerprintOf(root))
  const newest = await documents.newest(KIND)
  const version = newest?.version ?? '1'
  if (newest?.json === json) return ok(Number(version))
  // two gateways at their first start: the first one's counts
  const kept = newest ? null : await documents.put({ kind: KIND, version, json, at })
  return kept?.ok ? ok(1) : err({ code: 'secret-changed', where: 'master.key', found: '' })
}

/** Puts another secret in force; the one moment at which one takes the place of the other. False when it was done before. */
export async function noteRootSecret(
  documents: FingerprintStore,
  root: RootSecret,
  generation: number,
  at: EpochMs,
): Promise<boolean> {
  const json = JSON.stringify(fingerprintOf(root))
  const put = await documents.put({ kind: KIND, version: String(generation), json, at })
  return put.ok
}
