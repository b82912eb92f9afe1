import { z } from 'zod'

export const Millis = (most: number) => z.int().min(1).max(most)
export const Count = (most: number) => z.int().min(1).max(most)

/** Most requests that one destination may be given at the same time, or kept waiting for. */
const MOST_PLACES = 65_536
const HOUR_MS = 3_600_000

/** How many requests one destination gets. */
export const DestinationLimits = z.strictObject({
  concurrent: Count(MOST_PLACES)
    .default(4096)
    .describe('Requests at the same time, of all workers together.'),
  queue: z
    .int()
    .min(0)
    .max(MOST_PLACES)
    .default(1024)
    .describe('Requests that may wait for a place; more are refused.'),
  queue_ms: Millis(HOUR_MS)
    .optional()
    .describe('Longest wait for a place; as long as the caller stays when absent.'),
})

/** How long one destination may take, in milliseconds. */
export const Timeouts = z.strictObject({
  connect_ms: Millis(600_000).default(5_000),
  first_byte_ms: Millis(HOUR_MS)
    .default(300_000)
    .describe('From the request sent to the first byte; a whole answer when not streamed.'),
  idle_ms: Millis(HOUR_MS).default(120_000).describe('Between two pieces.'),
  total_ms: Millis(24 * HOUR_MS)
    .optional()
    .describe('From the request sent to the last byte; no limit when absent.'),
})

/** When a model of one destination is left alone for a while. */
export const Breaker = z.strictObject({
  requests: Count(10_000)
    .default(20)
    .describe('Answers within 30 s below which nothing is concluded.'),
  failed_percent: Count(100)
    .default(50)
    .describe('Share of them that failed, from which it opens.'),
  open_ms: Millis(HOUR_MS)
    .default(5_000)
    .describe('First pause; each probe that fails doubles it, up to a minute.'),
})

/** How often a request is sent. */
export const Retries = z.strictObject({
  attempts: Count(10)
    .default(3)
    .describe('Times that one request is sent in all, whatever the number of destinations.'),
  budget_percent: z
    .number()
    .min(0)
    .max(100)
    .default(10)
    .describe('Requests of a hundred that may be repeated at the same destination, or hedged.'),
})

/** When a second destination of the verdict is asked although the first has not failed. */
export const Hedge = z.strictObject({
  after_ms: Millis(600_000)
    .optional()
    .describe('Asks the second after this long; with `percentile`, while too little is known.'),
  percentile: z
    .int()
    .min(50)
    .max(99)
    .optional()
    .describe('Asks it once so many of a hundred answers would have come; 95 without `after_ms`.'),
})
