import { err, ok, type Result } from '#kernel/result.ts'
import type { EpochMs } from '#kernel/units.ts'
import type { Manifest } from '../store/manifest.ts'
import { readCertificates } from '../signing/certificate.ts'
import { readPublicKey } from '../signing/key.ts'
import { shippedTrustRoot } from '../signing/shipped-trust-root.ts'
import { verifyBundle, type Trust } from '../signing/verify-model.ts'
import { isAlwaysIgnored } from '../signing/walk-model.ts'
import { ggufToLoad } from '../store/served-weights.ts'
import { readDigest } from '../store/store-layout.ts'
import type { GivenEvidence } from './desk.ts'
import type { AdmissionRecord } from './record.ts'

/** What somebody gives to show whose bytes these are; nothing: what came with them. */
export interface GivenProof {
  readonly digest?: string | undefined
  /** An OpenSSF Model Signing bundle, and whom to trust. */
  readonly bundle?: string | undefined
  readonly publicKey?: string | undefined
  readonly certificates?: string | undefined
  readonly identity?: string | undefined
  readonly issuer?: string | undefined
}

/** Why these bytes are not shown to be their publisher's: a stable code. */
export type AttestProblem = string

/** Whether what is given shows that the bytes of a record are those of their publisher. */
export function attest(
  record: AdmissionRecord,
  given: GivenProof,
  known: { readonly manifest: Manifest | null; readonly isPinned: boolean; readonly now: EpochMs },
): Result<GivenEvidence, AttestProblem> {
  if (given.bundle !== undefined) return bySignature(record, given, given.bundle, known.now)
  if (given.digest !== undefined) {
    const digest = readDigest(given.digest)
    if (digest === null) return err('invalid-digest')
    const isOurs = digest === record.digest || record.aliases.includes(digest)
    return isOurs ? ok({ kind: 'digest', detail: `sha256:${digest}` }) : err('digest-mismatch')
  }
  if (known.isPinned) return ok({ kind: 'pinned', detail: 'starter-models.json' })
  const { manifest } = known
  if (manifest?.attested === true)
    return ok({ kind: 'registry', detail: manifest.source.reference.slice(0, 1000) })
  return err('no-evidence')
}

function bySignature(
  record: AdmissionRecord,
  given: GivenProof,
  bundle: string,
  now: EpochMs,
): Result<GivenEvidence, AttestProblem> {
  const trust = trustOf(given)
  if (!trust.ok) return trust
  const signed = verifyBundle(bundle, trust.value, now)
  if (!signed.ok) return err(signed.error.code)
  const { manifest, signer } = signed.value
  if (manifest.serialization.method !== 'files') return err('signature-of-shards')
  if (manifest.serialization.hashType !== 'sha256') return err('algorithm-unsupported')
  if (!isOfFiles(record, manifest.resources)) return err('files-differ')
  const who =
    signer.method === 'sigstore'
      ? `${signer.identity} (${signer.issuer})`
      : `key ${signer.fingerprint}`
  return ok({ kind: 'signature', detail: who.slice(0, 1000) })
}

/** One file may bear any name: its bytes are what counts. Several must have those that were signed. */
function isOfFiles(
  { files }: AdmissionRecord,
  signed: readonly { readonly name: string; readonly digest: string }[],
): boolean {
  const [only, ...others] = files
  if (only !== undefined && others.length === 0 && signed.length === 1)
    return signed[0]?.digest === only.digest
  const listed = new Map(signed.map(({ name, digest }) => [name, digest]))
  const counted = files.filter(
    ({ path }) => !isAlwaysIgnored(path.split('/')[0] ?? '') && !/^[^/]*\.sig$/.test(path),
  )
  return (
    // what an engine would load is signed, wherever it lies
    ggufToLoad(files).every((one) => counted.includes(one)) &&
    counted.length === listed.size &&
    counted.every(({ path, digest }) => listed.get(path) === digest)
  )
}

function trustOf(given: GivenProof): Result<Trust, AttestProblem> {
  if (given.publicKey !== undefined) {
    const key = readPublicKey(given.publicKey)
    return key.ok ? ok({ method: 'key', key: key.value }) : err(key.error.code)
  }
  if (given.certificates !== undefined) {
    const certificates = readCertificates(given.certificates)
    return certificates === null
      ? err('certificate-malformed')
      : ok({ method: 'certificate', certificates })
  }
  const { identity, issuer } = given
  if (identity === undefined || issuer === undefined) return err('nobody-trusted')
  const root = shippedTrustRoot()
  return root === null
    ? err('trust-root-unreadable')
    : ok({ method: 'sigstore', root, identities: [{ identity, issuer }] })
}
