import { isOwnZone, type Destination } from '#kernel/destination.ts'
import type { PoliciesInForce } from '#policy/in-force.ts'
import type { Config } from '#config/types.ts'
import { reportedEngine } from '#providers/discover/engine-version.ts'
import { bundledLlama } from './bundled-engine.ts'
import { watchEngines, type EngineWatch } from './engine-watch.ts'
import { homePaths } from './home-paths.ts'
import type { HouseParts } from './house.ts'
import type { LiveConfig } from './live-config.ts'
import type { PolicyKeeper } from './policy-keeper.ts'

/** Watches the engines of a house: on board, configured and discovered. */
export function engineWatchOf(
  { core, engine, discovered, log, inForce }: HouseParts,
  live: LiveConfig,
  policies: PolicyKeeper,
  changed: () => Promise<void>,
): EngineWatch {
  return watchEngines({
    folder: homePaths(live.current.home).vulnerabilities,
    destinations: () => {
      const board = engine.destination()
      return [...live.current.destinations, ...discovered, ...(board ? [board] : [])]
    },
    policies: policies.current,
    ask: askWith(() => live.current),
    bundled: bundledLlama,
    // only those who serve decide anything: a command looks, and tells nothing
    ...(inForce ? { record: async (event) => (await core.houseEvent(event)).ok } : {}),
    changed,
    log,
  })
}

const askWith =
  (config: () => Config) =>
  (destination: Destination): ReturnType<typeof reportedEngine> =>
    isOwnZone(destination.zone)
      ? reportedEngine(destination, config().credentials.get(destination.id)?.reveal() ?? null)
      : Promise.resolve(null)

/** What is known against the engines now, for a command that decides without a gateway. */
export async function ratedOnce(
  config: Config,
  destinations: readonly Destination[],
  policies: PoliciesInForce,
): Promise<EngineWatch['rated']> {
  const watch = watchEngines({
    folder: homePaths(config.home).vulnerabilities,
    destinations: () => destinations,
    policies: () => policies,
    ask: askWith(() => config),
    bundled: bundledLlama,
    changed: () => Promise.resolve(),
    log: () => {},
  })
  await watch.tick()
  await watch.close()
  return watch.rated
}
