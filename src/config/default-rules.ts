import { ZONES, type Zone } from '#kernel/destination.ts'
import type { DataClass } from '#kernel/label.ts'
import { expandJurisdictions } from './jurisdictions.ts'
import type { PolicyRule } from '#policy/rule.ts'

/** A rule that names classes and says in which zones they may be. */
interface ZoneRule extends PolicyRule {
  readonly match: { readonly classes: readonly DataClass[] }
  readonly allow: { readonly zones: readonly Zone[]; readonly jurisdictions?: readonly string[] }
}

/** The policy when none is written: sensitive stays home, internal stays in the jurisdictions, public goes anywhere. */
export const defaultRules = (jurisdictions: readonly string[]): readonly ZoneRule[] => [
  {
    id: 'home-only',
    match: { classes: ['restricted', 'confidential'] },
    allow: { zones: ['device', 'on-prem'] },
  },
  {
    id: 'internal-in-jurisdictions',
    match: { classes: ['internal'] },
    allow: { zones: ['device', 'on-prem', 'managed'], jurisdictions },
  },
  { id: 'public-anywhere', match: { classes: ['public'] }, allow: { zones: ZONES } },
]

/** The default policy under the default jurisdictions (the European Union). */
export const DEFAULT_RULES: readonly ZoneRule[] = defaultRules(expandJurisdictions(['EU']))
