import { X509Certificate } from 'node:crypto'
import { X509Certificate as ParsedCertificate } from '@sigstore/core'

/** One certificate, with what of it decides about trust. */
export interface Certificate {
  readonly x509: X509Certificate
  readonly notBefore: Date
  readonly notAfter: Date
  readonly isSelfSigned: boolean
  /** Whether it may sign certificates of those who sign content. */
  readonly isAuthority: boolean
  /** Authorities allowed between it and the leaf; null: any number. */
  readonly pathLength: number | null
  /** Whether it may sign content: made for code signing, and not barred from signatures. */
  readonly maySign: boolean
  /** Whether everything that it says must be understood is understood, and its own signature is of a sound kind. */
  readonly isUnderstood: boolean
}

/** Critical extensions that are judged here: usage, alternative names, constraints of path, extended usage. */
const UNDERSTOOD = new Set(['2.5.29.15', '2.5.29.17', '2.5.29.19', '2.5.29.37'])
/** Signatures with MD5 or SHA-1 (RFC 3279). */
const UNSOUND = new Set([
  '1.2.840.113549.1.1.4',
  '1.2.840.113549.1.1.5',
  '1.2.840.10045.4.1',
  '1.2.840.10040.4.3',
])
const CODE_SIGNING = '1.3.6.1.5.5.7.3.3'
const ANY_USE = '2.5.29.37.0'
const BASIC_CONSTRAINTS = '2.5.29.19'

/** A certificate from DER or PEM; null when it is none. */
export function readCertificate(bytes: Buffer | string): Certificate | null {
  try {
    const x509 = new X509Certificate(bytes)
    return judge(x509, ParsedCertificate.parse(Buffer.from(x509.raw)))
  } catch {
    return null
  }
}

/** The certificates of a PEM text, in its order; null when one of them cannot be read, or there is none. */
export function readCertificates(pem: string): readonly Certificate[] | null {
  const blocks = pem.match(/-----BEGIN CERTIFICATE-----[\s\S]*?-----END CERTIFICATE-----/g) ?? []
  const read = blocks.map((block) => readCertificate(block))
  const whole = read.filter((one) => one !== null)
  return whole.length === blocks.length && whole.length > 0 ? whole : null
}

function judge(x509: X509Certificate, parsed: ParsedCertificate): Certificate {
  const usage = parsed.extKeyUsage
  const constraints = parsed.extBasicConstraints
  const extended = x509.keyUsage ?? []
  const length = constraints?.pathLenConstraint
  const oids = parsed.extensions.map((extension) => ({
    oid: extension.subs[0]?.toOID() ?? '',
    // the middle one of three is the word "critical"
    isCritical: extension.subs.length === 3 && extension.subs[1]?.toBoolean() === true,
  }))
  const signature = parsed.root.subs[1]?.subs[0]?.toOID() ?? ''
  return {
    x509,
    notBefore: parsed.notBefore,
    notAfter: parsed.notAfter,
    // not `checkIssued`: one that may sign content alone is still its own issuer
    isSelfSigned: parsed.subject.equals(parsed.issuer) && x509.verify(x509.publicKey),
    isAuthority:
      constraints?.isCA === true &&
      usage?.keyCertSign !== false &&
      // one that is limited to other uses, such as servers, vouches for none of these
      (extended.length === 0 || extended.some((one) => one === CODE_SIGNING || one === ANY_USE)),
    pathLength: length === undefined ? null : Number(length),
    maySign: extended.includes(CODE_SIGNING) && usage?.digitalSignature !== false,
    isUnderstood:
      !UNSOUND.has(signature) &&
      oids.every(({ oid, isCritical }) => !isCritical || UNDERSTOOD.has(oid)) &&
      oids.filter(({ oid }) => oid === BASIC_CONSTRAINTS).length <= 1,
  }
}
