import { z } from 'zod'
import { err, ok, type Result } from '#kernel/result.ts'
import type { SigningProblem } from './problem.ts'
import { PAYLOAD_TYPE } from './statement.ts'

/** The form of Sigstore bundle that model signatures use. */
export const BUNDLE_TYPE = 'application/vnd.dev.sigstore.bundle.v0.3+json'
/** Earlier forms: Sigstore's own signers wrote them, keyless. In them the certificate may stand in a chain of one. */
const KEYLESS_TYPES: readonly string[] = ['0.1', '0.2', '0.3'].map(
  (version) => `application/vnd.dev.sigstore.bundle+json;version=${version}`,
)

/** How a model is signed. */
export const METHODS = ['key', 'certificate', 'sigstore'] as const
export type SigningMethod = (typeof METHODS)[number]

/** What a bundle gives to verify it with. */
export type VerificationMaterial =
  | { readonly method: 'key'; readonly hint: string | null }
  /** DER, the leaf first. */
  | { readonly method: 'certificate'; readonly chain: readonly Buffer[] }
  | { readonly method: 'sigstore' }

export interface Bundle {
  readonly material: VerificationMaterial
  readonly payload: Buffer
  readonly signature: Buffer
  /** The whole of it, for those who read more. */
  readonly json: unknown
}

const Bytes = z.base64().transform((text) => Buffer.from(text, 'base64'))
const Certificate = z.object({ rawBytes: Bytes })

/** Entries of logs, and timestamps, of one signature; Sigstore's own clients read as many. */
const MOST_WITNESSES = 32

const Outer = z.object({
  mediaType: z.string(),
  verificationMaterial: z.object({
    // early bundles carry the key itself, `rawBytes`: it proves nothing
    publicKey: z.object({ hint: z.string().nullish() }).nullish(),
    x509CertificateChain: z.object({ certificates: z.array(Certificate).min(1).max(20) }).nullish(),
    certificate: Certificate.nullish(),
    // each is checked with a signature of its own
    tlogEntries: z.array(z.unknown()).max(MOST_WITNESSES).nullish(),
    timestampVerificationData: z
      .object({ rfc3161Timestamps: z.array(z.unknown()).max(MOST_WITNESSES).nullish() })
      .nullish(),
  }),
  dsseEnvelope: z.object({
    payload: Bytes,
    payloadType: z.string(),
    signatures: z.array(z.object({ sig: Bytes })),
  }),
})

/** Reads a bundle: what it holds, nothing yet of whether it is true. */
export function readBundle(text: string): Result<Bundle, SigningProblem> {
  let json: unknown
  try {
    json = JSON.parse(text)
  } catch {
    return err({ code: 'bundle-malformed', detail: { at: '' } })
  }
  const type = z.object({ mediaType: z.string() }).safeParse(json)
  const isKeyless = type.success && KEYLESS_TYPES.includes(type.data.mediaType)
  if (type.success && type.data.mediaType !== BUNDLE_TYPE && !isKeyless) {
    return err({ code: 'bundle-unsupported', detail: { type: type.data.mediaType.slice(0, 100) } })
  }
  const read = Outer.safeParse(json)
  if (!read.success) {
    return err({
      code: 'bundle-malformed',
      detail: { at: read.error.issues[0]?.path.join('.') ?? '' },
    })
  }
  const { verificationMaterial, dsseEnvelope } = read.data
  if (dsseEnvelope.payloadType !== PAYLOAD_TYPE) {
    return err({
      code: 'statement-unsupported',
      detail: { type: dsseEnvelope.payloadType.slice(0, 100) },
    })
  }
  const [signature, ...others] = dsseEnvelope.signatures
  if (signature === undefined || signature.sig.length === 0) return err({ code: 'no-signature' })
  if (others.length > 0) {
    return err({ code: 'bundle-malformed', detail: { at: 'dsseEnvelope.signatures' } })
  }
  const found = readMaterial(verificationMaterial)
  if (isKeyless && found?.method === 'key') {
    return err({ code: 'bundle-unsupported', detail: { type: read.data.mediaType } })
  }
  // in an earlier form a chain of certificates is that of Sigstore
  const material: VerificationMaterial | null =
    isKeyless && found !== null ? { method: 'sigstore' } : found
  if (material === null) {
    return err({ code: 'bundle-malformed', detail: { at: 'verificationMaterial' } })
  }
  return ok({ material, payload: dsseEnvelope.payload, signature: signature.sig, json })
}

type Material = z.infer<typeof Outer>['verificationMaterial']

/** Exactly one kind of material; null otherwise. */
function readMaterial(given: Material): VerificationMaterial | null {
  const { publicKey, x509CertificateChain: chain, certificate } = given
  const found: VerificationMaterial[] = []
  if (publicKey) found.push({ method: 'key', hint: publicKey.hint || null })
  if (chain) {
    found.push({ method: 'certificate', chain: chain.certificates.map((one) => one.rawBytes) })
  }
  if (certificate) found.push({ method: 'sigstore' })
  const [only] = found
  return found.length === 1 && only !== undefined ? only : null
}

/** A bundle as JSON, one line. */
export function writeBundle(
  material: { readonly publicKeyHint: string } | { readonly chain: readonly Uint8Array[] },
  payload: Uint8Array,
  signature: Uint8Array,
): string {
  const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64')
  return JSON.stringify({
    mediaType: BUNDLE_TYPE,
    verificationMaterial: {
      ...('chain' in material
        ? {
            x509CertificateChain: {
              certificates: material.chain.map((raw) => ({ rawBytes: base64(raw) })),
            },
          }
        : { publicKey: { hint: material.publicKeyHint } }),
      tlogEntries: [],
    },
    dsseEnvelope: {
      payload: base64(payload),
      payloadType: PAYLOAD_TYPE,
      signatures: [{ sig: base64(signature), keyid: '' }],
    },
  })
}
