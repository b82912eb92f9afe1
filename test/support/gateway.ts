import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import type { RunningGateway } from '#cli/command.ts'
import { readConfigFromDisk } from '#config.ts'
import { loadConfig } from '#config/load.ts'
import type { Config } from '#config/types.ts'
import { startGateway } from '../../src/main/start-gateway.ts'

export interface TestGateway extends RunningGateway {
  readonly home: string
  readonly config: Config
  readonly key: string
}

/** A directory for one test; short, because socket paths have a limit. */
export function testHome(t: TestContext): string {
  const home = mkdtempSync(join(tmpdir(), 'ecl-'))
  t.after(() => rmSync(home, { recursive: true, force: true }))
  return home
}

/** The configuration that this text of an ecluse.yaml means. */
export function configOf(home: string, yaml: string): Config {
  const bytes = Buffer.from(yaml)
  const loaded = loadConfig({
    flags: { home, config: join(home, 'ecluse.yaml'), listen: '127.0.0.1:0' },
    env: { CLOUD_KEY: 'test-cloud-key' },
    readFile: (path) =>
      path === join(home, 'ecluse.yaml')
        ? { ok: true, value: { bytes, mode: 0o600 } }
        : readConfigFromDisk(path),
    home,
  })
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.error))
  return loaded.value
}

/** A real gateway in this process, on a free port, with its own data directory. */
export async function testGateway(
  t: TestContext,
  yaml: string,
  home = testHome(t),
  change: (config: Config) => Config = (config) => config,
): Promise<TestGateway> {
  const config = change(configOf(home, yaml))
  const started = await startGateway(config, {
    version: '0.0.0-test',
    root: home,
    environment: {},
    note: () => {},
  })
  if (!started.ok) throw new Error(started.error.en)
  t.after(() => started.value.stop())
  const key = readFileSync(started.value.adminKeyFile, 'utf8').trim()
  return { ...started.value, home, config, key }
}

/** A configuration without the engine, with one managed destination in France and what else is given. */
export const cloudConfig = (url: string, more = ''): string => `
discover: false
engine: {enabled: false}
destinations:
  - {id: cloud, dialect: openai, url: "${url}", key: "\${env:CLOUD_KEY}", zone: managed, jurisdiction: FR,
     clearance: {class: internal}, models: [{name: m, upstream: cloud-1, price: {input: 0.1, output: 0.2}}]}
${more}`

export interface ChatCall {
  readonly body?: unknown
  readonly raw?: string | Uint8Array
  readonly headers?: Record<string, string>
}

/** One raw request to the chat surface. */
export function chat(gateway: Pick<TestGateway, 'url' | 'key'>, call: ChatCall): Promise<Response> {
  return fetch(`${gateway.url}/v1/chat/completions`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${gateway.key}`,
      'content-type': 'application/json',
      ...call.headers,
    },
    body:
      typeof call.raw === 'string' || call.raw === undefined
        ? (call.raw ?? JSON.stringify(call.body))
        : Buffer.from(call.raw),
  })
}

export const ask = (content: string, more: object = {}): object => ({
  model: 'auto',
  messages: [{ role: 'user', content }],
  ...more,
})

interface ErrorBody {
  readonly error: {
    readonly message: string
    readonly type: string
    readonly param: string | null
    readonly code: string
  }
}

/** The error of a refused chat request. */
export const errorOf = async (response: Response): Promise<ErrorBody['error']> =>
  ((await response.json()) as ErrorBody).error // the shape is what these tests are about
