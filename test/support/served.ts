import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import { readText } from '../../src/telemetry/prometheus-text.fixture.ts'
import { testHome } from './gateway.ts'
import { runProgram, startProgram } from './process.ts'

/** The real program as a process, with a configuration that can be changed while it runs. */
export interface Served {
  readonly url: string
  readonly key: string
  /** Of the process that holds the data directory. */
  readonly pid: number
  /** Writes another configuration and puts it in force with `ecluse reload`. */
  readonly reload: (yaml: string) => Promise<void>
  /** One command of the same installation, to its end. */
  readonly command: (args: readonly string[]) => Promise<{ code: number | null; text: string }>
  /** Resolves once so many requests are being served. */
  readonly untilOpen: (requests: number) => Promise<void>
}

export async function served(
  t: TestContext,
  yaml: string,
  flags: readonly string[] = [],
): Promise<Served> {
  const home = testHome(t)
  const file = join(home, 'ecluse.yaml')
  writeFileSync(file, yaml)
  const env = { ECLUSE_HOME: home, CLOUD_KEY: 'test-cloud-key' }
  const program = startProgram(t, ['serve', ...flags, '--listen', '127.0.0.1:0', '--json'], env)
  const [line] = await program.until(/^\{"url".*\}$/m)
  const { url, adminKeyFile }: { url: string; adminKeyFile: string } = JSON.parse(line)
  const key = readFileSync(adminKeyFile, 'utf8').trim()
  const command = (args: readonly string[]) => runProgram(t, args, env)
  const open = async (): Promise<number> => {
    const scraped = await fetch(`${url}/metrics`, { headers: { authorization: `Bearer ${key}` } })
    const { samples } = readText(await scraped.text())
    return samples.find(({ name }) => name === 'ecluse_open_requests')?.value ?? 0
  }
  return {
    url,
    key,
    pid: program.child.pid ?? 0,
    command,
    async reload(next) {
      writeFileSync(file, next)
      const { code, text } = await command(['reload', '--json'])
      if (code !== 0) throw new Error(text)
    },
    async untilOpen(requests) {
      while ((await open()) < requests) t.signal.throwIfAborted()
    },
  }
}
