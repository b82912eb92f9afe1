import type { Facts, Figures, Measured } from '#kernel/verdict.ts'
import type { Bits } from './bits.ts'
import { eachBit, removeBit } from './bits.ts'
import type { CatalogueIndex } from './catalogue-index.ts'
import type { Candidate } from './requirement.ts'
import { placeName, preferencesOf } from './preference.ts'
import type { Catalogue, Policy } from './document.ts'
import type { RecordedLatency } from './replay.ts'
import type { PolicyRule } from './rule.ts'

/** How soon an answer must begin, and who says so. */
export interface LatencyNeed {
  readonly withinMs: number
  /** Id of the rule, or the header. */
  readonly rule: string
}

/** The shortest time that the caller or a rule that speaks asks for; null: nobody does. */
export function latencyNeed(
  { maxLatencyMs }: Facts,
  rules: readonly PolicyRule[],
  speaking: readonly number[],
): LatencyNeed | null {
  let need: LatencyNeed | null =
    maxLatencyMs === undefined ? null : { withinMs: maxLatencyMs, rule: 'x-ecluse-max-latency-ms' }
  for (const place of speaking) {
    const rule = rules[place]
    const withinMs = rule?.allow?.startWithinMs
    if (rule && withinMs !== undefined && withinMs < (need?.withinMs ?? Infinity))
      need = { withinMs, rule: rule.id }
  }
  return need
}

/** Whether a place has taken longer of late. One where nothing was measured has not: it could never be measured. */
export const isTooSlow = (
  candidate: Candidate,
  { withinMs }: LatencyNeed,
  { measured }: Facts,
): boolean => (measured?.[placeName(candidate)]?.firstByteMs ?? 0) > withinMs

export function keepFastEnough(
  allowed: Bits,
  need: LatencyNeed,
  facts: Facts,
  { names }: CatalogueIndex,
): void {
  const { measured } = facts
  if (!measured) return
  const times = firstBytes(measured, names)
  eachBit(allowed, (place) => {
    if ((times[place] ?? 0) > need.withinMs) removeBit(allowed, place)
  })
}

const timesOf = new WeakMap<
  Measured,
  { readonly names: readonly string[]; readonly times: Float64Array }
>()

/** Milliseconds to the first byte by place; 0 where nothing was measured. */
function firstBytes(measured: Measured, names: readonly string[]): Float64Array {
  const known = timesOf.get(measured)
  if (known?.names === names) return known.times
  const times = Float64Array.from(names, (name) => measured[name]?.firstByteMs ?? 0)
  timesOf.set(measured, { names, times })
  return times
}

const using = new WeakMap<Policy, boolean>()

/** Whether a policy looks at what was measured: otherwise nobody has to gather it. */
export function usesMeasured(policy: Policy): boolean {
  const known = using.get(policy)
  if (known !== undefined) return known
  const isUsed =
    policy.rules.some(({ allow }) => allow?.startWithinMs !== undefined) ||
    preferencesOf(policy.prefer ?? []).some((one) => one === 'first-token' || one === 'throughput')
  using.set(policy, isUsed)
  return isUsed
}

/** What was measured at the places of a catalogue. */
export function measuredFigures(
  { destinations }: Catalogue,
  measured: (destination: string, model: string) => Figures | null,
): Measured {
  const figures: Record<string, Figures> = {}
  for (const { id, models } of destinations) {
    for (const { name } of models) {
      const found = measured(id, name)
      // whole, as the evidence has it
      if (found) figures[`${id}/${name}`] = { ...found, firstByteMs: Math.round(found.firstByteMs) }
    }
  }
  return figures
}

/** How long measurements serve as they were read: what was measured of late does not change in a moment. */
const SNAPSHOT_MS = 100

interface Snapshot {
  readonly catalogue: Catalogue
  readonly at: number
  readonly figures: Measured
}
const snapshots = new WeakMap<(destination: string, model: string) => Figures | null, Snapshot>()

/** The same for all requests of a moment, so that what is made of it is made once. */
export function measuredLately(
  catalogue: Catalogue,
  measured: (destination: string, model: string) => Figures | null,
  now: number,
): Measured {
  const known = snapshots.get(measured)
  const isFresh = known?.catalogue === catalogue && now >= known.at && now < known.at + SNAPSHOT_MS
  if (known && isFresh) return known.figures
  const figures = measuredFigures(catalogue, measured)
  snapshots.set(measured, { catalogue, at: now, figures })
  return figures
}

/** What the evidence says of time, where time had a say: the figures of the places that were or could be asked. */
export function recordedLatency(
  { maxLatencyMs, measured = {} }: Facts,
  { rules }: Pick<Policy, 'rules'>,
): RecordedLatency | null {
  const isAsked =
    maxLatencyMs !== undefined || rules.some(({ allow }) => allow?.startWithinMs !== undefined)
  if (!isAsked) return null
  const times = Object.entries(measured).map(([place, { firstByteMs }]) => [place, firstByteMs])
  return { asked: maxLatencyMs ?? null, measured: Object.fromEntries(times) }
}
