/** Every stable code a caller can meet, in the order of docs/errors.md. */
export const REFUSAL_CODES = [
  // who asks
  'missing-key',
  'invalid-key',
  'key-expired',
  'access-disabled',
  'address-not-allowed',
  'scope-missing',
  'more-than-you-hold',
  'last-owner',
  'host-not-allowed',
  'origin-not-allowed',
  'too-many-attempts',
  'sign-in-expired',
  'sign-in-denied',
  'sign-in-invalid',
  'sign-in-unavailable',
  'sign-in-misconfigured',
  'sign-in-not-invited',
  'sign-in-not-allowed',
  'token-malformed',
  'token-untrusted',
  'token-expired',
  'token-early',
  'token-unmapped',
  'token-keys-unavailable',
  // what was sent
  'malformed-json',
  'malformed-multipart',
  'invalid-utf8',
  'body-too-large',
  'too-deep',
  'unsafe-number',
  'invalid-value',
  'missing-field',
  'unsupported-media-type',
  'unsupported-parameter',
  'unknown-model',
  'not-found',
  'method-not-allowed',
  'conflict',
  'changed-meanwhile',
  // what the policy says
  'surface-not-allowed',
  'model-not-allowed',
  'class-above-key',
  'no-eligible-destination',
  'model-not-admitted',
  'admission-step',
  'second-person',
  'weights-not-attested',
  'weights-missing',
  'bill-not-kept',
  'passage-refused',
  'answer-withheld',
  'held-for-review',
  'answer-not-guarded',
  'opinion-against',
  'opinion-missing',
  'four-eyes',
  'policy-of-file',
  // what the quotas say
  'rate-limited',
  'exceeds-limit',
  // what is left to spend
  'budget-exhausted',
  'price-unknown',
  'budget-unavailable',
  // what the destinations do
  'model-not-ready',
  'queue-full',
  'context-too-long',
  'destination-unreachable',
  'destination-timeout',
  'destination-credentials',
  'destination-refused',
  'destination-rate-limited',
  'destination-failed',
  'destination-malformed',
  'stream-interrupted',
  // what we could not do
  'ledger-unavailable',
  'shutting-down',
  'internal-error',
] as const
export type RefusalCode = (typeof REFUSAL_CODES)[number]

/** A refusal as data: the code, the field at fault, and figures for the message. Never matched text, never a key. */
export interface Refusal {
  readonly code: RefusalCode
  /** The field of the request at fault, as a dotted path of names and indices. */
  readonly param?: string
  /** Values for the `{placeholders}` of the message. */
  readonly detail?: Readonly<Record<string, string | number>>
  /** Seconds after which a retry can make sense. */
  readonly retryAfterSeconds?: number
}
