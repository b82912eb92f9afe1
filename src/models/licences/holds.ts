import type { Condition } from './licence.ts'
import { isIn, type CompanyProfile } from './profile.ts'

/** What of a model decides about conditions. */
export interface LicensedModel {
  /** Null: not known. */
  readonly modalities: readonly string[] | null
  /** Whether the company made it out of another one. */
  readonly isDerived: boolean
}

/** Whether a condition applies now; `unknown` names what the company has not said. */
export type Holds =
  | 'yes'
  | 'no'
  | 'later'
  | { readonly unknown: readonly (keyof CompanyProfile | 'modalities')[] }

/**
 * Whether what a condition speaks of is so. `later`: not now, by what the company says of itself or because it speaks of
 * an event; it is to be remembered.
 */
export function holds(condition: Condition, profile: CompanyProfile, model: LicensedModel): Holds {
  const { kind, op, threshold } = condition
  switch (kind) {
    case 'mau':
    case 'revenue':
      return crosses(condition, profile)
    case 'territory':
      return op === 'in' ? territory(condition, profile, model) : 'yes'
    case 'non-commercial':
      return profile.commercial === false ? 'no' : 'yes'
    case 'registration':
      return condition.subject === 'derivative' ? derived(model) : commercially(profile)
    case 'hosting':
      if (condition.subject === 'commercial entity') return commercially(profile)
      return told(profile, 'offersModels')
    case 'naming':
      return typeof threshold === 'object' && threshold !== null
        ? crosses(condition, profile)
        : shown(condition, profile)
    case 'attribution':
    case 'notice':
    case 'share-alike':
      return shown(condition, profile)
    case 'derivatives':
      return model.isDerived ? told(profile, 'distributes') : 'later'
    case 'output-training':
      return told(profile, 'trainsOnOutputs')
    case 'sector':
      if (op !== 'in') return 'later'
      return told(profile, 'publicBody')
    case 'aup':
      // "no such use" binds from the first day; whether it is broken is no figure of the company
      if (op === 'forbid') return 'later'
      return condition.subject === 'distribution' ? shown(condition, profile) : 'yes'
    case 'termination':
      return 'later'
  }
}

function crosses({ op, threshold, measuredAt, kind }: Condition, profile: CompanyProfile): Holds {
  const limits =
    typeof threshold === 'object' && threshold !== null ? Object.entries(threshold) : []
  const single = typeof threshold === 'number' ? [[kind, threshold] as const] : []
  const unknown: (keyof CompanyProfile)[] = []
  for (const [measure, limit] of [...limits, ...single]) {
    const field = fieldOf(measure, measuredAt ?? '')
    const value = profile[field]
    if (typeof value !== 'number') unknown.push(field)
    else if (value > Number(limit) || (op === '>=' && value === Number(limit))) return 'yes'
  }
  return unknown.length > 0 ? { unknown } : 'no'
}

/** Which figure of the company a threshold speaks of. */
function fieldOf(measure: string, measuredAt: string): keyof CompanyProfile {
  if (measure === 'mau') return 'monthlyUsers'
  if (measure.startsWith('annual')) return 'annualRevenueUsd'
  if (measure === 'monthlyRevenue') return 'monthlyRevenueUsd'
  return /preceding month|^monthly/.test(measuredAt) ? 'monthlyRevenueUsd' : 'annualRevenueUsd'
}

function territory(
  { threshold, measuredAt }: Condition,
  profile: CompanyProfile,
  model: LicensedModel,
): Holds {
  const places = Array.isArray(threshold) ? threshold : []
  const isOnlyMultimodal = measuredAt?.includes('multimodal') === true
  const { modalities } = model
  const isKnown = modalities !== null && modalities.length > 0
  if (isOnlyMultimodal && isKnown && modalities.every((one) => one === 'text')) return 'no'
  if (profile.country === undefined) return { unknown: ['country'] }
  if (!isIn(profile.country, places)) return 'no'
  return isOnlyMultimodal && !isKnown ? { unknown: ['modalities'] } : 'yes'
}

const commercially = (profile: CompanyProfile): Holds =>
  profile.commercial === false ? 'no' : 'yes'

const derived = (model: LicensedModel): Holds => (model.isDerived ? 'yes' : 'later')

/** What the company has said about one of its uses. */
function told(
  profile: CompanyProfile,
  field: 'offersModels' | 'trainsOnOutputs' | 'publicBody' | 'distributes',
): Holds {
  const value = profile[field]
  if (value === undefined) return { unknown: [field] }
  return value ? 'yes' : 'later'
}

/** Duties towards people outside: of a copy handed out, or of a product that shows what the model does. */
function shown({ op, subject, countsHosting }: Condition, profile: CompanyProfile): Holds {
  if (op === 'must') return 'yes'
  if (/distribution|modified|derived|adapted|data|source/.test(subject)) {
    if (countsHosting === true && profile.offersModels === true) return 'yes'
    if (profile.distributes === undefined) return 'later'
    return profile.distributes ? 'yes' : 'later'
  }
  return profile.use === 'internal' ? 'later' : 'yes'
}
