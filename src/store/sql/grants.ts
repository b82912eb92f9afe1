import { NO_RESTRICTIONS, type Restrictions } from '#kernel/exchange.ts'
import { ZONES } from '#kernel/destination.ts'
import { CLASSES } from '#kernel/label.ts'
import { GRANTS, type Grant } from '#kernel/permission.ts'

/** Grants as one text, words with spaces between. */
export const grantsText = (grants: readonly Grant[]): string => grants.join(' ')

/** The grants of a text; a word that this version does not know grants nothing. */
export function grantsOf(text: string): readonly Grant[] {
  const words = text.split(' ')
  return GRANTS.filter((grant) => words.includes(grant))
}

/** Restrictions as JSON; null where nothing is narrowed. */
export const restrictionsText = (restrictions: Restrictions): string | null =>
  Object.values(restrictions).every((one) => one === null) ? null : JSON.stringify(restrictions)

/** What nobody could mean: a key whose restrictions cannot be read reaches nothing. */
const NOTHING: Restrictions = {
  models: [],
  surfaces: [],
  maxClass: 'public',
  zones: [],
  addresses: [],
}

/** The restrictions of a text. A field that cannot be read narrows to nothing rather than not at all. */
export function restrictionsOf(text: string | null): Restrictions {
  if (text === null) return NO_RESTRICTIONS
  const read = parsed(text)
  if (typeof read !== 'object' || read === null) return NOTHING
  const fields = new Map<string, unknown>(Object.entries(read))
  const known = new Set(Object.keys(NO_RESTRICTIONS))
  // one that a newer version wrote narrows in a way that is not known here
  if ([...fields.keys()].some((field) => !known.has(field))) return NOTHING
  const maxClass = fields.get('maxClass') ?? null
  return {
    models: words(fields.get('models')),
    surfaces: words(fields.get('surfaces')),
    maxClass: maxClass === null ? null : (CLASSES.find((one) => one === maxClass) ?? 'public'),
    zones: zones(fields.get('zones')),
    addresses: words(fields.get('addresses')),
  }
}

const words = (value: unknown): readonly string[] | null => {
  if (value === null || value === undefined) return null
  return Array.isArray(value) ? value.filter((one) => typeof one === 'string') : []
}

const zones = (value: unknown): Restrictions['zones'] => {
  const named = words(value)
  return named && ZONES.filter((zone) => named.includes(zone))
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
