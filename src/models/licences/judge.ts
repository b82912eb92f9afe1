import { holds, type LicensedModel } from './holds.ts'
import type { Condition, Licence } from './licence.ts'
import type { CompanyProfile } from './profile.ts'
import type { Recognised } from './recognise.ts'

/** From best to worst. */
export const LICENCE_VERDICTS = ['allow', 'allow-with-duties', 'needs-legal', 'block'] as const
export type LicenceVerdict = (typeof LICENCE_VERDICTS)[number]

/** A condition and what it means for this company. */
export interface Judged {
  readonly licence: string
  readonly condition: Condition
  /** What the company has not said about itself, and must for an answer. */
  readonly missing: readonly string[]
}

/** What a licence means for a company. */
export interface Judgement {
  readonly verdict: LicenceVerdict
  /** Conditions that hold now, by what they do. */
  readonly blocking: readonly Judged[]
  readonly legal: readonly Judged[]
  readonly duties: readonly Judged[]
  /** Conditions that would hold if something changed, or some event came. */
  readonly later: readonly Judged[]
  /** Stable codes of what else made it so. */
  readonly reasons: readonly ('licence-unknown' | 'text-resembles-only' | 'tag-contradicts-text')[]
}

/** A licence of a model, as its text, or only a tag, says. */
export interface LicenceClaim {
  /** From the text; null where there is none. */
  readonly text: Recognised | null
  /** What the model's own metadata says; null where it says nothing. */
  readonly tag: Licence | null
}

/**
 * Judges the licences of a model (its own, and those of the models it was made from) against a company. The text decides;
 * a tag without a text is taken at its word where it is known, and one that contradicts the text asks a lawyer.
 */
export function judge(
  claims: readonly LicenceClaim[],
  profile: CompanyProfile,
  model: LicensedModel,
): Judgement {
  const sorted = {
    blocking: [] as Judged[],
    legal: [] as Judged[],
    duties: [] as Judged[],
    later: [] as Judged[],
  }
  const reasons = new Set<Judgement['reasons'][number]>()
  // a model under the licence of what it was made from asks everything once
  const seen = new Set<Condition>()
  for (const claim of claims) {
    const { licence, doubts } = licenceOf(claim)
    for (const doubt of doubts) reasons.add(doubt)
    for (const condition of licence?.conditions ?? []) {
      if (seen.has(condition)) continue
      seen.add(condition)
      const held = holds(condition, profile, model)
      const missing = typeof held === 'object' ? held.unknown : []
      const judged: Judged = { licence: licence?.id ?? '', condition, missing }
      if (held === 'later') sorted.later.push(judged)
      else if (missing.length > 0 && condition.effect !== 'duty') sorted.legal.push(judged)
      else if (held !== 'no') sorted[PLACE[condition.effect]].push(judged)
    }
  }
  if (claims.length === 0) reasons.add('licence-unknown')
  return { verdict: worst(sorted, reasons.size > 0), ...sorted, reasons: [...reasons] }
}

const PLACE = { duty: 'duties', block: 'blocking', 'needs-legal': 'legal' } as const

function worst(
  { blocking, legal, duties }: Pick<Judgement, 'blocking' | 'legal' | 'duties'>,
  isDoubtful: boolean,
): LicenceVerdict {
  if (blocking.length > 0) return 'block'
  if (legal.length > 0 || isDoubtful) return 'needs-legal'
  return duties.length > 0 ? 'allow-with-duties' : 'allow'
}

function licenceOf({ text, tag }: LicenceClaim): {
  readonly licence: Licence | null
  readonly doubts: readonly Judgement['reasons'][number][]
} {
  if (text === null) return { licence: tag, doubts: tag === null ? ['licence-unknown'] : [] }
  if (text.kind === 'unknown') return { licence: tag, doubts: ['licence-unknown'] }
  const doubts: Judgement['reasons'][number][] = []
  if (text.kind === 'resembles') doubts.push('text-resembles-only')
  if (tag !== null && tag.id !== text.licence.id) doubts.push('tag-contradicts-text')
  return { licence: text.licence, doubts }
}
