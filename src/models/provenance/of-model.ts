import { findFamily } from '../catalogue/find-family.ts'
import type { UsedDataSet } from '../data-sets/data-sets-of.ts'
import { provenanceOf, type Provenance } from './provenance.ts'

/** The provenance of one model by its name: its own, and that of what it was made from. */
export interface ModelProvenance {
  readonly name: string
  /** Null: it is in no catalogue, and what it was tuned on is unknown. */
  readonly own: Provenance | null
  /** What an adapter or a tuned model was made from, as its files say; null where nothing is known of that either. */
  readonly bases: readonly { readonly name: string; readonly provenance: Provenance | null }[]
  /** Registered data sets of the company that it was made or measured with; null: they were not looked at. */
  readonly dataSets: readonly UsedDataSet[] | null
}

/** Null when nothing at all is known of the name. A base that is of the same family says nothing new. */
export function provenanceOfModel(
  name: string,
  bases: readonly string[] = [],
  dataSets: readonly UsedDataSet[] | null = null,
): ModelProvenance | null {
  const family = findFamily(name)
  const others = [...new Set(bases)].flatMap((base) => {
    const found = findFamily(base)
    if (found !== null && found.id === family?.id) return []
    return [{ name: base, provenance: found && provenanceOf(found) }]
  })
  if (family === null && others.length === 0 && !dataSets?.length) return null
  return { name, own: family && provenanceOf(family), bases: others, dataSets }
}
