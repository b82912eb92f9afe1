import { z } from 'zod'
import { ZONES } from '#kernel/destination.ts'
import { CATEGORIES, CLASSES } from '#kernel/label.ts'
import type { LedgerEvent } from './event.ts'

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
})

const Admin = z.object({
  type: z.literal('admin'),
  v: z.literal(1),
  actor: z.string(),
  action: z.string(),
  subject: z.string(),
})

const Event = z.discriminatedUnion('type', [Decision, Outcome, Admin])

/** The event in a stored payload, of every version ever written; null when erased or not an event. */
export function readEvent(payload: string | null): LedgerEvent | null {
  if (payload === null) return null
  try {
    return Event.safeParse(JSON.parse(payload)).data ?? null
  } catch {
    return null
  }
}
