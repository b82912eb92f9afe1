import { resolve } from 'node:path'
import { err, ok, type Result } from '#kernel/result.ts'
import type { Destination } from '#kernel/destination.ts'
import type { DataClass } from '#kernel/label.ts'
import { readConfigFile, rowsOf, type ConfigFile } from './config-file.ts'
import { defaultRules } from './default-rules.ts'
import { isConfigWarning } from './describe-problem.ts'
import { destinationOf, destinationProblems, duplicates, timeoutsOf } from './destination-rows.ts'
import { environmentVendors, secretVariable } from './environment-keys.ts'
import { expandJurisdictions } from './jurisdictions.ts'
import { isLoopback, parseListen } from './listen-address.ts'
import { locateConfig, type ConfigLocation } from './locate.ts'
import { readOverrides, type Overrides } from './overrides.ts'
import type { ConfigProblem, PathProblem } from './problems.ts'
import { CONFIGURED, DestinationRow, FileSchema, type FileConfig } from './schema.ts'
import { exposure, resolveSecret, type ReadConfigFile } from './secret-references.ts'
import { Secret } from './secret.ts'
import { shapeProblems } from './shape-problems.ts'
import type { Config, ConfigFlags, DestinationTimeouts, Environment } from './types.ts'
import type { EngineSettings, PolicyRule, TlsSettings } from './types.ts'

/** Everything a configuration is made of. */
export interface ConfigInput {
  readonly flags: ConfigFlags
  readonly env: Environment
  readonly readFile: ReadConfigFile
  /** The user's home directory, for `~`. */
  readonly home: string
}

/** What several steps of the reading share. */
interface Reading extends ConfigInput {
  readonly location: ConfigLocation
  readonly file: ConfigFile
  readonly problems: ConfigProblem[]
  readonly complain: (problem: PathProblem) => void
}

/** Reads flags, environment and file into one checked configuration, or tells every problem at once, in the file's order. */
export function loadConfig(input: ConfigInput): Result<Config, readonly ConfigProblem[]> {
  const location = locateConfig(input.flags, input.env, input.home)
  const file = readConfigFile(location, input.readFile)
  const { overrides, problems: overrideProblems } = readOverrides(input.flags, input.env)
  const problems = [...overrideProblems, ...file.problems]
  const complain = (problem: PathProblem): void => {
    problems.push(file.locate(problem))
  }
  const reading: Reading = { ...input, location, file, problems, complain }

  const parsed = FileSchema.safeParse(file.value)
  if (!parsed.success) shapeProblems(parsed.error.issues, file.value).forEach(complain)
  const served = readDestinations(reading)
  const tls = readTls(reading)
  checkListen(reading, overrides)
  const floor = checkFloor(reading, overrides)
  for (const [i, id] of duplicates(ruleIds(file))) {
    complain({ code: 'duplicate-id', path: ['policy', 'rules', i, 'id'], detail: { id } })
  }
  const bootstrap = secretVariable(input.env, 'ECLUSE_BOOTSTRAP_KEY')
  const master = secretVariable(input.env, 'ECLUSE_MASTER_KEY')
  problems.push(...bootstrap.problems, ...master.problems)

  const warnings = problems.filter(isConfigWarning)
  if (!parsed.success || warnings.length < problems.length) return err(inOrder(problems))
  const secrets = { bootstrapKey: bootstrap.secret, masterKey: master.secret }
  return ok({
    ...settle(parsed.data, reading, overrides, served),
    tls,
    floor,
    ...secrets,
    warnings,
  })
}

/** Flags and variables first, then the file from top to bottom. */
const inOrder = (problems: readonly ConfigProblem[]): readonly ConfigProblem[] =>
  problems.toSorted((a, b) => (a.line ?? 0) - (b.line ?? 0) || (a.column ?? 0) - (b.column ?? 0))

interface Served {
  readonly destinations: readonly Destination[]
  readonly credentials: ReadonlyMap<string, Secret>
  readonly timeouts: ReadonlyMap<string, DestinationTimeouts>
}

/** Reads the rows that have the right shape; the others are already complained of. */
function readDestinations({ file, env, readFile, location, complain }: Reading): Served {
  const destinations: Destination[] = []
  const credentials = new Map<string, Secret>()
  const timeouts = new Map<string, DestinationTimeouts>()
  const sources = { env, readFile, folder: location.folder }
  for (const [i, raw] of rowsOf(file, ['destinations']).entries()) {
    const parsed = DestinationRow.safeParse(raw)
    checkKey(raw, i, sources, complain, credentials)
    if (!parsed.success) continue
    const row = parsed.data
    for (const { code, path, detail } of destinationProblems(row)) {
      complain({ code, path: ['destinations', i, ...path], detail })
    }
    if (destinations.some(({ id }) => id === row.id)) {
      complain({ code: 'duplicate-id', path: ['destinations', i, 'id'], detail: { id: row.id } })
    }
    destinations.push(destinationOf(row))
    if (row.timeouts) timeouts.set(row.id, timeoutsOf(row.timeouts))
  }
  return { destinations, credentials, timeouts }
}

