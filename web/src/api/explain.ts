import * as z from 'zod/mini'
import type { Http } from './http.ts'
import { CLASSES, ZONES } from './words.ts'

const Finding = z.object({
  type: z.string(),
  rule: z.string(),
  /** UTF-16 offsets into the text that was sent, end exclusive. */
  start: z.number(),
  end: z.number(),
  confidence: z.number(),
  explanation: z.string(),
})
export type Finding = z.infer<typeof Finding>

const Place = z.object({ destination: z.string(), model: z.string(), zone: z.enum(ZONES) })

const Refused = z.object({
  destination: z.string(),
  model: z.string(),
  code: z.string(),
  rule: z.string(),
  explanation: z.string(),
})
export type Refused = z.infer<typeof Refused>

const Explanation = z.object({
  label: z.object({
    class: z.enum(CLASSES),
    categories: z.array(z.string()),
    undetermined: z.boolean(),
    findings: z.array(Finding),
  }),
  chosen: z.nullable(z.extend(Place, { jurisdiction: z.string() })),
  allowed: z.array(
    z.extend(Place, {
      costEuro: z.nullish(z.number()),
      tokensPerSecond: z.nullish(z.number()),
    }),
  ),
  refused: z.array(Refused),
  duties: z.array(z.union([z.string(), z.object({ kind: z.string() })])),
  policyVersion: z.string(),
  explanation: z.string(),
})
/** What the gateway would decide for a text, and why. Nothing is sent anywhere. */
export type Explanation = z.infer<typeof Explanation>

/** Classifies and decides without sending; the verdict is for `model`, `auto` when left out. */
export const explain = (
  http: Http,
  body: { readonly text: string; readonly model?: string },
  signal: AbortSignal,
): Promise<Explanation> =>
  http.json({ method: 'POST', path: '/api/explain', body, signal }, Explanation)
