import { err, ok, type Result } from '#kernel/result.ts'
import type { Refusal } from '#kernel/refusal.ts'
import type { EpochMs } from '#kernel/units.ts'
import { digestKey, keyedDigest, type RootSecret } from './derive-key.ts'
import type { SecretProblem } from './problem.ts'

/** The part of a document store that is needed here. */
export interface FingerprintStore {
  put(document: {
    readonly kind: string
    readonly version: string
    readonly json: string
    readonly at: EpochMs
  }): Promise<Result<void, Refusal>>
}

/** Notes the secret's fingerprint at the first start, and refuses another secret later: it would silently void every key. */
export async function checkRootSecret(
  documents: FingerprintStore,
  root: RootSecret,
  at: EpochMs,
): Promise<Result<void, SecretProblem>> {
  const digest = keyedDigest(digestKey(root, 'fingerprint'), 'root secret').subarray(0, 8)
  const json = JSON.stringify(digest.toString('hex'))
  const kept = await documents.put({ kind: 'root-secret', version: '1', json, at })
  return kept.ok ? ok(undefined) : err({ code: 'secret-changed', where: 'master.key', found: '' })
}