type SecretSources = Parameters<typeof resolveSecret>[1]

/** A key is looked at even where the rest of its row is wrong: one written out must be refused at once. */
function checkKey(
  row: unknown,
  i: number,
  sources: SecretSources,
  complain: Reading['complain'],
  credentials: Map<string, Secret>,
): void {
  if (typeof row !== 'object' || row === null || !('key' in row)) return
  if (typeof row.key !== 'string') return
  const path = ['destinations', i, 'key']
  const resolved = resolveSecret(row.key, sources)
  if (!resolved.ok) return complain({ ...resolved.error, path })
  if (resolved.value.warning) complain({ ...resolved.value.warning, path })
  if ('id' in row && typeof row.id === 'string') credentials.set(row.id, resolved.value.secret)
}

function readTls({ file, readFile, location, complain }: Reading): TlsSettings | null {
  const parsed = FileSchema.shape.tls.safeParse(file.value['tls'])
  if (!parsed.success || parsed.data === undefined) return null
  const read = (name: 'cert' | 'key', path: string): string => {
    const content = readFile(path)
    const text = content.ok ? new TextDecoder().decode(content.value.bytes) : ''
    if (!text.includes('-----BEGIN ')) {
      complain({ code: 'tls-file-unreadable', path: ['tls', name] })
    }
    const exposed = content.ok && name === 'key' ? exposure(content.value) : undefined
    if (exposed) complain({ ...exposed, path: ['tls', name] })
    return text
  }
  const certPath = resolve(location.folder, parsed.data.cert)
  const keyPath = resolve(location.folder, parsed.data.key)
  const cert = read('cert', certPath)
  return { certPath, keyPath, cert, key: new Secret(read('key', keyPath)) }
}

/** Keys and texts in clear on a network need somebody's decision: a certificate, or a proxy that has one. */
function checkListen({ file, problems, complain }: Reading, { listen }: Overrides): void {
  const { shape } = FileSchema
  const fromFile = shape.listen.safeParse(file.value['listen'])
  const text = listen?.value ?? fromFile.data
  const address = text === undefined ? undefined : parseListen(text)
  if (address === undefined || isLoopback(address.host)) return
  const proxies = shape.trusted_proxies.safeParse(file.value['trusted_proxies'])
  if (file.value['tls'] !== undefined || !proxies.success || proxies.data.length > 0) return
  if (listen) problems.push({ code: 'exposed-listen', path: listen.source })
  else complain({ code: 'exposed-listen', path: ['listen'] })
}

function checkFloor({ file, problems, complain }: Reading, overrides: Overrides): DataClass {
  const { shape } = FileSchema
  const profile = overrides.profile?.value ?? shape.profile.safeParse(file.value['profile']).data
  const floor = overrides.floor?.value ?? shape.floor.safeParse(file.value['floor']).data
  if (profile === 'strict-eu' && floor === 'public') {
    if (overrides.floor) problems.push({ code: 'floor-below-profile', path: '--floor' })
    else complain({ code: 'floor-below-profile', path: ['floor'] })
  }
  return floor ?? (profile === 'strict-eu' ? 'internal' : 'public')
}

const ruleIds = (file: ConfigFile): readonly string[] =>
  rowsOf(file, ['policy', 'rules']).map((rule, i) =>
    typeof rule === 'object' && rule !== null && 'id' in rule ? String(rule.id) : `#${i}`,
  )

type Settled = Omit<Config, 'tls' | 'floor' | 'bootstrapKey' | 'masterKey' | 'warnings'>

function settle(file: FileConfig, reading: Reading, overrides: Overrides, served: Served): Settled {
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
    engine: engineOf(file.engine),
    discover,
    limits: {
      bodyBytes: file.limits.body_bytes,
      depth: file.limits.depth,
      drainMs: Math.round(file.limits.drain_seconds * 1000),
    },
    policy: { rules: rulesOf(file.policy.rules, jurisdictions) },
    log: { level: overrides.logLevel?.value ?? file.log.level },
  }
}

const engineOf = (engine: FileConfig['engine']): EngineSettings => ({
  enabled: engine.enabled,
  model: engine.model,
  context: engine.context,
  parallel: engine.parallel,
  queue: engine.queue,
  maxLoaded: engine.max_loaded,
  threads: engine.threads ?? null,
})

function rulesOf(
  rules: FileConfig['policy']['rules'],
  jurisdictions: readonly string[],
): readonly PolicyRule[] {
  if (rules === undefined) return defaultRules(jurisdictions)
  return rules.map(({ id, match, allow }) => {
    const named = allow.jurisdictions?.flatMap((code) =>
      code === CONFIGURED ? jurisdictions : code,
    )
    const places = named ? { jurisdictions: expandJurisdictions(named) } : {}
    return { id, match, allow: { zones: allow.zones, ...places } }
  })
}
