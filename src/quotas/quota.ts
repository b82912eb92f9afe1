import type { Priority } from '#kernel/priority.ts'
import type { Milliseconds } from '#kernel/units.ts'

/** What a quota can be kept for; the last two are known once a destination is chosen. */
export const DIMENSIONS = [
  'organisation',
  'team',
  'person',
  'application',
  'key',
  'model',
  'destination',
] as const
export type Dimension = (typeof DIMENSIONS)[number]

/** Counted over the window; tokens are estimated on the way in and corrected at the end. */
export const WINDOW_MEASURES = [
  'requests',
  'inputTokens',
  'outputTokens',
  'totalTokens',
  'bytes',
] as const
/** Counted while they last. */
export const OPEN_MEASURES = ['concurrentRequests', 'concurrentStreams'] as const
export const MEASURES = [...WINDOW_MEASURES, ...OPEN_MEASURES] as const
export type WindowMeasure = (typeof WINDOW_MEASURES)[number]
export type OpenMeasure = (typeof OPEN_MEASURES)[number]
export type Measure = (typeof MEASURES)[number]

export const ACTIONS = ['refuse', 'queue'] as const
export type QuotaAction = (typeof ACTIONS)[number]

/** How much one subject gets. */
export interface Quota {
  readonly id: string
  /** The organisation that it was written for; null: the configuration file, which speaks of all. */
  readonly tenant: string | null
  /** Each combination of these has a count of its own; none: one count for all that match. */
  readonly per: readonly Dimension[]
  /** Names, `*` for any run of characters; one of them must fit in each dimension that is named. */
  readonly match: Readonly<Partial<Record<Dimension, readonly string[]>>>
  readonly windowMs: Milliseconds
  readonly limits: Readonly<Partial<Record<Measure, number>>>
  readonly action: QuotaAction
  /** Requests that may wait, of each count. */
  readonly queueLength: number
  readonly maxWaitMs: Milliseconds
  /** The class of those it matches; null: says nothing of it. */
  readonly priority: Priority | null
}

/** Shortest window: a slice of it is still longer than the way to whoever shares it out. */
export const SHORTEST_WINDOW_MS = 1_000
export const LONGEST_WINDOW_MS = 31 * 86_400_000
/** Most quotas that one organisation may have. */
export const MOST_QUOTAS = 100_000

/** Whose request it is; null where there is none. */
export type Subject = Readonly<Record<Dimension, string | null>> & {
  /** What the key is called beside its id. */
  readonly keyName: string | null
}

/** What a request takes of each measure. */
export type Amounts = Readonly<Record<Measure, number>>

const OF_CHOICE: ReadonlySet<Dimension> = new Set(['model', 'destination'])

/** Whether the quota can be looked up only when it is known who will answer. */
export const needsChoice = ({ per, match }: Quota): boolean =>
  per.some((dimension) => OF_CHOICE.has(dimension)) ||
  match.model !== undefined ||
  match.destination !== undefined

const IS_OPEN: ReadonlySet<Measure> = new Set(OPEN_MEASURES)

/** The window that a measure is counted in; 0: counted while it lasts. */
export const windowOf = (quota: Quota, measure: Measure): Milliseconds =>
  IS_OPEN.has(measure) ? 0 : quota.windowMs

/** Between the parts of a count's name; no name of ours holds it, and PostgreSQL keeps it in a text. */
export const SEPARATOR = '\u0001'

/** Names what one quota counts for one subject. */
export function counterKey(quota: Quota, measure: Measure, subject: Subject): string {
  const parts = [quota.tenant ?? '', quota.id, measure, String(windowOf(quota, measure))]
  for (const dimension of quota.per) {
    parts.push((subject[dimension] ?? '').replaceAll(SEPARATOR, '\u0002'))
  }
  return parts.join(SEPARATOR)
}
