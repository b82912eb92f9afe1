import * as z from 'zod/mini'
import type { Http } from './http.ts'
import { sseEvents } from './sse.ts'
import { CLASSES, ZONES } from './words.ts'
import type { DataClass } from './words.ts'

const OUTCOMES = ['answered', 'refused', 'failed', 'cancelled'] as const
export type OutcomeStatus = (typeof OUTCOMES)[number]

const figures = {
  status: z.enum(OUTCOMES),
  code: z.nullish(z.string()),
  promptTokens: z.nullish(z.number()),
  completionTokens: z.nullish(z.number()),
  firstByteMs: z.nullish(z.number()),
  totalMs: z.nullish(z.number()),
}

const Outcome = z.object(figures)
/** How a decided request ended; absent figures were not counted, which is not the same as zero. */
export type Outcome = z.infer<typeof Outcome>

const Decision = z.object({
  id: z.string(),
  /** Milliseconds since 1970, or an ISO 8601 date. */
  at: z.union([z.number(), z.string()]),
  surface: z.string(),
  key: z.nullish(z.string()),
  model: z.string(),
  class: z.enum(CLASSES),
  categories: z.array(z.string()),
  undetermined: z.boolean(),
  /** How many findings of each type; never their text. */
  findings: z.record(z.string(), z.number()),
  destination: z.nullish(z.string()),
  served: z.nullish(z.string()),
  zone: z.nullish(z.enum(ZONES)),
  refusal: z.nullish(z.string()),
  outcome: z.nullish(Outcome),
})
export type Decision = z.infer<typeof Decision>

const DecisionPage = z.object({ decisions: z.array(Decision), next: z.nullable(z.string()) })
export type DecisionPage = z.infer<typeof DecisionPage>

/** What to show; null is no restriction. */
export interface DecisionFilter {
  readonly class: DataClass | null
  readonly destination: string | null
  readonly refused: boolean
}

/** One page, newest first; `before` is the `next` of the page above it. */
export const decisions = (
  http: Http,
  filter: DecisionFilter,
  before: string | null,
  signal: AbortSignal,
): Promise<DecisionPage> =>
  http.json(
    {
      path: '/api/decisions',
      query: {
        limit: '50',
        before,
        class: filter.class,
        destination: filter.destination,
        refused: filter.refused ? 'true' : null,
      },
      signal,
    },
    DecisionPage,
  )

const OutcomeEvent = z.object({ decision: z.string(), ...figures })

/** One thing that just happened. */
export type LiveEvent =
  | { readonly kind: 'open' }
  | { readonly kind: 'decision'; readonly decision: Decision }
  | { readonly kind: 'outcome'; readonly decision: string; readonly outcome: Outcome }

/** Decisions and outcomes as they are recorded, until the signal aborts or the connection breaks. */
export async function* liveDecisions(
  http: Http,
  signal: AbortSignal,
): AsyncGenerator<LiveEvent, void, void> {
  const response = await http.open({
    path: '/api/decisions/live',
    accept: 'text/event-stream',
    signal,
  })
  yield { kind: 'open' }
  for await (const { event, data } of sseEvents(response)) {
    const live = readLive(event, data)
    if (live !== null) yield live
  }
}

/** Events of other names, or of a later shape, are skipped. */
export function readLive(event: string, data: string): LiveEvent | null {
  if (event !== 'decision' && event !== 'outcome') return null
  const body = parsedJson(data)
  if (event === 'decision') {
    const decision = Decision.safeParse(body)
    return decision.success ? { kind: 'decision', decision: decision.data } : null
  }
  const outcome = OutcomeEvent.safeParse(body)
  if (!outcome.success) return null
  const { decision, ...rest } = outcome.data
  return { kind: 'outcome', decision, outcome: rest }
}

function parsedJson(data: string): unknown {
  try {
    return JSON.parse(data)
  } catch {
    return undefined
  }
}
