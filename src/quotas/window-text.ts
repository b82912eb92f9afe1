import type { Milliseconds } from '#kernel/units.ts'

const UNITS = [
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['m', 60_000],
  ['s', 1_000],
] as const

/** `1m`, `90s`, `24h`; the largest unit that divides it. */
export function windowText(windowMs: Milliseconds): string {
  for (const [unit, ms] of UNITS) if (windowMs % ms === 0) return `${windowMs / ms}${unit}`
  return `${windowMs}ms`
}

/** The milliseconds of `10s`, `1m`, `2h`, `1d`; null for anything else. */
export function windowMsOf(text: string): Milliseconds | null {
  const [, count, unit] = /^([1-9]\d{0,5})([smhd])$/.exec(text) ?? []
  const ms = UNITS.find(([name]) => name === unit)?.[1]
  return count === undefined || ms === undefined ? null : Number(count) * ms
}
