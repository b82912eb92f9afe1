import { z } from 'zod'
import { CLASSES } from '#kernel/label.ts'

const KIB = 1024
/** Most memory for kept answers, bytes: 64 GiB. */
const MOST_BYTES = 64 * KIB * KIB * KIB

const Semantic = z.strictObject({
  model: z
    .string()
    .min(1)
    .describe('`destination/model` of an embedding model in a zone of our own.'),
  threshold: z
    .number()
    .min(0.8)
    .max(1)
    .default(0.95)
    .describe('Least cosine of two questions that get one answer.'),
  compared: z
    .int()
    .min(1)
    .max(10_000)
    .default(500)
    .describe('Most questions one is compared with.'),
})

/** Answers that were given before; off unless it is asked for. */
export const CacheSection = z.strictObject({
  exact: z.boolean().default(false).describe('One answer for requests that are equal in all.'),
  semantic: Semantic.optional().describe('One answer for questions that mean the same.'),
  ttl_seconds: z.int().min(1).max(31_536_000).default(3600),
  bytes: z
    .int()
    .min(0)
    .max(MOST_BYTES)
    .default(64 * KIB * KIB)
    .describe('Memory of each process for kept answers.'),
  entry_bytes: z
    .int()
    .min(KIB)
    .max(64 * KIB * KIB)
    .default(KIB * KIB)
    .describe('The largest answer that is kept.'),
  up_to: z.enum(CLASSES).default('internal').describe('Highest class that is kept.'),
  store: z
    .enum(['memory', 'database'])
    .default('memory')
    .describe('`database`: sealed, and shared by all gateways of one database.'),
  per: z
    .enum(['application', 'key'])
    .default('application')
    .describe('Who shares answers: the keys of one team and application, or each key alone.'),
  single_flight: z
    .boolean()
    .default(false)
    .describe('Of equal requests at the same time one is sent; the others wait for its answer.'),
})
