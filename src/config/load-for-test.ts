import { basename, dirname } from 'node:path'
import { err, ok } from '#kernel/result.ts'
import { loadConfig } from './load.ts'
import type { ConfigFlags, Environment } from './types.ts'

/** A machine for tests: files by absolute path, variables, flags. The configuration is /home/ada/.ecluse/ecluse.yaml. */
export interface TestMachine {
  readonly yaml?: string | Uint8Array
  readonly env?: Environment
  readonly flags?: ConfigFlags
  readonly files?: Readonly<Record<string, string>>
  readonly mode?: number
}

export const CONFIG_FILE = '/home/ada/.ecluse/ecluse.yaml'

/** Loads as on a machine that holds just these files. */
export function loadOn({ yaml, env = {}, flags = {}, files = {}, mode = 0o600 }: TestMachine) {
  const texts = new Map<string, string | Uint8Array>(Object.entries(files))
  if (yaml !== undefined) texts.set(CONFIG_FILE, yaml)
  return loadConfig({
    flags,
    env,
    home: '/home/ada',
    listFolder: (folder) =>
      [...texts.keys()].flatMap((path) => (dirname(path) === folder ? [basename(path)] : [])),
    readFile: (path) => {
      const text = texts.get(path)
      if (text === undefined) return err('missing')
      const bytes = typeof text === 'string' ? new TextEncoder().encode(text) : text
      return ok({ bytes, mode })
    },
  })
}

/** The problems as `code path@line:column`, which is what a test wants to compare. */
export function problemsOn(machine: TestMachine): readonly string[] {
  const loaded = loadOn(machine)
  const problems = loaded.ok ? loaded.value.warnings : loaded.error
  return problems.map(
    ({ code, path, line, column }) =>
      `${code} ${path}${line === undefined ? '' : `@${line}:${column}`}`,
  )
}

/** The configuration, where the test is not about refusals. @throws Error naming the codes. */
export function configOn(machine: TestMachine) {
  const loaded = loadOn(machine)
  if (loaded.ok) return loaded.value
  throw new Error(loaded.error.map(({ code, path }) => `${code} ${path}`).join(', '))
}
