import type { Milliseconds } from '#kernel/units.ts'
import type { Measure } from './quota.ts'

/** One limit as the caller is told of it. */
export interface ToldLimit {
  readonly quota: string
  readonly measure: Measure
  readonly limit: number
  readonly remaining: number
  /** Until all of it is free again. */
  readonly resetMs: Milliseconds
}

/** Of each kind the limit that binds: the one of which the smallest share is left. */
export interface ToldLimits {
  readonly requests?: ToldLimit
  readonly tokens?: ToldLimit
  readonly inputTokens?: ToldLimit
  readonly outputTokens?: ToldLimit
  /** Of all, whatever they count. */
  readonly binding: ToldLimit
}

type Kind = 'requests' | 'tokens' | 'inputTokens' | 'outputTokens'

/** The headers that a measure is told in; what is not requests or tokens has none. */
const KINDS: Readonly<Record<Measure, readonly Kind[]>> = {
  requests: ['requests'],
  inputTokens: ['inputTokens', 'tokens'],
  outputTokens: ['outputTokens', 'tokens'],
  totalTokens: ['tokens'],
  bytes: [],
  concurrentRequests: [],
  concurrentStreams: [],
}

/** Picks the limits that bind; null when there are none. */
export function tellLimits(limits: readonly ToldLimit[]): ToldLimits | null {
  let binding: ToldLimit | null = null
  const told: Partial<Record<Kind, ToldLimit>> = {}
  for (const one of limits) {
    if (!binding || isTighter(one, binding)) binding = one
    for (const kind of KINDS[one.measure]) {
      const other = told[kind]
      if (!other || isTighter(one, other)) told[kind] = one
    }
  }
  return binding && { ...told, binding }
}

/** The smaller share left; of equal ones the smaller number. */
function isTighter(a: ToldLimit, b: ToldLimit): boolean {
  const [left, right] = [a.remaining * b.limit, b.remaining * a.limit]
  return left < right || (left === right && a.remaining < b.remaining)
}
