import { setTimeout as wait } from 'node:timers/promises'
import type { Clock } from '#kernel/ports.ts'
import type { Health } from '#kernel/verdict.ts'
import type { House } from '#pipeline/ports.ts'
import { createTraffic, type MeasuredTraffic } from '#providers/health/traffic.ts'
import type { Config } from '#config/types.ts'
import type { LiveConfig } from './live-config.ts'
import { breakerFor, budgetFor, limitsFor } from './traffic-settings.ts'

/** What the pipeline needs to try again well, for one of so many processes that serve together. */
export function resilience(
  now: Clock,
  live: LiveConfig,
  workers: number,
): Pick<House, 'sleep' | 'random' | 'trying'> & { readonly traffic: MeasuredTraffic } {
  const config = (): Config => live.current
  const sleep: House['sleep'] = (ms, signal) =>
    wait(ms, undefined, { signal }).catch(() => undefined)
  const traffic = createTraffic({
    // set back, a calendar would keep what failed away for as long
    clock: now,
    random: Math.random,
    sleep,
    limitsOf: (destination) => limitsFor(config(), destination, workers),
    breakerOf: (destination) => breakerFor(config(), destination),
    budget: () => budgetFor(config()),
  })
  const trying = (): ReturnType<House['trying']> => {
    const { retries, hedge } = config()
    return { attempts: retries.attempts, hedge }
  }
  return { traffic, sleep, random: Math.random, trying }
}

/** Both views of health in one: a destination is ready when it says so itself and none of its answers spoke against it. */
export function bothHealths(seen: Health, told: Health): Health {
  if (Object.keys(seen).length === 0) return told
  const unready = Object.entries(told).filter(([, state]) => state !== 'ready')
  return { ...told, ...seen, ...Object.fromEntries(unready) }
}
