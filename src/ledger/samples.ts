import type { NewId } from '#kernel/ports.ts'
import type { EpochMs } from '#kernel/units.ts'
import type { AdminEvent, DecisionEvent, LedgerEvent, OutcomeEvent } from './event.ts'

/** A decision as a request about nobody produces it, for tests of every room. */
export const sampleDecision = (over: Partial<DecisionEvent> = {}): DecisionEvent => ({
  type: 'decision',
  v: 1,
  surface: 'openai-chat',
  key: 'a1B2c3D4',
  model: 'auto',
  class: 'public',
  categories: [],
  undetermined: false,
  findings: {},
  destination: 'embedded',
  served: 'smollm2-135m',
  zone: 'device',
  refusal: null,
  zones: null,
  inputTokens: 12,
  policy: '3f1c2d4e5a6b7c8d',
  catalogue: '9a8b7c6d5e4f3a2b',
  health: {},
  ...over,
})

/** The outcome of a decision that was answered. */
export const sampleOutcome = (
  decision: string,
  over: Partial<OutcomeEvent> = {},
): OutcomeEvent => ({
  type: 'outcome',
  v: 1,
  decision,
  destination: 'embedded',
  status: 'answered',
  code: null,
  promptTokens: 12,
  completionTokens: 34,
  firstByteMs: 56,
  totalMs: 789,
  ...over,
})

/** Something an administrator did. */
export const sampleAdmin = (over: Partial<AdminEvent> = {}): AdminEvent => ({
  type: 'admin',
  v: 1,
  actor: 'local',
  action: 'keys.create',
  subject: 'a1B2c3D4',
  ...over,
})

const HASH = 'ab'.repeat(32)

/** One event of every type there is, by its type. */
export const SAMPLES: { readonly [Type in LedgerEvent['type']]: LedgerEvent & { type: Type } } = {
  decision: sampleDecision(),
  outcome: sampleOutcome('01890000-0000-7000-8000-000000000001'),
  admin: sampleAdmin({ before: HASH, after: HASH }),
  'policy-version': {
    type: 'policy-version',
    v: 1,
    document: 'policy',
    version: '3f1c2d4e5a6b7c8d',
    previous: null,
    actor: 'system',
    digest: HASH,
    author: 'a1B2c3D4',
    reason: 'quarterly review',
  },
  'model-admission': {
    type: 'model-admission',
    v: 1,
    actor: 'local',
    model: 'smollm2-135m',
    digest: HASH,
    decision: 'admitted',
    reasons: ['digest-pinned'],
  },
  'sign-in': {
    type: 'sign-in',
    v: 1,
    method: 'oidc',
    outcome: 'refused',
    subject: null,
    code: 'invalid-key',
  },
  refusal: {
    type: 'refusal',
    v: 1,
    code: 'invalid-key',
    surface: null,
    key: null,
    count: 1200,
    from: 1_700_000_000_000,
    until: 1_700_000_060_000,
  },
  review: {
    type: 'review',
    v: 1,
    actor: 'a1B2c3D4',
    decision: '01890000-0000-7000-8000-000000000001',
    verdict: 'too-low',
    class: 'confidential',
    note: null,
  },
  erasure: {
    type: 'erasure',
    v: 1,
    actor: 'local',
    scope: 'key',
    subject: 'a1B2c3D4',
    until: 1_700_000_000_000,
    seq: null,
    checkpoint: null,
  },
  checkpoint: { type: 'checkpoint', v: 1, number: 7, hash: HASH },
  'signing-key': {
    type: 'signing-key',
    v: 1,
    generation: 1,
    key: HASH,
    previous: null,
    actor: 'system',
  },
  configuration: {
    type: 'configuration',
    v: 1,
    actor: 'local',
    version: HASH,
    previous: null,
    sections: ['destinations', 'evidence'],
  },
  'bill-of-materials': {
    type: 'bill-of-materials',
    v: 1,
    actor: 'system',
    digest: HASH,
    previous: null,
    components: 160,
  },
}

/** UUIDs version 7 with the time of the clock and a counter where the random part is. */
export function countingIds(clock: () => EpochMs): NewId {
  let count = 0
  return () => {
    count += 1
    const time = clock().toString(16).padStart(12, '0')
    const tail = count.toString(16).padStart(12, '0')
    return `${time.slice(0, 8)}-${time.slice(8)}-7000-8000-${tail}`
  }
}

/** Bytes that differ from draw to draw and are the same in every run. */
export function countingBytes(): (length: number) => Uint8Array {
  let count = 0
  return (length) => Uint8Array.from({ length }, () => (count++ * 167 + 13) & 0xff)
}
