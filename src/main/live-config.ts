import type { Config } from '#config/types.ts'

/** The configuration in force. Whatever is read per request is read here, so that a reload takes effect at once. */
export interface LiveConfig {
  current: Config
}

/** What is compared of each part of the configuration, by the name it has in the file; keys are in it, so it is never shown. */
const SECTIONS = {
  listen: ({ listen }) => listen,
  hosts: ({ hosts }) => hosts,
  tls: ({ tls }) => tls && [tls.cert, tls.key.reveal()],
  trusted_proxies: ({ trustedProxies }) => trustedProxies,
  floor: ({ floor }) => floor,
  destinations: ({ destinations, credentials, timeouts, destinationLimits, breakers }) => [
    destinations,
    [...credentials].map(([id, key]) => [id, key.reveal()]),
    [...timeouts],
    [...destinationLimits],
    [...breakers],
  ],
  engine: ({ engine }) => engine,
  discover: ({ discover }) => discover,
  limits: ({ limits }) => limits,
  retries: ({ retries }) => retries,
  hedge: ({ hedge }) => hedge,
  database: ({ database }) =>
    database && [
      database.url.reveal(),
      database.connections,
      database.tls && [database.tls.ca, database.tls.cert, database.tls.key?.reveal()],
    ],
  evidence: ({ evidence: { anchors, retention, checkpointMs } }) => [
    checkpointMs,
    { ...retention, classMs: [...retention.classMs] },
    anchors.map((anchor) =>
      anchor.kind === 'url' ? [anchor.url, anchor.key?.reveal()] : anchor.path,
    ),
  ],
  content: ({ content }) => content,
  cache: ({ cache }) => cache,
  quotas: ({ quotas }) => quotas,
  policy: ({ policy }) => policy,
  classes: ({ classes }) => classes,
  prices: ({ prices }) => prices,
  budgets: ({ budgets }) => budgets,
  alerts: ({ alerts }) => alerts.webhook && [alerts.webhook, alerts.webhook.secret.reveal()],
  sign_in: ({ signIn }) => [
    signIn.url,
    signIn.providers.map((one) => [
      { ...one, clientSecret: one.clientSecret?.reveal() ?? null },
      [...one.roles],
      [...one.teams],
      [...one.require],
    ]),
  ],
  jwt: ({ tokenIssuers }) => tokenIssuers.map((one) => [one, [...one.roles], [...one.require]]),
  log: ({ log }) => log,
  'telemetry.metrics_key': ({ telemetry }) => telemetry.metricsKey?.reveal() ?? null,
  'telemetry.otlp': ({ telemetry: { otlp } }) =>
    otlp && [otlp, [...otlp.headers].map(([name, value]) => [name, value.reveal()])],
} satisfies Readonly<Record<string, (config: Config) => unknown>>

type Section = keyof typeof SECTIONS

/** What is fixed when the process starts. */
const AT_START: ReadonlySet<string> = new Set<Section>([
  'listen',
  'tls',
  'trusted_proxies',
  'database',
  'engine',
  'discover',
  'telemetry.otlp',
])

export interface Changes {
  /** Can be in force at once. */
  readonly now: readonly string[]
  /** Wait for the next start. */
  readonly later: readonly string[]
}

/** What differs between two configurations. */
export function changesBetween(before: Config, after: Config): Changes {
  const changed = Object.entries(SECTIONS)
    .filter(([, read]) => JSON.stringify(read(before)) !== JSON.stringify(read(after)))
    .map(([section]) => section)
  return {
    now: changed.filter((section) => !AT_START.has(section)),
    later: changed.filter((section) => AT_START.has(section)),
  }
}

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
