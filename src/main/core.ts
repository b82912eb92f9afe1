import { randomBytes as osRandomBytes, type KeyObject } from 'node:crypto'
import { chmodSync, mkdirSync } from 'node:fs'
import { NO_RESTRICTIONS, type Caller } from '#kernel/exchange.ts'
import { PERMISSIONS, SCOPES } from '#kernel/permission.ts'
import type { Refusal } from '#kernel/refusal.ts'
import { err, ok, type Result } from '#kernel/result.ts'
import type { EpochMs } from '#kernel/units.ts'
import { bootstrap, type Bootstrapped } from '#identity/bootstrap.ts'
import { evidenceKeys, type EvidenceKeys } from '#identity/evidence-keys.ts'
import type { Evidence } from '#identity/evidence.ts'
import { createIdentity, type Identity } from '#identity/identity.ts'
import { describeSecretProblem } from '#identity/problem.ts'
import type { Vault } from '#identity/vault.ts'
import type { HouseEvent } from '#ledger/event.ts'
import type { LedgerBatch } from '#ledger/ports.ts'
import { readEvent } from '#ledger/read-event.ts'
import { createRefusalCounts, type RefusalCounts } from '#ledger/refusal-counts.ts'
import { createLedgerWriter, type Committed, type LedgerWriter } from '#ledger/writer.ts'
import type { Store } from '#store/ports.ts'
import { describeStoreProblem, type StoreProblem } from '#store/problem.ts'
import { acquireHomeLock, type HomeLock } from '#store/sqlite/home-lock.ts'
import type { Config } from '#config/types.ts'
import type { Said } from '#cli/terminal.ts'
import { openChains, type Chains } from './chains.ts'
import { configurationDigest, type ConfigurationDigest } from './configuration-digest.ts'
import { openClock, steadyNow } from './shared-clock.ts'
import { followKeys } from './follow-keys.ts'
import { homePaths } from './home-paths.ts'
import { both, lockProblem } from './problem-said.ts'
import { openConfiguredStore } from './open-store.ts'
import { openSecrets } from './open-secrets.ts'
import { uuid7 } from './uuid7.ts'

export const TENANT = 'default'

/** Name of the one chain that the supervisor writes. */
const WRITER = 'gateway'

/** The owner of the machine, who can read every file of the data directory anyway. */
export const OWNER: Caller = {
  tenant: TENANT,
  keyId: 'local',
  name: 'local',
  grants: SCOPES,
  permissions: PERMISSIONS,
  team: null,
  application: null,
  person: null,
  purpose: null,
  restrictions: NO_RESTRICTIONS,
}

/** What became of a worker's batch. */
export type Commitment = 'stored' | 'spooled' | 'failed'

/** What a process that holds the data directory has open: database, evidence and identity. */
export interface Core {
  readonly store: Store
  readonly ledger: LedgerWriter
  /** Records what the house does or what is done to it, in the organisation of the machine unless another is named; resolves once it is on the disk. */
  houseEvent(event: HouseEvent, tenant?: string): Promise<Result<void, Refusal>>
  /** Counts those who were turned away before anything was decided; they are recorded once a minute. */
  readonly refusals: RefusalCounts
  /** Name of the chain that this process writes. */
  readonly writer: string
  readonly chains: Chains
  readonly configuration: ConfigurationDigest
  readonly identity: Identity
  /** Secrets at rest. */
  readonly vault: Vault
  readonly lock: HomeLock
  readonly bootstrapped: Bootstrapped
  readonly evidenceKeys: EvidenceKeys
  readonly clock: () => EpochMs
  readonly newId: () => string
  /** Commits records that a worker has chained. */
  commitFor(batch: LedgerBatch): Promise<Commitment>
  /** Calls back when the database goes away and records are kept here, and when it has them all. */
  onSpooling(listener: (isAway: boolean) => void): void
  /** Calls back after every commit, whoever made the records; returns the way to stop. */
  onCommitted(listener: (committed: readonly Committed[]) => void): () => void
  close(): Promise<void>
}

