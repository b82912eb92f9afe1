import { ZONES } from '#kernel/destination.ts'
import { expandJurisdictions } from './jurisdictions.ts'
import type { PolicyRule } from '#policy/rule.ts'

/** The policy when none is written: sensitive stays home, internal stays in the jurisdictions, public goes anywhere. */
export const defaultRules = (jurisdictions: readonly string[]): readonly PolicyRule[] => [
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
export const DEFAULT_RULES: readonly PolicyRule[] = defaultRules(expandJurisdictions(['EU']))
