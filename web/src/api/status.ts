import * as z from 'zod/mini'
import type { Http } from './http.ts'
import { CLASSES, ZONES } from './words.ts'

const Zone = z.enum(ZONES)

const Engine = z.object({
  state: z.enum(['absent', 'pulling', 'starting', 'ready', 'failed', 'disabled']),
  model: z.nullable(z.string()),
  /** Bytes. */
  progress: z.nullable(z.object({ done: z.number(), total: z.nullable(z.number()) })),
  /** Why it failed, a stable code. */
  problem: z.nullish(z.string()),
})
export type Engine = z.infer<typeof Engine>

const DestinationStatus = z.object({
  id: z.string(),
  zone: Zone,
  jurisdiction: z.string(),
  clearance: z.enum(CLASSES),
  state: z.string(),
  origin: z.string(),
  health: z.nullish(z.string()),
  models: z.array(z.object({ name: z.string(), zone: Zone })),
})
export type DestinationStatus = z.infer<typeof DestinationStatus>

const Status = z.object({
  version: z.string(),
  uptimeMs: z.number(),
  engine: Engine,
  destinations: z.array(DestinationStatus),
  policyVersion: z.string(),
})
export type Status = z.infer<typeof Status>

/** The state of the engine on board, and every destination with its zone, clearance and health. */
export const status = (http: Http, signal: AbortSignal): Promise<Status> =>
  http.json({ path: '/api/status', signal }, Status)

/** How long to wait before asking again, in milliseconds: short while the engine is on its way. */
export const statusIntervalMs = (engine: Engine | undefined): number =>
  engine?.state === 'ready' || engine?.state === 'disabled' ? 15_000 : 2_000
