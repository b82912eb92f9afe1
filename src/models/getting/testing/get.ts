import assert from 'node:assert/strict'
import { createHash, randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import { machinePorts, type PullPorts } from '../../pull/pull-ports.ts'
import type { PullContext } from '../../pull/pull-request.ts'
import { pullSet } from '../pull-set.ts'

export const ports: PullPorts = machinePorts(Date.now, randomUUID, {})
export const sha256 = (bytes: Uint8Array): string =>
  createHash('sha256').update(bytes).digest('hex')
export const gitSha = (bytes: Uint8Array): string =>
  createHash('sha1').update(`blob ${bytes.length}\0`).update(bytes).digest('hex')

/** For tests: a folder that goes with the test. */
export async function folder(t: TestContext): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), 'ecluse-get-'))
  t.after(() => rm(dir, { recursive: true, force: true }))
  return dir
}

type Handle = (request: IncomingMessage, response: ServerResponse) => unknown

/** For tests: a server on this machine that goes with the test. */
export async function serve(t: TestContext, handle: Handle): Promise<string> {
  const server = createServer((request, response) => void handle(request, response))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.after(() => {
    server.closeAllConnections()
    server.close()
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

/** For tests: `pullSet` where nothing can be reached that the test does not name. */
export const pull = (
  dir: string,
  reference: string,
  over: Partial<Parameters<typeof pullSet>[0]> = {},
  through: PullPorts = ports,
  signal: AbortSignal = new AbortController().signal,
): ReturnType<typeof pullSet> =>
  pullSet(
    {
      dir,
      reference,
      hub: 'http://127.0.0.1:1',
      ollamaRegistry: 'http://127.0.0.1:1',
      ollamaStore: join(dir, 'ollama'),
      ...over,
    },
    through,
    () => undefined,
    signal,
  )

export function value<T>(result: { ok: true; value: T } | { ok: false; error: unknown }): T {
  assert.ok(result.ok, JSON.stringify(result))
  return result.value
}

/** The code of a refusal; `pulled` where there was none. */
export const codeOf = (
  result: { readonly ok: true } | { readonly ok: false; readonly error: { readonly code: string } },
): string => (result.ok ? 'pulled' : result.error.code)

export const contextOf = (dir: string, through: PullPorts = ports): PullContext => ({
  dir,
  ports: through,
  onProgress: () => undefined,
  signal: new AbortController().signal,
})
