import { dirname, join, resolve } from 'node:path'
import type { ConfigFlags, Environment } from './types.ts'

/** Where the data directory and the configuration file are. */
export interface ConfigLocation {
  /** The data directory, absolute. */
  readonly home: string
  /** The configuration file, absolute. */
  readonly file: string
  /** Folder that paths inside the file count from. */
  readonly folder: string
  /** Somebody named the file: it has to exist. */
  readonly named: boolean
}

/** Flags, then ECLUSE_HOME and ECLUSE_CONFIG, then `~/.ecluse` and `ecluse.yaml` in it. An empty variable counts as not set. */
export function locateConfig(
  flags: ConfigFlags,
  env: Environment,
  userHome: string,
): ConfigLocation {
  const absolute = (path: string): string =>
    path === '~' || path.startsWith('~/') ? join(userHome, path.slice(1)) : resolve(path)
  const home = absolute(given(flags.home) ?? given(env['ECLUSE_HOME']) ?? '~/.ecluse')
  const named = given(flags.config) ?? given(env['ECLUSE_CONFIG'])
  const file = named === undefined ? join(home, 'ecluse.yaml') : absolute(named)
  return { home, file, folder: dirname(file), named: named !== undefined }
}

/** A value that says something: unset and blank are the same. */
export const given = (value: string | undefined): string | undefined =>
  value === undefined || value.trim() === '' ? undefined : value
