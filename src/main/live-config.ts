import { createHash } from 'node:crypto'
import type { Secret } from '#config/secret.ts'
import type { Config } from '#config/types.ts'
import { canonicalJson } from '#kernel/canonical-json.ts'

/** The configuration in force. Whatever is read per request is read here, so that a reload takes effect at once. */
export interface LiveConfig {
  current: Config
}

/** What of a key is looked at: the key itself, or only that there is one. */
type ReadKey = (key: Pick<Secret, 'reveal'> | null | undefined) => unknown

/** What is compared of each part of the configuration, by the name it has in the file; it is never shown. */
const SECTIONS = {
  listen: ({ listen }) => listen,
  hosts: ({ hosts }) => hosts,
  tls: ({ tls }, key) => tls && [tls.cert, key(tls.key)],
  trusted_proxies: ({ trustedProxies }) => trustedProxies,
  floor: ({ floor }) => floor,
  destinations: ({ destinations, credentials, timeouts, destinationLimits, breakers }, key) => [
    destinations,
    [...credentials].map(([id, of]) => [id, key(of)]),
    [...timeouts],
    [...destinationLimits],
    [...breakers],
  ],
  engine: ({ engine }) => engine,
  models: ({ models }, key) => [
    models.needsTwoPersons,
    models.hub,
    key(models.hubToken),
    models.ollamaRegistry,
    models.trustedHouses,
    models.pythonIndex,
    models.registryLogins,
  ],
  'models.recheck': ({ models }) => [models.recheckBeforeLoad, models.recheckMs],
  discover: ({ discover }) => discover,
  limits: ({ limits }) => limits,
  retries: ({ retries }) => retries,
  hedge: ({ hedge }) => hedge,
  database: ({ database }, key) =>
    database && [
      key(database.url),
      database.connections,
      database.tls && [database.tls.ca, database.tls.cert, key(database.tls.key)],
    ],
  evidence: ({ evidence: { anchors, retention, checkpointMs } }, key) => [
    checkpointMs,
    { ...retention, classMs: [...retention.classMs] },
    anchors.map((anchor) => (anchor.kind === 'url' ? [anchor.url, key(anchor.key)] : anchor.path)),
  ],
  content: ({ content }) => content,
  company: ({ company }) => company,
  cache: ({ cache }) => cache,
  quotas: ({ quotas }) => quotas,
  policy: ({ policy, policySource, policyFiles }) => [policy, policySource, policyFiles],
  classes: ({ classes }) => classes,
  prices: ({ prices }) => prices,
  budgets: ({ budgets }) => budgets,
  alerts: ({ alerts }, key) => alerts.webhook && [alerts.webhook, key(alerts.webhook.secret)],
  sign_in: ({ signIn }, key) => [
    signIn.url,
    signIn.providers.map((one) => [
      { ...one, clientSecret: key(one.clientSecret) ?? null },
      [...one.roles],
      [...one.teams],
      [...one.require],
    ]),
  ],
  jwt: ({ tokenIssuers }) => tokenIssuers.map((one) => [one, [...one.roles], [...one.require]]),
  log: ({ log }) => log,
  'telemetry.metrics_key': ({ telemetry }, key) => key(telemetry.metricsKey) ?? null,
  'telemetry.otlp': ({ telemetry: { otlp } }, key) =>
    otlp && [otlp, [...otlp.headers].map(([name, value]) => [name, key(value)])],
} satisfies Readonly<Record<string, (config: Config, key: ReadKey) => unknown>>

type Section = keyof typeof SECTIONS

/** What is fixed when the process starts. */
const AT_START: ReadonlySet<string> = new Set<Section>([
  'listen',
  'tls',
  'trusted_proxies',
  'database',
  'engine',
  'models.recheck',
  'discover',
  'telemetry.otlp',
])

/** What gateways that stand for each other may have otherwise: where each listens, and how it tells of itself. */
const OF_ONE: ReadonlySet<string> = new Set<Section>([
  'listen',
  'tls',
  'database',
  'log',
  'telemetry.metrics_key',
  'telemetry.otlp',
])

/** All that they must have alike, as one text; keys are in it, so it is never shown. */
export const sharedSections = (config: Config): string => {
  // where a policy was read from may differ, what it says may not; models are fetched with the logins of each machine
  const models = { ...config.models, hubToken: null, registryLogins: [] }
  const alike = { ...config, models, policyFiles: [] }
  return JSON.stringify(
    Object.entries(SECTIONS).flatMap(([name, read]) =>
      OF_ONE.has(name) ? [] : [[name, read(alike, (secret) => secret?.reveal())]],
    ),
  )
}

export interface Changes {
  /** Can be in force at once. */
  readonly now: readonly string[]
  /** Wait for the next start. */
  readonly later: readonly string[]
}

/** What differs between two configurations. */
export function changesBetween(before: Config, after: Config): Changes {
  const text = (read: (config: Config, key: ReadKey) => unknown, config: Config): string =>
    JSON.stringify(read(config, (key) => key?.reveal()))
  const changed = Object.entries(SECTIONS)
    .filter(([, read]) => text(read, before) !== text(read, after))
    .map(([section]) => section)
  return {
    now: changed.filter((section) => !AT_START.has(section)),
    later: changed.filter((section) => AT_START.has(section)),
  }
}

/** A configuration by the digests of its sections, without keys, and the digest over them that names it. */
export interface ConfigurationVersion {
  readonly version: string
  readonly sections: Readonly<Record<string, string>>
}

/** Names a configuration: another one has another name, unless only its keys are others. */
export function versionOfConfig(config: Config): ConfigurationVersion {
  const isThere: ReadKey = (key) => (key ? 'set' : null)
  const sections = Object.fromEntries(
    Object.entries(SECTIONS).map(([section, read]) => [
      section,
      digest(JSON.stringify(read(config, isThere))),
    ]),
  )
  return { version: digest(canonicalJson(sections)), sections }
}

const digest = (text: string): string => createHash('sha256').update(text).digest('hex')

/** The new configuration with what the process was started with kept. */
export const withoutRestart = (before: Config, after: Config): Config => ({
  ...after,
  home: before.home,
  listen: before.listen,
  tls: before.tls,
  trustedProxies: before.trustedProxies,
  database: before.database,
  engine: before.engine,
  discover: before.discover,
  telemetry: { ...after.telemetry, otlp: before.telemetry.otlp },
})

/** Whether connections that are open to a destination do not fit the new configuration any more. */
export function needsNewLines(before: Config, after: Config): boolean {
  const next = new Map(after.destinations.map((one) => [one.id, lineText(one.id, after)]))
  return before.destinations.some(({ id }) => next.get(id) !== lineText(id, before))
}

function lineText(id: string, config: Config): string {
  const found = config.destinations.find((one) => one.id === id)
  return JSON.stringify([found?.address, found?.dialect, found?.auth, config.timeouts.get(id)])
}