/** Takes the data directory, makes what is missing in it, and opens it. Exactly one process can. While `waitsOn` says so, a database that cannot be opened is tried again. */
export async function openCore(
  config: Config,
  listen: string,
  waitsOn = (_problem: StoreProblem): Promise<boolean> => Promise.resolve(false),
): Promise<Result<Core, Said>> {
  const paths = homePaths(config.home)
  const made = makeDirectories([config.home, paths.run])
  if (made) return err(made)
  const lock = acquireHomeLock(paths.run, { pid: process.pid, listen, startedAt: Date.now() })
  if (!lock.ok) return err(lockProblem(lock.error))
  const opened = await openedStore(config, paths.database, waitsOn)
  if (!opened.ok) {
    lock.value.release()
    return err(both((language) => describeStoreProblem(opened.error, language)))
  }
  const store = opened.value
  const { clock, stop: stopClock } = await openClock(store)
  const secrets = await openSecrets(config, store, clock)
  const first = secrets.ok
    ? await store.alone('bootstrap', () =>
        firstAdministrator(config, store, secrets.value.apiKeys, clock),
      )
    : secrets
  const problem = secrets.ok ? first : secrets
  if (!secrets.ok || !first.ok) {
    stopClock()
    await store.close()
    lock.value.release()
    return err(problem.ok ? NOTHING : secretWords(problem.error))
  }
  const newId = uuid7(clock, randomBytes)
  const spooling = new Set<(isAway: boolean) => void>()
  const configuration = configurationDigest(secrets.value.root, config)
  const tell = (isAway: boolean): void => spooling.forEach((one) => one(isAway))
  const chains = await openChains(store, paths.spool, tell, configuration.current)
  const head = await chains.open(WRITER)
  const { writer } = head
  const ledger = createLedgerWriter({ store: chains, writer, clock, newId, randomBytes, head })
  const identity = createIdentity({
    stores: store,
    ...secrets.value,
    clock,
    now: steadyNow,
    randomBytes,
    evidence: evidenceIn(ledger),
  })
  const committed = committedRecords(chains, ledger)
  followKeys(store, identity)
  return ok({
    ...committed,
    onSpooling: (listener) => void spooling.add(listener),
    store,
    ledger,
    houseEvent: async (event, tenant = TENANT) => {
      const recorded = ledger.append(event, { tenant })
      return recorded.ok ? recorded.value.durable : recorded
    },
    refusals: createRefusalCounts({ clock, ledger, tenant: TENANT }),
    writer,
    chains,
    configuration,
    identity,
    vault: secrets.value.vault,
    lock: lock.value,
    bootstrapped: first.value,
    evidenceKeys: evidenceKeys(secrets.value.apiKeys),
    clock,
    newId,
    async close() {
      await ledger.close()
      await identity.flushLastUsed()
      await chains.closeAll()
      stopClock()
      await store.close()
      lock.value.release()
    },
  })
}

const NOTHING: Said = { en: '', fr: '' }
const secretWords = (problem: Parameters<typeof describeSecretProblem>[0]): Said =>
  both((language) => describeSecretProblem(problem, language))

async function openedStore(
  config: Config,
  path: string,
  waitsOn: (problem: StoreProblem) => Promise<boolean>,
): Promise<Result<Store, StoreProblem>> {
  for (;;) {
    const opened = await openConfiguredStore(config, path)
    if (opened.ok || !(await waitsOn(opened.error))) return opened
  }
}

/** One stream of committed records from this process's own chain and from those of the workers. */
function committedRecords(
  chains: Chains,
  ledger: LedgerWriter,
): Pick<Core, 'commitFor' | 'onCommitted'> {
  const listeners = new Set<(committed: readonly Committed[]) => void>()
  const tell = (committed: readonly Committed[]): void => {
    for (const listener of listeners) listener(committed)
  }
  ledger.onCommitted(tell)
  return {
    async commitFor(batch) {
      let how: Commitment
      try {
        how = (await chains.append(batch)) ?? 'stored'
      } catch {
        return 'failed'
      }
      tell(
        batch.records.flatMap((record) => {
          const event = readEvent(record.payload)
          return event ? [{ record, event }] : []
        }),
      )
      return how
    },
    onCommitted(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}

/** What administrators change is in the ledger, on the disk, before it is in force. */
export const evidenceIn =
  (ledger: LedgerWriter): Evidence =>
  async ({ tenant, keyId }, action, subject) => {
    const event = { type: 'admin', v: 1, actor: keyId, action, subject } as const
    const recorded = ledger.append(event, { tenant })
    return recorded.ok ? recorded.value.durable : recorded
  }

export const randomBytes = (length: number): Uint8Array => osRandomBytes(length)

const firstAdministrator = (
  config: Config,
  store: Store,
  hmacKey: KeyObject,
  clock: () => EpochMs,
): ReturnType<typeof bootstrap> =>
  bootstrap({
    store: store.keys,
    home: config.home,
    tenant: TENANT,
    bootstrapKey: config.bootstrapKey?.reveal(),
    hmacKey,
    clock,
    randomBytes,
  })

function makeDirectories(directories: readonly string[]): Said | null {
  try {
    for (const directory of directories) {
      mkdirSync(directory, { recursive: true, mode: 0o700 })
      chmodSync(directory, 0o700)
    }
    return null
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : '?'
    const where = directories[0] ?? '?'
    return {
      en: `The data directory ${where} cannot be used (${code}). Choose another with ECLUSE_HOME.`,
      fr: `Le dossier de données ${where} est inutilisable (${code}). Choisissez-en un autre avec ECLUSE_HOME.`,
    }
  }
}
