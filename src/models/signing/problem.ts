/** Every way that signing or verifying a model can end without a yes; stable, shown to people and scripts. */
export const SIGNING_CODES = [
  // the signature itself
  'bundle-missing',
  'bundle-too-large',
  'bundle-malformed',
  'bundle-unsupported',
  'no-signature',
  'method-mismatch',
  'signature-invalid',
  'key-mismatch',
  'statement-malformed',
  'statement-unsupported',
  'manifest-inconsistent',
  'algorithm-unsupported',
  // who signed
  'certificate-malformed',
  'certificate-untrusted',
  'certificate-expired',
  'certificate-early',
  'certificate-unusable',
  'sigstore-untrusted',
  'identity-not-allowed',
  // what was signed
  'files-differ',
  'model-missing',
  'model-empty',
  'too-many-files',
  'name-not-utf8',
  'symlink',
  'symlink-outside',
  'symlink-cycle',
  'not-a-regular-file',
  'unreadable-file',
  'changed-while-read',
  // what was given
  'key-unreadable',
  'key-encrypted',
  'key-unsupported',
  'key-not-of-certificate',
  'trust-root-unreadable',
  'no-trust-anchor',
  'sigstore-signing',
  'output-unwritable',
  'interrupted',
] as const
export type SigningCode = (typeof SIGNING_CODES)[number]

/** What of a model is not as it was signed; names relative to the model, each list sorted. */
export interface Differences {
  readonly changed: readonly string[]
  readonly missing: readonly string[]
  readonly added: readonly string[]
  /** The same content under another name: in neither `missing` nor `added`. */
  readonly renamed: readonly { readonly from: string; readonly to: string }[]
}

/** Why there is no yes, as data. */
export interface SigningProblem {
  readonly code: SigningCode
  /** Values for the `{placeholders}` of the message. */
  readonly detail?: Readonly<Record<string, string | number>>
  readonly differences?: Differences
}

/** Answered no, as opposed to could not be answered. */
const ANSWERED: ReadonlySet<SigningCode> = new Set<SigningCode>([
  'no-signature',
  'method-mismatch',
  'signature-invalid',
  'key-mismatch',
  'manifest-inconsistent',
  'certificate-untrusted',
  'certificate-expired',
  'certificate-early',
  'certificate-unusable',
  'sigstore-untrusted',
  'identity-not-allowed',
  'files-differ',
  'model-empty',
  'symlink',
  'symlink-outside',
  'symlink-cycle',
  'not-a-regular-file',
  'changed-while-read',
])

/** Whether a problem is a no (the signature does not hold), and not that nothing could be said. */
export const isRefusal = ({ code }: SigningProblem): boolean => ANSWERED.has(code)
