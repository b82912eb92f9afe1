import type { Explanation } from '../../../api/explain.ts'
import type { DestinationStatus } from '../../../api/status.ts'
import { ZONES } from '../../../api/words.ts'
import type { Zone } from '../../../api/words.ts'

/** chosen: the text would go here. open: it may. closed: every destination here refused it. empty: nothing runs here. */
export type Water = 'chosen' | 'open' | 'closed' | 'empty'

export interface Basin {
  readonly zone: Zone
  readonly water: Water
}

type Verdict = Pick<Explanation, 'chosen' | 'allowed' | 'refused'>

/** The four zones in order of distance, and whether the text would be let into each. */
export function basins(
  verdict: Verdict,
  destinations: readonly DestinationStatus[],
): readonly Basin[] {
  const refusedZones = new Set(verdict.refused.map((refused) => zoneOf(refused, destinations)))
  return ZONES.map((zone) => {
    if (verdict.chosen?.zone === zone) return { zone, water: 'chosen' }
    if (verdict.allowed.some((place) => place.zone === zone)) return { zone, water: 'open' }
    return { zone, water: refusedZones.has(zone) ? 'closed' : 'empty' }
  })
}

/** A refusal names no zone: the destination's own list tells it, model by model. */
function zoneOf(
  refused: { readonly destination: string; readonly model: string },
  destinations: readonly DestinationStatus[],
): Zone | null {
  const destination = destinations.find(({ id }) => id === refused.destination)
  const model = destination?.models.find(({ name }) => name === refused.model)
  return model?.zone ?? destination?.zone ?? null
}
