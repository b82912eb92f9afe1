import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import { readConfigFromDisk } from '#config.ts'
import { loadConfig } from '#config/load.ts'
import type { Reloaded } from '#gateway/ports.ts'
import { startGateway } from '../../src/main/start-gateway.ts'
import { testHome, type TestGateway } from './gateway.ts'

export interface ReloadableGateway extends TestGateway {
  /** Writes another configuration file. */
  readonly write: (yaml: string) => void
  readonly reload: () => Promise<{ readonly status: number; readonly body: Reloaded }>
  /** Lines of the log so far. */
  readonly lines: () => readonly Readonly<Record<string, unknown>>[]
  /** Resolves with the first line of the log that has this message. */
  readonly line: (msg: string) => Promise<Readonly<Record<string, unknown>>>
}

/** A gateway in this process whose configuration is a real file that a test can change; `follows`: it looks by itself. */
export async function reloadableGateway(
  t: TestContext,
  yaml: string,
  {
    follows = false,
    home = testHome(t),
  }: { readonly follows?: boolean; readonly home?: string } = {},
): Promise<ReloadableGateway> {
  const file = join(home, 'ecluse.yaml')
  const write = (text: string): void => writeFileSync(file, text, { mode: 0o600 })
  write(yaml)
  const flags = { home, config: file, listen: '127.0.0.1:0' }
  const env = { CLOUD_KEY: 'test-cloud-key', SCRAPE_KEY: 'scrape-1', COLLECTOR_KEY: 'collector-1' }
  const load = () => loadConfig({ flags, env, readFile: readConfigFromDisk, home })
  const loaded = load()
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.error))
  const written: Readonly<Record<string, unknown>>[] = []
  const waiting = new Set<() => void>()
  const started = await startGateway(loaded.value, {
    version: '0.0.0-test',
    root: home,
    environment: {},
    note(text) {
      for (const line of text.split('\n')) written.push(JSON.parse(line))
      for (const look of waiting) look()
    },
    reload: { file: follows ? file : join(home, 'unwatched.yaml'), load },
  })
  if (!started.ok) throw new Error(started.error.en)
  t.after(() => started.value.stop())
  const key = readFileSync(started.value.adminKeyFile, 'utf8').trim()
  return {
    ...started.value,
    home,
    config: loaded.value,
    key,
    write,
    lines: () => written,
    async reload() {
      const response = await fetch(`${started.value.url}/api/reload`, {
        method: 'POST',
        headers: { authorization: `Bearer ${key}` },
      })
      return { status: response.status, body: (await response.json()) as Reloaded } // what the route sends
    },
    line: (msg) =>
      new Promise((resolve) => {
        const look = (): void => {
          const found = written.find((line) => line['msg'] === msg)
          if (!found) return
          waiting.delete(look)
          resolve(found)
        }
        waiting.add(look)
        look()
      }),
  }
}
