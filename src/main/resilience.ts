import { setTimeout as wait } from 'node:timers/promises'
import type { Clock } from '#kernel/ports.ts'
import type { Health } from '#kernel/verdict.ts'
import type { House } from '#pipeline/ports.ts'
import { createTraffic, type MeasuredTraffic } from '#providers/health/traffic.ts'

/** What the pipeline needs to try again well, for one process. */
export const resilience = (
  clock: Clock,
): Pick<House, 'sleep' | 'random'> & { readonly traffic: MeasuredTraffic } => ({
  traffic: createTraffic({ clock, random: Math.random }),
  sleep: (ms, signal) => wait(ms, undefined, { signal }).catch(() => undefined),
  random: Math.random,
})

/** Both views of health in one: a destination is ready when it says so itself and none of its answers spoke against it. */
export function bothHealths(seen: Health, told: Health): Health {
  if (Object.keys(seen).length === 0) return told
  const unready = Object.entries(told).filter(([, state]) => state !== 'ready')
  return { ...told, ...seen, ...Object.fromEntries(unready) }
}
