import type { Reason } from '#kernel/label.ts'
import type { Scan } from './scan.ts'

/** Below this a finding is not worth saying. */
export const LOW = 0.45
export const MEDIUM = 0.65
export const HIGH = 0.85

/** Words that make a number an order, a parcel or a version rather than an identifier of someone. */
export const NEGATIVE_GROUP = 'negative'

/** Evidence about one candidate. */
export interface Evidence {
  readonly base: number
  /** strong: one random number in 97 or fewer passes; weak: one in 10 or 11. */
  readonly check?: { readonly name: string; readonly odds: 'strong' | 'weak' }
  /** Group of the words that speak for this type. */
  readonly context?: string
  readonly distance?: number
  readonly bonus?: number
}

/** The score of a candidate and why, by the additive model: checks, whole words within reach, the field's own name, and words that speak against. */
export function weigh(
  scan: Scan,
  start: number,
  end: number,
  evidence: Evidence,
): { confidence: number; because: Reason[]; keyword: boolean } {
  const because: Reason[] = []
  let score = evidence.base + (evidence.bonus ?? 0)
  if (evidence.check === undefined) because.push({ kind: 'shape' })
  else {
    because.push({ kind: 'checksum', name: evidence.check.name })
    score = evidence.check.odds === 'strong' ? Math.max(score, HIGH) : score + 0.25
  }
  const group = evidence.context
  const key = group === undefined ? undefined : scan.inKey(group)
  const word =
    group === undefined ? undefined : scan.near(group, start, end, evidence.distance ?? undefined)
  if (key !== undefined) because.push({ kind: 'key', key })
  else if (word !== undefined) because.push({ kind: 'keyword', keyword: word })
  if (key !== undefined) score += 0.4
  else if (word !== undefined) score += 0.35
  else if (spokenAgainst(scan, start)) score -= 0.4
  const confidence = Math.round(Math.min(0.99, Math.max(0, score)) * 100) / 100
  return { confidence, because, keyword: (key ?? word) !== undefined }
}

/** Whether a word such as "order" or "tracking" stands shortly before. */
export const spokenAgainst = (scan: Scan, start: number): boolean =>
  scan.hits(NEGATIVE_GROUP).within(start - 30, start) >= 0
