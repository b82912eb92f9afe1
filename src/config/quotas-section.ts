import { z } from 'zod'
import { PRIORITIES } from '#kernel/priority.ts'
import {
  ACTIONS,
  DIMENSIONS,
  LONGEST_WINDOW_MS,
  SHORTEST_WINDOW_MS,
  type Dimension,
  type Measure,
  type Quota,
} from '#quotas/quota.ts'
import { windowMsOf, windowText } from '#quotas/window-text.ts'

const HOUR_MS = 3_600_000
const DEFAULT_QUEUE = 100
const DEFAULT_WAIT_MS = 30_000

/** The measures by their names in the file. */
export const MEASURE_KEYS = {
  requests: 'requests',
  input_tokens: 'inputTokens',
  output_tokens: 'outputTokens',
  total_tokens: 'totalTokens',
  bytes: 'bytes',
  concurrent: 'concurrentRequests',
  streams: 'concurrentStreams',
} as const satisfies Readonly<Record<string, Measure>>

const Amount = z.int().min(1).max(Number.MAX_SAFE_INTEGER).optional()
const Name = z.string().regex(/^[^\p{C}]{1,200}$/u, { error: 'one-line' })
const Names = z.array(Name).min(1).max(1_000).optional()

/** `key`, `key+model`; null where a part is no dimension or comes twice. */
export function dimensionsOf(text: string): readonly Dimension[] | null {
  const parts = text === '' ? [] : text.split('+').map((part) => part.trim())
  const known = parts.flatMap((part) => DIMENSIONS.filter((name) => name === part))
  return known.length === parts.length && new Set(known).size === known.length ? known : null
}

const isWindow = (text: string): boolean => {
  const ms = windowMsOf(text)
  return ms !== null && ms >= SHORTEST_WINDOW_MS && ms <= LONGEST_WINDOW_MS
}

/** One row of `quotas`; the admin API takes the same. */
export const QuotaRow = z.strictObject({
  id: z
    .string()
    .regex(/^[a-z0-9][a-z0-9._-]{0,63}$/, { error: 'identifier' })
    .describe('Named in refusals and headers.'),
  per: z
    .string()
    .refine((text) => dimensionsOf(text) !== null, { params: { expected: 'dimensions' } })
    .default('')
    .describe('Each of these has a count of its own: `key`, `key+model`; one for all when absent.'),
  match: z
    .strictObject({
      organisation: Names,
      team: Names,
      person: Names,
      application: Names,
      key: Names,
      model: Names,
      destination: Names,
    })
    .default({})
    .describe('Whom it is for: names, or patterns with `*`; everybody when absent.'),
  window: z
    .string()
    .refine(isWindow, { params: { expected: 'window' } })
    .default('1m')
    .describe('Any stretch of this length: `10s`, `1m`, `1h`, `1d`.'),
  requests: Amount,
  input_tokens: Amount,
  output_tokens: Amount,
  total_tokens: Amount,
  bytes: Amount.describe('Of requests and answers.'),
  concurrent: Amount.describe('Requests at the same time.'),
  streams: Amount.describe('Streamed answers at the same time.'),
  action: z
    .enum(ACTIONS)
    .default('refuse')
    .describe('queue: who comes too early waits in line instead of being refused.'),
  queue: z.int().min(0).max(10_000).default(DEFAULT_QUEUE).describe('Requests that may wait.'),
  max_wait_ms: z.int().min(1).max(HOUR_MS).default(DEFAULT_WAIT_MS).describe('Longest wait.'),
  priority: z
    .enum(PRIORITIES)
    .optional()
    .describe('The class in line of those it matches: people, the usual, or batch work.'),
})
export type QuotaRow = z.infer<typeof QuotaRow>

export const Quotas = z.array(QuotaRow).max(10_000)

/** A quota that limits nothing and orders nobody is a mistake. */
export const saysSomething = (row: Readonly<Record<string, unknown>>): boolean =>
  row['priority'] !== undefined || Object.keys(MEASURE_KEYS).some((key) => row[key] !== undefined)

/** A row in the words of the house; `tenant` is null for the file. */
export function quotaOf(row: QuotaRow, tenant: string | null): Quota {
  const limits: Partial<Record<Measure, number>> = {}
  for (const [key, measure] of Object.entries(MEASURE_KEYS)) {
    const limit = row[key as keyof typeof MEASURE_KEYS]
    if (limit !== undefined) limits[measure] = limit
  }
  return {
    id: row.id,
    tenant,
    per: dimensionsOf(row.per) ?? [],
    match: matchOf(row.match),
    windowMs: windowMsOf(row.window) ?? SHORTEST_WINDOW_MS,
    limits,
    action: row.action,
    queueLength: row.queue,
    maxWaitMs: row.max_wait_ms,
    priority: row.priority ?? null,
  }
}

function matchOf(row: QuotaRow['match']): Quota['match'] {
  const match: Partial<Record<Dimension, readonly string[]>> = {}
  for (const dimension of DIMENSIONS) {
    const names = row[dimension]
    if (names !== undefined) match[dimension] = names
  }
  return match
}

/** The row of a quota, as the file and the admin API have it. */
export function rowOf(quota: Quota): Record<string, unknown> {
  const limits = Object.entries(MEASURE_KEYS).flatMap(([key, measure]) =>
    quota.limits[measure] === undefined ? [] : [[key, quota.limits[measure]] as const],
  )
  return {
    id: quota.id,
    per: quota.per.join('+'),
    match: quota.match,
    window: windowText(quota.windowMs),
    ...Object.fromEntries(limits),
    action: quota.action,
    queue: quota.queueLength,
    max_wait_ms: quota.maxWaitMs,
    ...(quota.priority === null ? {} : { priority: quota.priority }),
  }
}
