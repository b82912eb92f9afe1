import { matchesGlob } from '#kernel/glob.ts'
import { classRank } from '#kernel/label.ts'
import type { Facts, RefusedCode } from '#kernel/verdict.ts'
import { hasBit, removeBit, type Bits } from './bits.ts'
import { indexOf, namesOf, type CatalogueIndex } from './catalogue-index.ts'
import type { Catalogue } from './document.ts'
import type { Candidate } from './requirement.ts'

/** Whether a key that is limited to these models may ask for this one. `auto` it may: it then means the ones it may use. */
export function mayAskFor(
  requested: string,
  models: readonly string[],
  catalogue: Catalogue,
): boolean {
  if (requested === 'auto') return true
  const { byName, candidates } = indexOf(catalogue)
  const places = byName.get(requested)
  // a name that nobody knows is judged as it stands, so that a limited key cannot ask which models there are
  return places
    ? candidates.some((one, place) => hasBit(places, place) && isNamedBy(models, one))
    : models.some((pattern) => matchesGlob(pattern, requested))
}

/** Keeps the candidates that the caller's key leaves; it comes before the policy, and can only narrow it. */
export function keepWithinKey(allowed: Bits, facts: Facts, { candidates }: CatalogueIndex): void {
  if (!facts.limits) return
  candidates.forEach((one, place) => {
    if (objectionOfKey(facts, one) !== null) removeBit(allowed, place)
  })
}

/** What the caller's key has against a candidate, or null. */
export function objectionOfKey(
  { limits, label }: Pick<Facts, 'limits' | 'label'>,
  candidate: Candidate,
): RefusedCode | null {
  if (!limits) return null
  const { maxClass, models, zones } = limits
  if (maxClass !== null && classRank(label.class) > classRank(maxClass)) return 'class-above-key'
  if (models && !isNamedBy(models, candidate)) return 'model-not-allowed-by-key'
  return zones && !zones.includes(candidate.zone) ? 'zone-not-allowed-by-key' : null
}

const isNamedBy = (patterns: readonly string[], candidate: Candidate): boolean => {
  const names = namesOf(candidate)
  return patterns.some((pattern) => names.some((name) => matchesGlob(pattern, name)))
}
