import { createHmac, randomBytes as osRandomBytes } from 'node:crypto'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { tableOf } from '#classify/class-edits.ts'
import { createClassifier } from '#classify/classify.ts'
import { createStreamClassifier } from '#classify/stream.ts'
import { explainFinding } from '#classify/explain.ts'
import type { Context, EvidenceReader } from '#cli/command.ts'
import { logLine } from '#cli/log-line.ts'
import { remoteAdmin } from '#cli/sign-in/remote-admin.ts'
import type { Terminal, Said } from '#cli/terminal.ts'
import { err, ok, type Result } from '#kernel/result.ts'
import { evidenceKeys } from '#identity/evidence-keys.ts'
import { signerOf, type Signer } from '#ledger/evidence/signing.ts'
import { hex, sameBytes } from '#ledger/hash.ts'
import { rootSecret } from '#identity/root-secret.ts'
import { createGate } from '#policy/gate.ts'
import { onlyPolicy, policyFor } from '#policy/in-force.ts'
import type { Store } from '#store/ports.ts'
import { describeStoreProblem } from '#store/problem.ts'
import { readHomeHolder } from '#store/sqlite/home-lock.ts'
import { loadProcessConfig, processChildEnvironment, processLocation } from '#config.ts'
import { configProblemLine } from '#config/describe-problem.ts'
import { writeInitialConfig, type ShippedProfile } from '#config/initial-config.ts'
import type { Config, ConfigFlags } from '#config/types.ts'
import { adminClient } from './admin.ts'
import { embeddedDestination } from './board-destination.ts'
import { ratedOnce } from './engine-watching.ts'
import { both, TENANT } from './core.ts'
import { databaseTools } from './database-tools.ts'
import { homePaths } from './home-paths.ts'
import { discovered } from './discovered.ts'
import { readSecrets } from './open-secrets.ts'
import { storedDress } from './stored-dress.ts'
import { openConfiguredStore } from './open-store.ts'
import { readOwnTerms, type LiveOwnTerms } from './own-terms.ts'
import { rotateSecret } from './rotate-secret.ts'
import { ownTermsKeysOf } from './secret-files.ts'
import { storedPolicies } from './policy-keeper.ts'
import { catalogueFrom, decidedStates, policyFrom } from './registry.ts'
import { startGateway } from './start-gateway.ts'

export interface ContextOptions {
  readonly terminal: Terminal
  readonly flags: ConfigFlags
  /** A gateway elsewhere, as `--gateway` names it; undefined: the one of this machine. */
  readonly gateway?: string | undefined
  readonly version: string
  readonly root: string
}

/** What commands may reach, built from the rooms they do not know. */
export function commandContext(options: ContextOptions): Context {
  const { terminal, flags, gateway, version, root } = options
  const environment = processChildEnvironment()
  const isForPerson = process.stderr.isTTY && !terminal.json
  const gatewayOptions = {
    version,
    root,
    environment,
    note: (line: string) => terminal.note(isForPerson ? logLine(line, terminal) : line),
  }
  const told = (asked: ConfigFlags): Config | null => {
    const loaded = loadProcessConfig(asked)
    const problems = loaded.ok ? loaded.value.warnings : loaded.error
    for (const problem of problems) terminal.note(configProblemLine(problem, terminal.language))
    return loaded.ok ? loaded.value : null
  }
  const reload = { file: processLocation(flags).file, load: () => loadProcessConfig(flags) }
  return {
    terminal,
    version,
    program: existsSync(join(root, 'src')) ? './ecluse' : 'ecluse',
    environment,
    config: async () => told(flags),
    configOf: async (file) => told({ ...flags, config: file }),
    startGateway: (config, overrides) =>
      startGateway(config, { ...gatewayOptions, reload, ...overrides }),
    admin: async (config) =>
      gateway === undefined
        ? adminClient(config, {
            version,
            root,
            note: gatewayOptions.note,
            environment,
            language: terminal.language,
          })
        : remoteAdmin(config.home, gateway, terminal.language),
    offline,
    stream: (config) =>
      createStreamClassifier({
        floor: config.floor,
        table: tableOf(config.classes),
        own: offlineOwnTerms(config),
        pace: 'at-rest',
      }),
    evidence,
    rotateSecret,
    database: (config) => databaseTools(config, flags),
    profiles: shippedProfiles,
    initialConfig: async (config, profile) => {
      const found = await discovered(config.destinations)
      const listed = config.destinations.filter(({ state }) => state === 'listed')
      return writeInitialConfig(
        { destinations: [...found, ...listed], vendorVariables: config.vendorVariables },
        terminal.language,
        profile,
      )
    },
    paths: (config) => homePaths(config.home),
    holder: (config) => readHomeHolder(homePaths(config.home).run),
    untilInterrupted,
    stdin: process.stdin,
  }
}

/** The policies of `data/profiles`, in the order of their names. */
function shippedProfiles(): readonly ShippedProfile[] {
  const folder = new URL('../../data/profiles/', import.meta.url)
  return readdirSync(folder)
    .filter((file) => file.endsWith('.yaml') && file !== 'probes.yaml')
    .toSorted()
    .map((file) => ({
      name: file.slice(0, -'.yaml'.length),
      text: readFileSync(new URL(file, folder), 'utf8'),
    }))
}

