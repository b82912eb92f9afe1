import { companyOf } from './company-section.ts'
import type { CacheSettings } from '#caches/settings.ts'
import { pricesOf } from './budget-sections.ts'
import { classEdits } from './classes-section.ts'
import type { ConfiguredDestinations } from './configured-destinations.ts'
import { environmentVendors } from './environment-keys.ts'
import { expandJurisdictions } from './jurisdictions.ts'
import { parseListen } from './listen-address.ts'
import type { Overrides } from './overrides.ts'
import { modelsOf } from './models-section.ts'
import type { Reading } from './reading.ts'
import { quotaOf } from './quotas-section.ts'
import { hedgeOf, retriesOf } from './resilience-sections.ts'
import type { GatheredPolicy } from './policy-document.ts'
import { settledPolicy } from './policy-section.ts'
import type { FileConfig } from './schema.ts'
import type { Secret } from './secret.ts'
import type { Config, EngineSettings } from './types.ts'

/** What needs no check of its own any more. */
type Settled = Omit<
  Config,
  | 'tls'
  | 'floor'
  | 'telemetry'
  | 'budgets'
  | 'alerts'
  | 'database'
  | 'evidence'
  | 'signIn'
  | 'tokenIssuers'
  | 'bootstrapKey'
  | 'masterKey'
  | 'warnings'
>

/** What was read with checks of its own. */
interface SettledBefore {
  readonly served: ConfiguredDestinations
  readonly policy: GatheredPolicy
  readonly hubToken: Secret | null
}

/** A file of the right shape, under its overrides, in the names of the rest of the house. */
export function settle(
  file: FileConfig,
  reading: Reading,
  overrides: Overrides,
  { served, policy, hubToken }: SettledBefore,
): Settled {
  const discover = overrides.discover?.value ?? file.discover
  const listed = environmentVendors(discover ? reading.env : {}, served.destinations)
  const jurisdictions = expandJurisdictions(file.jurisdictions)
  const listen = parseListen(overrides.listen?.value ?? file.listen)
  return {
    home: reading.location.home,
    listen: listen ?? { host: '127.0.0.1', port: 4141 },
    hosts: file.hosts.map((host) => host.toLowerCase()),
    trustedProxies: file.trusted_proxies,
    profile: overrides.profile?.value ?? file.profile,
    jurisdictions,
    destinations: [...served.destinations, ...listed.destinations],
    credentials: new Map([...served.credentials, ...listed.credentials]),
    vendorVariables: listed.variables,
    timeouts: served.timeouts,
    destinationLimits: served.limits,
    breakers: served.breakers,
    engine: engineOf(file.engine),
    models: modelsOf(file.models, hubToken, reading),
    discover,
    limits: {
      bodyBytes: file.limits.body_bytes,
      depth: file.limits.depth,
      drainMs: Math.round(file.limits.drain_seconds * 1000),
    },
    retries: retriesOf(file.retries),
    hedge: hedgeOf(file.hedge),
    quotas: file.quotas.map((row) => quotaOf(row, null)),
    policy: settledPolicy(policy.policy, jurisdictions),
    policySource: file.policy.source,
    policyFiles: policy.files,
    classes: classEdits(file.classes),
    prices: pricesOf(file.prices),
    company: companyOf(file.company),
    content: {
      keep: file.content.keep,
      per: file.content.per,
      upTo: file.content.up_to,
      keepMs: file.content.days * 86_400_000,
    },
    cache: cacheOf(file.cache),
    log: { level: overrides.logLevel?.value ?? file.log.level },
  }
}

const cacheOf = (cache: FileConfig['cache']): CacheSettings => ({
  exact: cache.exact,
  semantic: cache.semantic ?? null,
  ttlMs: cache.ttl_seconds * 1000,
  bytes: cache.bytes,
  entryBytes: cache.entry_bytes,
  upTo: cache.up_to,
  store: cache.store,
  per: cache.per,
  singleFlight: cache.single_flight,
})

const engineOf = (engine: FileConfig['engine']): EngineSettings => ({
  enabled: engine.enabled,
  model: engine.model,
  context: engine.context,
  parallel: engine.parallel,
  queue: engine.queue,
  maxLoaded: engine.max_loaded,
  threads: engine.threads ?? null,
})
