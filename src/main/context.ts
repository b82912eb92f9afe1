import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Context } from '#cli/command.ts'
import { logLine } from '#cli/log-line.ts'
import type { Terminal } from '#cli/terminal.ts'
import { readHomeHolder } from '#store/sqlite/home-lock.ts'
import { loadProcessConfig, processChildEnvironment, processLocation } from '#config.ts'
import { configProblemLine } from '#config/describe-problem.ts'
import type { ShippedProfile } from '#config/initial-config.ts'
import type { Config, ConfigFlags } from '#config/types.ts'
import { adminClient } from './admin.ts'
import { homePaths } from './home-paths.ts'

export interface ContextOptions {
  readonly terminal: Terminal
  readonly flags: ConfigFlags
  /** A gateway elsewhere, as `--gateway` names it; undefined: the one of this machine. */
  readonly gateway?: string | undefined
  readonly version: string
  readonly root: string
}

/** What commands may reach, built from the rooms they do not know. A room is loaded when a command reaches for it: a program that lists models need not load a gateway first. */
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
    startGateway: async (config, overrides) =>
      (await import('./start-gateway.ts')).startGateway(config, {
        ...gatewayOptions,
        reload,
        ...overrides,
      }),
    async admin(config) {
      const { language } = terminal
      if (gateway === undefined) {
        return adminClient(config, {
          version,
          root,
          note: gatewayOptions.note,
          environment,
          language,
        })
      }
      const { remoteAdmin } = await import('#cli/sign-in/remote-admin.ts')
      return remoteAdmin(config.home, gateway, language)
    },
    offline: async (config) => (await import('./offline.ts')).offline(config),
    stream: async (config) => (await import('./offline.ts')).offlineStream(config),
    evidence: async (config, reads) =>
      (await import('./read-evidence.ts')).readEvidence(config, reads),
    rotateSecret: async (config, given) =>
      (await import('./rotate-secret.ts')).rotateSecret(config, given),
    database: async (config) => (await import('./database-tools.ts')).databaseTools(config, flags),
    profiles: shippedProfiles,
    async initialConfig(config, profile) {
      const [{ discovered }, { writeInitialConfig }] = await Promise.all([
        import('./discovered.ts'),
        import('#config/initial-config.ts'),
      ])
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
