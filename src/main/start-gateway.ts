import { chmodSync, rmSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { setInterval, clearInterval } from 'node:timers'
import type { RunningGateway } from '#cli/command.ts'
import type { Said } from '#cli/terminal.ts'
import { buildApp, type App } from '#gateway/app.ts'
import type { GatewayHouse, GatewaySettings } from '#gateway/ports.ts'
import type { Destination } from '#kernel/destination.ts'
import { err, ok, type Result } from '#kernel/result.ts'
import type { Config } from '#config/types.ts'
import { startBoardEngine } from './board-engine.ts'
import { homePaths, openCore, type Core } from './core.ts'
import { discovered } from './discovered.ts'
import { ownerIdentity } from './gateway-identity.ts'
import { openHouse } from './house.ts'
import { createLog } from './log.ts'
import { openPage } from './page.ts'

/** Last uses of keys are written this often. */
const LAST_USED_MS = 60_000

/** What differs between a gateway for the day and one for a single command. */
export interface GatewayOptions {
  readonly port?: number
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
): Promise<Result<RunningGateway, Said>> {
  const port = options.port ?? config.listen.port
  const opened = await openCore(config, `${config.listen.host}:${port}`)
  if (!opened.ok) return opened
  const core = opened.value
  const log = createLog(config.log.level, core.clock, options.note)
  const found = config.discover ? await discovered(config.destinations) : []
  const engine = startBoardEngine({ config, log, environment: options.environment })
  const page = openPage(options.root, options.environment)
  const { house, close } = await openHouse({
    config,
    core,
    engine,
    discovered: found,
    page: page.files,
    log,
    version: options.version,
  })
  const app = buildApp(house, settingsOf(config), tlsOf(config))
  const admin = buildApp(
    { ...house, identity: ownerIdentity(house.identity) },
    settingsOf(config),
    null,
  )
  const sweep = setInterval(() => void core.identity.flushLastUsed(), LAST_USED_MS)
  const stop = async (): Promise<void> => {
    clearInterval(sweep)
    page.stop()
    await Promise.all([app.drain(config.limits.drainMs), admin.drain(config.limits.drainMs)])
    await engine.stop()
    await close()
    await core.close()
  }
  const listening = await listen(app, admin, config, port)
  if (!listening.ok) {
    await stop()
    return listening
  }
  const url = `${config.tls ? 'https' : 'http'}://${hostText(config.listen.host)}:${listening.value}`
  core.lock.announce({ pid: process.pid, listen: url, startedAt: core.clock() })
  engine.start()
  const adminKeyFile = homePaths(config.home).adminKey
  return ok({ url, house, adminKeyFile, notices: notices(config, core, house, found), stop })
}

async function listen(
  app: App,
  admin: App,
  config: Config,
  port: number,
): Promise<Result<number, Said>> {
  const { adminSocket } = homePaths(config.home)
  try {
    await app.fastify.listen({ host: config.listen.host, port })
    rmSync(adminSocket, { force: true })
    await admin.fastify.listen({ path: adminSocket })
    chmodSync(adminSocket, 0o600)
  } catch (error) {
    return err(listenProblem(error, config.listen.host, port))
  }
  const address: string | AddressInfo | null = app.fastify.server.address()
  return ok(typeof address === 'object' && address !== null ? address.port : port)
}

function listenProblem(error: unknown, host: string, port: number): Said {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '?'
  if (code === 'EADDRINUSE') {
    return {
      en: `Port ${port} on ${host} is taken by another program. Choose another: \`ecluse serve --listen ${host}:${port + 1}\`.`,
      fr: `Le port ${port} de ${host} est pris par un autre programme. Choisissez-en un autre : \`ecluse serve --listen ${host}:${port + 1}\`.`,
    }
  }
  return {
    en: `Cannot listen on ${host}:${port} (${code}).`,
    fr: `Écoute impossible sur ${host}:${port} (${code}).`,
  }
}

/** The names this gateway answers for; a web page that reaches it under another name is turned away. */
function settingsOf(config: Config): GatewaySettings {
  const { host } = config.listen
  return {
    hosts: new Set(['localhost', '127.0.0.1', '::1', host.toLowerCase(), ...config.hosts]),
    bodyBytes: config.limits.bodyBytes,
    depth: config.limits.depth,
    secure: config.tls !== null || config.trustedProxies.length > 0,
    trustedProxies: config.trustedProxies,
  }
}

const tlsOf = ({ tls }: Config): { cert: string; key: string } | null =>
  tls ? { cert: tls.cert, key: tls.key.reveal() } : null

const hostText = (host: string): string => (host.includes(':') ? `[${host}]` : host)

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
