import { z } from 'zod'
import { ANSWER_ACTIONS } from '#kernel/duties.ts'
import { OPINIONS } from '#kernel/exchange.ts'
import { ZONES } from '#kernel/destination.ts'
import { CATEGORIES, CLASSES } from '#kernel/label.ts'
import type { LedgerEvent } from './event.ts'
import { ADMISSION_DECISIONS, RULING_DOCUMENTS } from './house-event.ts'

const Count = z.number().int().nonnegative()
const Zone = z.enum(ZONES)

const Decision = z.object({
  type: z.literal('decision'),
  v: z.literal(1),
  surface: z.string(),
  key: z.string(),
  model: z.string(),
  class: z.enum(CLASSES),
  categories: z.array(z.enum(CATEGORIES)),
  undetermined: z.boolean(),
  findings: z.record(z.string(), Count),
  destination: z.string().nullable(),
  served: z.string().nullable(),
  zone: Zone.nullable(),
  refusal: z.string().nullable(),
  zones: z.array(Zone).nullable(),
  inputTokens: Count,
  policy: z.string(),
  catalogue: z.string(),
  health: z.record(z.string(), z.enum(['not-ready', 'down'])),
  team: z.string().exactOptional(),
  application: z.string().exactOptional(),
  limits: z
    .object({
      models: z.array(z.string()).nullable(),
      maxClass: z.enum(CLASSES).nullable(),
      zones: z.array(Zone).nullable(),
    })
    .exactOptional(),
  person: z.string().exactOptional(),
  purpose: z.string().exactOptional(),
  held: z.record(z.string(), Count).exactOptional(),
  latency: z
    .object({ asked: Count.nullable(), measured: z.record(z.string(), Count) })
    .exactOptional(),
  masked: z
    .array(
      z.object({
        zones: z.array(Zone),
        types: z.array(z.string()),
        of: z.array(z.enum(CATEGORIES)),
        class: z.enum(CLASSES).nullable(),
        categories: z.array(z.enum(CATEGORIES)),
        undetermined: z.boolean(),
        findings: z.record(z.string(), Count),
      }),
    )
    .exactOptional(),
  opinionOn: z.string().exactOptional(),
})

const Outcome = z.object({
  type: z.literal('outcome'),
  v: z.literal(1),
  decision: z.string(),
  destination: z.string().nullable(),
  status: z.enum(['answered', 'refused', 'failed', 'cancelled']),
  code: z.string().nullable(),
  promptTokens: Count.nullable(),
  completionTokens: Count.nullable(),
  firstByteMs: z.number().nullable(),
  totalMs: z.number(),
  sentTo: z.array(z.string()).exactOptional(),
  cachedTokens: Count.exactOptional(),
  reasoningTokens: Count.exactOptional(),
  dropped: z.array(z.string()).exactOptional(),
  costMicro: Count.exactOptional(),
  energyMwh: z.number().nonnegative().exactOptional(),
  currency: z.string().exactOptional(),
  countedTokens: Count.exactOptional(),
  settled: z.record(z.string(), z.tuple([Count, Count])).exactOptional(),
  cached: Count.exactOptional(),
  cachedFrom: z.string().exactOptional(),
  answerFound: z.record(z.string(), Count).exactOptional(),
  answerDone: z.enum(ANSWER_ACTIONS).exactOptional(),
  opinion: z.enum(OPINIONS).exactOptional(),
  masked: z.object({ values: Count, restored: Count, kept: Count, unknown: Count }).exactOptional(),
})

const Admin = z.object({
  type: z.literal('admin'),
  v: z.literal(1),
  actor: z.string(),
  action: z.string(),
  subject: z.string(),
  before: z.string().exactOptional(),
  after: z.string().exactOptional(),
})

const PolicyVersion = z.object({
  type: z.literal('policy-version'),
  v: z.literal(1),
  document: z.enum(RULING_DOCUMENTS),
  version: z.string(),
  previous: z.string().nullable(),
  actor: z.string(),
  digest: z.string().exactOptional(),
  author: z.string().exactOptional(),
  reason: z.string().exactOptional(),
})

const ModelAdmission = z.object({
  type: z.literal('model-admission'),
  v: z.literal(1),
  actor: z.string(),
  model: z.string(),
  digest: z.string().nullable(),
  decision: z.enum(ADMISSION_DECISIONS),
  reasons: z.array(z.string()),
  why: z.string().exactOptional(),
})

const SignIn = z.object({
  type: z.literal('sign-in'),
  v: z.literal(1),
  method: z.enum(['key', 'oidc']),
  outcome: z.enum(['opened', 'refused', 'closed']),
  subject: z.string().nullable(),
  code: z.string().nullable(),
})

const RefusalCount = z.object({
  type: z.literal('refusal'),
  v: z.literal(1),
  code: z.string(),
  surface: z.string().nullable(),
  key: z.string().nullable(),
  count: Count,
  from: Count,
  until: Count,
})

const Review = z.object({
  type: z.literal('review'),
  v: z.literal(1),
  actor: z.string(),
  decision: z.string(),
  verdict: z.enum(['right', 'too-low', 'too-high', 'approved', 'edited', 'refused']),
  class: z.enum(CLASSES).nullable(),
  note: z.string().nullable(),
})

const Erasure = z.object({
  type: z.literal('erasure'),
  v: z.literal(1),
  actor: z.string(),
  scope: z.enum(['subject', 'key', 'retention', 'segment']),
  subject: z.string(),
  until: Count,
  seq: Count.nullable(),
  checkpoint: Count.nullable(),
})

const Checkpoint = z.object({
  type: z.literal('checkpoint'),
  v: z.literal(1),
  number: Count,
  hash: z.string(),
})

const SigningKey = z.object({
  type: z.literal('signing-key'),
  v: z.literal(1),
  generation: Count,
  key: z.string(),
  previous: z.string().nullable(),
  actor: z.string(),
})

const Configuration = z.object({
  type: z.literal('configuration'),
  v: z.literal(1),
  actor: z.string(),
  version: z.string(),
  previous: z.string().nullable(),
  sections: z.array(z.string()),
})

const Bill = z.object({
  type: z.literal('bill-of-materials'),
  v: z.literal(1),
  actor: z.string(),
  digest: z.string(),
  previous: z.string().nullable(),
  components: Count,
})

const Event = z.discriminatedUnion('type', [
  Decision,
  Outcome,
  Admin,
  PolicyVersion,
  ModelAdmission,
  SignIn,
  RefusalCount,
  Review,
  Erasure,
  Checkpoint,
  SigningKey,
  Configuration,
  Bill,
])

/** The event in a stored payload, of every version ever written; null when erased or not an event. */
export function readEvent(payload: string | null): LedgerEvent | null {
  if (payload === null) return null
  try {
    return Event.safeParse(JSON.parse(payload)).data ?? null
  } catch {
    return null
  }
}