const EXPLAINING = osRandomBytes(32)

/** Label and verdict by configuration, discovery and what administrators decided; a running gateway is not needed. */
async function offline(config: Config): ReturnType<Context['offline']> {
  const found = config.discover ? await discovered(config.destinations) : []
  const store = await openConfiguredStore(config, homePaths(config.home).database, {
    readOnly: true,
  })
  const states = store.ok ? await decidedStates(store.value.destinations, TENANT) : new Map()
  const stored = store.ok ? await storedPolicies(store.value.policies, config) : null
  const dress = await storedDress(config, store.ok ? store.value : null)
  if (store.ok) await store.value.close()
  const embedded = await embeddedDestination(config)
  const policies = stored ?? onlyPolicy(policyFrom(config))
  const destinations = [...config.destinations, ...found, ...(embedded ? [embedded] : [])]
  const catalogue = catalogueFrom({
    embedded: () => embedded,
    configured: config.destinations,
    discovered: found,
    vendorModels: new Map(),
    states,
    dress,
    rated: await ratedOnce(config, destinations, policies),
  })
  const classifier = createClassifier(undefined, null, offlineOwnTerms(config))
  return {
    classify: (parts) => classifier(parts, { floor: config.floor, table: tableOf(config.classes) }),
    explainFinding,
    masking: {
      table: () => tableOf(config.classes),
      // what is explained is never shown, nor sent: any key will do
      digest: () => (text) => createHmac('sha256', EXPLAINING).update(text).digest(),
    },
    gate: createGate(
      () => policies.policy,
      () => catalogue,
      undefined,
      (facts) => policyFor(policies, facts),
    ),
    health: () => ({}),
  }
}

/** The company's own terms of a data directory that nobody may hold; one that has none gets no key for them. */
function offlineOwnTerms(config: Config): LiveOwnTerms | null {
  const { home, masterKey } = config
  const { ownTerms: path, masterKey: keyFile } = homePaths(home)
  if (!existsSync(path)) return null
  // asking for a root secret that is gone would make another one
  if (masterKey === null && !existsSync(keyFile)) return { current: null }
  const root = rootSecret({
    home,
    masterKey: masterKey?.reveal(),
    randomBytes: (length) => osRandomBytes(length),
  })
  return {
    current: root.ok ? readOwnTerms(path, ownTermsKeysOf(root.value, home), () => {}) : null,
  }
}

/** As of one moment, so that what a gateway writes meanwhile is not taken for a change; or, to follow it, as of each read. */
async function evidence(
  config: Config,
  reads: 'moment' | 'live' = 'moment',
): Promise<Result<EvidenceReader, Said>> {
  const opened = await openConfiguredStore(config, homePaths(config.home).database, {
    readOnly: true,
    moment: reads === 'moment',
  })
  if (!opened.ok) return err(both((language) => describeStoreProblem(opened.error, language)))
  return ok(evidenceOf(opened.value, config))
}

/** What the root secret gives; a machine that only reads the evidence may not have it, and gets none made. */
async function signersOf(config: Config, generations: number): Promise<readonly Signer[] | null> {
  const { database, masterKey } = homePaths(config.home)
  if (config.masterKey === null && !existsSync(masterKey)) return null
  // a store of its own: a write that is refused would end the transaction of the others' reads
  const store = await openConfiguredStore(config, database, { readOnly: true })
  if (!store.ok) return null
  try {
    const secrets = await readSecrets(config, store.value, Date.now)
    if (!secrets.ok) return null
    const { seedOf } = evidenceKeys(secrets.value.apiKeys)
    return Array.from({ length: generations }, (_, i) => signerOf(seedOf(i + 1)))
  } catch {
    // a database that is only read cannot be given what is missing in it
    return null
  } finally {
    await store.value.close()
  }
}

/** The newest key of the checkpoints, when this machine's root secret gives that very key; the first one before there is any. */
async function newestSigner(config: Config, store: Store): Promise<Signer | null> {
  const keys = await store.evidence.keys()
  const signer = (await signersOf(config, Math.max(1, keys.length)))?.at(-1)
  const newest = keys.at(-1)
  if (!signer || !newest) return signer ?? null
  return sameBytes(signer.key, newest.key) ? signer : null
}

const evidenceOf = (store: Store, config: Config): EvidenceReader => ({
  ...store.ledger,
  signed: store.evidence,
  knownKeys: async (generations) =>
    (await signersOf(config, generations))?.map(({ key }) => key) ?? null,
  async sign(write) {
    const signer = await newestSigner(config, store)
    if (!signer) return null
    const text = write(hex(signer.key))
    return { text, signature: hex(signer.sign(text)) }
  },
  decisions: (query) => store.decisions.decisions(query),
  document: async (kind, version) => (await store.documents.get(kind, version))?.json ?? null,
  close: () => store.close(),
})

/** Resolves at the first SIGINT or SIGTERM; a second one ends the process at once. */
function untilInterrupted(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) {
      process.once(signal, () => {
        process.once(signal, () => process.exit(130))
        resolve()
      })
    }
  })
}
