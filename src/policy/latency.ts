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
  eachBit(allowed, (place) => {
    if ((measured[names[place] ?? '']?.firstByteMs ?? 0) > need.withinMs) removeBit(allowed, place)
  })
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
