import { readdirSync, readFileSync, statSync } from 'node:fs'
import { homedir, platform } from 'node:os'
import { err, ok, type Result } from '#kernel/result.ts'
import { loadConfig } from './config/load.ts'
import { locateConfig, type ConfigLocation } from './config/locate.ts'
import type { ConfigProblem } from './config/problems.ts'
import type { ReadConfigFile } from './config/secret-references.ts'
import * as around from './config/surroundings.ts'
import type { Config, ConfigFlags } from './config/types.ts'

/** A configuration, a key or a certificate is never larger; bytes. */
const MAX_BYTES = 4_194_304

/** Reads a regular file with its permission bits; a device or a directory is unreadable. */
export const readConfigFromDisk: ReadConfigFile = (path) => {
  try {
    const status = statSync(path)
    if (!status.isFile() || status.size > MAX_BYTES) return err('unreadable')
    // Windows reports bits that do not say who can read
    const mode = platform() === 'win32' ? null : status.mode
    return ok({ bytes: readFileSync(path), mode })
  } catch (error) {
    const missing = error instanceof Error && 'code' in error && error.code === 'ENOENT'
    return err(missing ? 'missing' : 'unreadable')
  }
}

/** The configuration of this process: flags, then its environment, then the file on disk. */
export const loadProcessConfig = (flags: ConfigFlags): Result<Config, readonly ConfigProblem[]> =>
  loadConfig({
    flags,
    env: process.env,
    readFile: readConfigFromDisk,
    listFolder: listFromDisk,
    home: homedir(),
  })

const listFromDisk = (path: string): readonly string[] => {
  try {
    return readdirSync(path)
  } catch {
    return []
  }
}

/** Where this process keeps its data and looks for its file, known even when the file is refused. */
export const processLocation = (flags: ConfigFlags): ConfigLocation =>
  locateConfig(flags, process.env, homedir())

/** Language, colours and CI of this process. */
export const processSurroundings = (): around.Surroundings => around.readSurroundings(process.env)

/** Environment for the processes this one starts, without keys. */
export const processChildEnvironment = (): Readonly<Record<string, string>> =>
  around.childEnvironment(process.env)
