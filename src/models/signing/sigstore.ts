import { bundleFromJSON } from '@sigstore/bundle'
import { TrustedRoot } from '@sigstore/protobuf-specs'
import { toSignedEntity, toTrustMaterial, Verifier, type TrustMaterial } from '@sigstore/verify'
import { z } from 'zod'
import { err, ok, type Result } from '#kernel/result.ts'
import { matchesIdentity, type IdentityPattern } from './identity-pattern.ts'
import type { SigningProblem } from './problem.ts'

/** Who signed: the name in the certificate, and who vouched for it. */
export interface Identity {
  /** An address, or the URI of a workflow. */
  readonly identity: string
  /** The OpenID Connect issuer. */
  readonly issuer: string
}

/** Who may have signed: an identity, or a pattern of them; the issuer is exact. */
export type AllowedIdentity =
  | Identity
  | { readonly pattern: IdentityPattern; readonly issuer: string }

const Root = z.looseObject({
  mediaType: z.string().startsWith('application/vnd.dev.sigstore.trustedroot'),
})
const Wrapped = z.looseObject({ trustedRoot: Root })

/** A trust root from JSON: a `trusted_root.json`, or the client configuration that holds one. Null when it is neither. */
export function readTrustRoot(text: string): TrustMaterial | null {
  try {
    const json: unknown = JSON.parse(text)
    const wrapped = Wrapped.safeParse(json)
    const root = wrapped.success ? wrapped.data.trustedRoot : Root.parse(json)
    return toTrustMaterial(TrustedRoot.fromJSON(root))
  } catch {
    return null
  }
}

/**
 * The signer of a keyless bundle, checked without a network: the certificate chains to the pinned root and was valid
 * when the transparency log took the entry in, that entry is this very signature, and one of the identities signed.
 */
export function verifySigstore(
  json: unknown,
  trust: TrustMaterial,
  allowed: readonly AllowedIdentity[],
): Result<Identity, SigningProblem> {
  let found: Partial<Identity>
  try {
    const entity = toSignedEntity(bundleFromJSON(json))
    // an entry in the log, a certificate that was logged, and a trusted time
    const verifier = new Verifier(trust, {
      tlogThreshold: 1,
      ctlogThreshold: 1,
      timestampThreshold: 1,
    })
    const signer = verifier.verify(entity).identity
    const { subjectAlternativeName: identity, extensions } = signer ?? {}
    found = {
      ...(identity === undefined ? {} : { identity }),
      ...(extensions?.issuer === undefined ? {} : { issuer: extensions.issuer }),
    }
  } catch (error) {
    return err({ code: 'sigstore-untrusted', detail: { reason: reasonOf(error) } })
  }
  const { identity = '', issuer = '' } = found
  const isAllowed = allowed.some(
    (one) =>
      one.issuer === issuer &&
      ('pattern' in one ? matchesIdentity(one.pattern, identity) : one.identity === identity),
  )
  if (!isAllowed || identity === '' || issuer === '') {
    return err({ code: 'identity-not-allowed', detail: { identity, issuer } })
  }
  return ok({ identity, issuer })
}

/** The library's own code of what does not hold (`TLOG_INCLUSION_PROOF_ERROR` ...). */
function reasonOf(error: unknown): string {
  if (error instanceof Error && 'code' in error && typeof error.code === 'string') {
    return error.code.toLowerCase().replaceAll('_', '-')
  }
  return 'bundle'
}
