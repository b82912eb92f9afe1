import { z } from 'zod'
import { DIALECTS, taskOfSurface, ZONES, type Zone } from '#kernel/destination.ts'
import { CLASSES, type Label } from '#kernel/label.ts'
import { err, ok, type Result } from '#kernel/result.ts'
import type { Health, KeyLimits, Verdict } from '#kernel/verdict.ts'
import { decide } from './decide.ts'

const StoredPolicy = z.object({
  floor: z.enum(CLASSES),
  rules: z.array(
    z.object({
      id: z.string(),
      match: z.object({ classes: z.array(z.enum(CLASSES)) }),
      allow: z.object({
        zones: z.array(z.enum(ZONES)),
        jurisdictions: z.array(z.string()).optional(),
      }),
    }),
  ),
})

const StoredModel = z.object({
  name: z.string(),
  upstream: z.string(),
  aliases: z.array(z.string()).optional(),
  task: z.enum(['chat', 'embeddings', 'rerank', 'moderations']).optional(),
  zone: z.enum(ZONES).optional(),
  price: z.object({ input: z.number(), output: z.number() }).optional(),
  tokensPerSecond: z.number().optional(),
})

const StoredCatalogue = z.array(
  z.object({
    id: z.string(),
    dialect: z.enum(DIALECTS),
    address: z.union([
      z.object({ kind: z.literal('url'), baseUrl: z.string() }),
      z.object({ kind: z.literal('socket'), path: z.string() }),
    ]),
    zone: z.enum(ZONES),
    jurisdiction: z.string(),
    clearance: z.enum(CLASSES),
    state: z.enum(['enabled', 'discovered', 'listed', 'disabled']),
    origin: z.enum(['embedded', 'config', 'discovered', 'environment']),
    models: z.array(StoredModel),
  }),
)

/** What the evidence of a decision says of the request, enough to decide it again. */
export interface RecordedFacts extends Label {
  readonly surface: string
  readonly model: string
  readonly zones: readonly Zone[] | null
  readonly inputTokens: number
  readonly policy: string
  readonly catalogue: string
  readonly health: Health
  readonly limits?: KeyLimits
}

/**
 * The verdict of a recorded decision, decided again from the recorded facts and the policy and catalogue of that day;
 * this is where the refused list comes from. Refused when a stored document is not readable.
 */
export function replay(
  event: RecordedFacts,
  documents: { readonly policy: string; readonly catalogue: string },
): Result<Verdict, 'unreadable-document'> {
  const policy = StoredPolicy.safeParse(parsed(documents.policy))
  const catalogue = StoredCatalogue.safeParse(parsed(documents.catalogue))
  if (!policy.success || !catalogue.success) return err('unreadable-document')
  const facts = {
    tenant: '',
    label: { class: event.class, categories: event.categories, undetermined: event.undetermined },
    requestedModel: event.model,
    task: taskOfSurface(event.surface),
    ...(event.zones ? { zones: event.zones } : {}),
    ...(event.limits ? { limits: event.limits } : {}),
    inputTokensEstimate: event.inputTokens,
  }
  const destinations = catalogue.data.map((destination) => ({
    ...destination,
    models: destination.models.map(withoutAbsent),
  }))
  return ok(
    decide(
      facts,
      { ...policy.data, version: event.policy },
      { destinations, version: event.catalogue },
      event.health,
    ),
  )
}

function withoutAbsent(model: z.infer<typeof StoredModel>) {
  const { zone, price, tokensPerSecond, aliases, task, ...rest } = model
  return {
    ...rest,
    ...(aliases ? { aliases } : {}),
    ...(task ? { task } : {}),
    ...(zone ? { zone } : {}),
    ...(price ? { price } : {}),
    ...(tokensPerSecond === undefined ? {} : { tokensPerSecond }),
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
