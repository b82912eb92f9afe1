import { chmodSync, rmSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { setInterval, clearInterval } from 'node:timers'
import type { RunningGateway, StartProblem } from '#cli/command.ts'
import type { Said } from '#cli/terminal.ts'
import { buildApp, type App } from '#gateway/app.ts'
import type { GatewayHouse, GatewaySettings } from '#gateway/ports.ts'
import type { Destination } from '#kernel/destination.ts'
import { err, ok, type Result } from '#kernel/result.ts'
import { openInForce, type InForce } from '#ledger/in-force.ts'
import type { Config } from '#config/types.ts'
import type { AdmissionKeeper } from './admissions.ts'
import { openBoardEngine, type RunningBoard } from './board-engine.ts'
import { openCoreInTime } from './await-database.ts'
import { openCore, randomBytes, TENANT, type Core } from './core.ts'
import { homePaths } from './home-paths.ts'
import { discovered } from './discovered.ts'
import { ownerIdentity } from './gateway-identity.ts'
import { onConfigChanges } from './config-changes.ts'
import { openHouse, type OpenHouse } from './house.ts'
import { keepEvidence } from './keep-evidence.ts'
import { createLog } from './log.ts'
import { hostText, listenProblem, settingsOf, tlsOf } from './network.ts'
import { openPage } from './page.ts'
import type { LoadConfig } from './reload.ts'
import { supervise } from './supervise.ts'

/** Whether those whose answers run may still have them is looked at this often, milliseconds. */
const SWEEP_MS = 5_000
/** Last uses of keys are written this often. */
const LAST_USED_MS = 60_000

/** What differs between a gateway for the day and one for a single command. */
export interface GatewayOptions {
  readonly port?: number
  /** Processes that serve the data plane; 0 and absent: this one. */
  readonly workers?: number
  /** For a database server that does not answer yet; otherwise that is a problem. */
  readonly waits?: boolean
  /** Where the configuration came from; absent: it stays as it is. */
  readonly reload?: { readonly file: string; readonly load: LoadConfig }
  readonly version: string
  /** Where the program's own files are. */
  readonly root: string
  readonly environment: Readonly<Record<string, string>>
  readonly note: (line: string) => void
}

/** Starts everything: the API answers first; the model is fetched and the page is built behind it. */
export async function startGateway(
  config: Config,
  options: GatewayOptions,
): Promise<Result<RunningGateway, StartProblem>> {
  const port = options.port ?? config.listen.port
  const log = createLog(config.log.level, Date.now, options.note)
  const opened = options.waits
    ? await openCoreInTime(config, { version: options.version, port, log, randomBytes })
    : await openCore(config, `${config.listen.host}:${port}`)
  if (!opened.ok) return opened
  const core = opened.value
  core.onSpooling((isAway) =>
    log(isAway ? 'error' : 'info', { code: isAway ? 'database-away' : 'database-back' }),
  )
  const found = config.discover ? await discovered(config.destinations) : []
  const engine = await openBoardEngine({ config, log, environment: options.environment })
  // first of all: it takes longer than everything else together
  engine.start()
  const page = openPage(options.root, options.environment)
  const inForce = await openInForce({
    ledger: core.store.ledger,
    record: core.ledger,
    tenant: TENANT,
    isShared: core.store.leases !== null,
  })
  const opening = await openHouse({
    config,
    core,
    engine,
    discovered: found,
    page: page.files,
    log,
    version: options.version,
    inForce,
    ...(options.reload ? { reloadFrom: options.reload.load } : {}),
  })
  const { house, live, close } = opening
  tellModels(inForce, engine, opening.admissions)
  const settings = settingsOf(live)
  const admin = buildApp({ ...house, identity: ownerIdentity(house.identity) }, settings, null)
  const stopFollowing = options.reload ? followConfig(options.reload, house) : () => {}
  const evidence = keepEvidence(core, () => live.current, log)
  opening.observed.onSeen(evidence.seen)
  const sweep = setInterval(() => void core.identity.flushLastUsed(), LAST_USED_MS)
  const look = setInterval(() => void core.identity.exchanges.sweep(), SWEEP_MS)
  const stop = async (network: Network | null): Promise<void> => {
    stopFollowing()
    clearInterval(sweep)
    clearInterval(look)
    page.stop()
    // open answers need the engine and the ledger until their end
    await Promise.all([network?.stop(), admin.drain(live.current.limits.drainMs)])
    await engine.stop()
    await close()
    await evidence.stop()
    await core.close()
  }
  const { workers = 0 } = options
  const network =
    workers > 0
      ? await supervise({ ...opening, core, engine, workers, port })
      : await listenHere(opening, settings, port)
  const listening = network.ok ? await listenForOwner(admin, config) : network
  if (!network.ok || !listening.ok) {
    await stop(network.ok ? network.value : null)
    return listening.ok ? err({ en: '', fr: '' }) : listening
  }
  const url = `${config.tls ? 'https' : 'http'}://${hostText(config.listen.host)}:${network.value.port}`
  core.lock.announce({ pid: process.pid, listen: url, startedAt: core.clock() })
  setImmediate(opening.warm)
  const adminKeyFile = homePaths(config.home).adminKey
  let stopped: Promise<void> | null = null
  return ok({
    url,
    house,
    adminKeyFile,
    notices: notices(config, core, house, found),
    stop: () => (stopped ??= stop(network.value)),
  })
}

/** Tells the ledger which models may serve from this machine, now and whenever that changes. */
function tellModels(inForce: InForce, engine: RunningBoard, admissions: AdmissionKeeper): void {
  const tell = (): void => inForce.models(admissions.boarded(engine.onBoard() ?? []))
  if (engine.onBoard()) {
    engine.onModels(tell)
    admissions.onChange(async () => tell())
  }
  tell()
}

/** Puts a changed configuration in force by itself, and on SIGHUP. */
function followConfig(
  { file, load }: NonNullable<GatewayOptions['reload']>,
  house: GatewayHouse,
): () => void {
  return onConfigChanges({
    file,
    // a name with `*` may stand for more files than before
    besides() {
      const loaded = load()
      return loaded.ok ? loaded.value.policyFiles : []
    },
    changed() {
      house.reload('system', 'en').then(
        (reloaded) => {
          if (!reloaded.ok) house.log('error', { msg: 'config-problem', code: reloaded.error.code })
        },
        () => house.log('error', { msg: 'config-problem', code: 'internal-error' }),
      )
    },
    unwatchable: (code) => house.log('warn', { msg: 'config-unwatched', code }),
    abandoned: () => process.kill(process.pid, 'SIGTERM'),
  })
}

/** Where callers reach the gateway. */
interface Network {
  readonly port: number
  readonly stop: () => Promise<void>
}

/** The whole gateway in this process. */
async function listenHere(
  { house, live }: OpenHouse,
  settings: GatewaySettings,
  port: number,
): Promise<Result<Network, Said>> {
  const config = live.current
  const app = buildApp(house, settings, tlsOf(config))
  const stop = (): Promise<void> => app.drain(live.current.limits.drainMs)
  try {
    await app.fastify.listen({ host: config.listen.host, port })
  } catch (error) {
    await stop()
    return err(listenProblem(error, config.listen.host, port))
  }
  const address: string | AddressInfo | null = app.fastify.server.address()
  return ok({ port: typeof address === 'object' && address !== null ? address.port : port, stop })
}

/** The administration socket, for the owner of the machine alone. */
async function listenForOwner(admin: App, config: Config): Promise<Result<void, Said>> {
  const { adminSocket } = homePaths(config.home)
  try {
    rmSync(adminSocket, { force: true })
    await admin.fastify.listen({ path: adminSocket })
    chmodSync(adminSocket, 0o600)
    return ok(undefined)
  } catch (error) {
    return err(listenProblem(error, adminSocket, 0))
  }
}

/** What the first run found, said once at the start. */
function notices(
  config: Config,
  core: Core,
  house: GatewayHouse,
  found: readonly Destination[],
): Said[] {
  const said: Said[] = [
    {
      en: `Data       ${config.home}${core.bootstrapped.kind === 'present' ? '' : ' (new: database, root secret, first administrator key)'}`,
      fr: `Données    ${config.home}${core.bootstrapped.kind === 'present' ? '' : ' (nouveau : base, secret racine, première clé)'}`,
    },
  ]
  for (const destination of house.gate.catalogue().destinations) {
    const models = destination.models.map(({ name }) => name)
    const shown =
      models.slice(0, 3).join(', ') + (models.length > 3 ? ` +${models.length - 3}` : '')
    said.push(
      destinationNotice(
        destination,
        shown,
        found.some(({ id }) => id === destination.id),
      ),
    )
  }
  return said
}

function destinationNotice(destination: Destination, models: string, isFound: boolean): Said {
  const { id, zone, state } = destination
  const hint =
    state === 'discovered' ? `ecluse destinations trust ${id}` : `ecluse destinations enable ${id}`
  const isUsable = state === 'enabled'
  const name = id.padEnd(10)
  const tail = isUsable ? '' : `  (${hint})`
  const what: Said = isFound
    ? {
        en: 'found on this machine, sees public data alone',
        fr: 'trouvée sur cette machine, ne voit que le public',
      }
    : {
        en: state,
        fr: {
          enabled: 'activée',
          discovered: 'découverte',
          listed: 'listée',
          disabled: 'désactivée',
        }[state],
      }
  const shown: Said = isFound && isUsable ? { en: 'trusted', fr: 'approuvée' } : what
  return {
    en: `${name} ${zone}, ${shown.en}${models === '' ? '' : `: ${models}`}${tail}`,
    fr: `${name} ${zone}, ${shown.fr}${models === '' ? '' : ` : ${models}`}${tail}`,
  }
}
