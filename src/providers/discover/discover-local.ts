import type { Destination } from '#kernel/destination.ts'
import type { Milliseconds } from '#kernel/units.ts'
import { llamaServer, llamaServerBefore2026 } from './llama-server.ts'
import { lmStudio } from './lm-studio.ts'
import { askLocalWith } from './local-json.ts'
import type { LocalServer } from './local-server.ts'
import type { LocalGet } from './loopback-get.ts'
import { ollama } from './ollama.ts'
import { VENDORS } from '../vendors.ts'
import { vllm } from './vllm.ts'

/** Every server that is looked for, on its usual port. */
export const LOCAL_SERVERS: readonly LocalServer[] = [
  ollama,
  llamaServer,
  llamaServerBefore2026,
  lmStudio,
  vllm,
]

/** Longest wait for one answer of a local port. */
export const DISCOVERY_TIMEOUT_MS: Milliseconds = 250

export interface DiscoveryTools {
  readonly get: LocalGet
  /** For each question; all questions are asked at once. */
  readonly timeoutMs: Milliseconds
}

/** Asks the usual ports of this machine for model servers. Never rejects; what is not recognised beyond doubt is left out. */
export async function discoverLocal(tools: DiscoveryTools): Promise<readonly Destination[]> {
  const ask = askLocalWith(tools.get, tools.timeoutMs)
  const found = await Promise.all(LOCAL_SERVERS.map((server) => server.probe(ask, server.port)))
  return found.filter((destination) => destination !== undefined).map(inItsWords)
}

/** What this kind of server says otherwise, from its row of the vendors. */
function inItsWords(destination: Destination): Destination {
  const quirks = VENDORS.find(({ id, kind }) => kind === 'local' && id === destination.id)?.quirks
  return quirks ? { ...destination, quirks } : destination
}

/** The discovered destinations that the configuration does not already name or address. */
export function withoutConfigured(
  found: readonly Destination[],
  configured: readonly Destination[],
): readonly Destination[] {
  const ids = new Set(configured.map(({ id }) => id))
  const ports = new Set(configured.flatMap(({ address }) => loopbackPort(address)))
  return found.filter(
    ({ id, address }) => !ids.has(id) && !loopbackPort(address).some((port) => ports.has(port)),
  )
}

/** `localhost`, `127.0.0.1` and `[::1]` are one machine. */
function loopbackPort(address: Destination['address']): readonly string[] {
  if (address.kind !== 'url') return []
  const { hostname, port, protocol } = new URL(address.baseUrl)
  const local = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$/.test(hostname)
  return local ? [port || (protocol === 'https:' ? '443' : '80')] : []
}
