import { z } from 'zod'

/** What the supervisor tells the engine process, as JSON in its one argument. */
export const EngineSettings = z.strictObject({
  socketPath: z.string().min(1),
  modelsDir: z.string().min(1),
  /** Tokens of one conversation with its answer. */
  contextTokens: z.int().min(256).default(4096),
  /** Conversations computed side by side, per model. */
  parallel: z.int().min(1).max(64).default(4),
  /** Requests that may wait. */
  queueLimit: z.int().min(0).default(32),
  /** Models in memory at once. */
  maxLoaded: z.int().min(1).default(1),
  /** Whether every byte is read again before it is loaded, or only where size or times differ. */
  recheck: z.enum(['whole', 'quick']).default('whole'),
  /** Threads of the computation; null: all cores but one. */
  threads: z.int().min(1).nullable().default(null),
})
export type EngineSettings = z.infer<typeof EngineSettings>

/**
 * One core is left to the gateway when there are several: the threads wait for each other by spinning, so a single
 * one that is put aside slows every token (measured on 2 busy cores: 2 threads up to 50 times slower than 1).
 */
export const threadsFor = (settings: EngineSettings, cores: number): number =>
  settings.threads ?? Math.max(1, cores - 1)
