import { err, ok, type Result } from '#kernel/result.ts'
import type { EpochMs } from '#kernel/units.ts'
import type { Certificate } from './certificate.ts'
import { curveKey, type CurveKey } from './key.ts'
import type { SigningProblem } from './problem.ts'

/** Certificates between the leaf and its root, at most. */
const LONGEST = 8
/** Signatures of certificates that are checked for one path: authorities that vouch for each other make ways without end. */
const MOST_CHECKED = 200

/**
 * The key of a leaf that a trusted root vouches for now. A root is a self-signed certificate among `trusted`; the
 * others of them, like those of the bundle, only join.
 */
export function trustLeaf(
  leaf: Certificate,
  given: readonly Certificate[],
  trusted: readonly Certificate[],
  now: EpochMs,
): Result<CurveKey, SigningProblem> {
  const roots = trusted.filter(({ isSelfSigned }) => isSelfSigned)
  if (roots.length === 0) return err({ code: 'no-trust-anchor' })
  const between = [...trusted.filter(({ isSelfSigned }) => !isSelfSigned), ...given]
  const path = findPath([leaf], { roots, between, left: MOST_CHECKED })
  if (path === null) return err({ code: 'certificate-untrusted' })
  for (const certificate of path) {
    const problem = outOfTime(certificate, now)
    if (problem !== null) return err(problem)
  }
  if (!leaf.maySign) return err({ code: 'certificate-unusable' })
  const key = curveKey(leaf.x509.publicKey)
  if (key === null) {
    const kind = leaf.x509.publicKey.asymmetricKeyType ?? '?'
    return err({ code: 'key-unsupported', detail: { kind } })
  }
  return ok(key)
}

function outOfTime(
  { notBefore, notAfter, x509 }: Certificate,
  now: EpochMs,
): SigningProblem | null {
  const detail = { subject: oneLine(x509.subject), clock: new Date(now).toISOString() }
  if (now < notBefore.getTime()) {
    return { code: 'certificate-early', detail: { ...detail, from: notBefore.toISOString() } }
  }
  if (now > notAfter.getTime()) {
    return { code: 'certificate-expired', detail: { ...detail, until: notAfter.toISOString() } }
  }
  return null
}

/** A certificate's subject or issuer on one line. */
export const oneLine = (name: string | undefined): string => (name ?? '').replaceAll('\n', ', ')

/** One search for a path, and how many signatures it may still check. */
interface Search {
  readonly roots: readonly Certificate[]
  readonly between: readonly Certificate[]
  left: number
}

/** A path from the leaf to a root, the leaf first; depth first, each certificate once. */
function findPath(path: readonly Certificate[], search: Search): readonly Certificate[] | null {
  const last = path.at(-1)
  if (last === undefined || !last.isUnderstood) return null
  if (search.roots.some((root) => isSame(root, last))) return path
  if (path.length > LONGEST) return null
  for (const issuer of [...search.roots, ...search.between]) {
    if (path.some((one) => isSame(one, issuer)) || !mayVouch(issuer, last, path.length)) continue
    if (search.left-- <= 0) return null
    if (!last.x509.verify(issuer.x509.publicKey)) continue
    const found = findPath([...path, issuer], search)
    if (found !== null) return found
  }
  return null
}

/** Whether an issuer may have signed a certificate, by what both say; `below`: certificates under it, the leaf among them. */
const mayVouch = (issuer: Certificate, subject: Certificate, below: number): boolean =>
  issuer.isAuthority &&
  (issuer.pathLength === null || issuer.pathLength >= below - 1) &&
  subject.x509.checkIssued(issuer.x509)

const isSame = (left: Certificate, right: Certificate): boolean =>
  left.x509.fingerprint256 === right.x509.fingerprint256
