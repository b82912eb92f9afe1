import { Pool } from 'undici'
import type { Destination } from '#kernel/destination.ts'
import type { Milliseconds } from '#kernel/units.ts'

export interface Timeouts {
  readonly connectMs: Milliseconds
  /** Until the first byte of the answer. */
  readonly headersMs: Milliseconds
  /** Between two pieces of the answer. */
  readonly idleMs: Milliseconds
}

export const DEFAULT_TIMEOUTS: Timeouts = { connectMs: 5_000, headersMs: 300_000, idleMs: 120_000 }

/** Connections kept to one destination. */
const CONNECTIONS = 128

/** A pool of connections to one destination, and where its paths begin. */
export interface Line {
  readonly pool: Pool
  /** Path of the base URL, without a trailing slash. */
  readonly basePath: string
  /** Scheme, host and port, or `unix:` and the path of the socket. */
  readonly origin: string
  /** The engine on board, over its socket. */
  readonly isOurs: boolean
}

/** Opens the pool of a configured destination. Redirects are never followed: undici dispatch does not. */
export function openLine({ address }: Destination, timeouts: Timeouts): Line {
  const options = {
    connections: CONNECTIONS,
    headersTimeout: timeouts.headersMs,
    bodyTimeout: timeouts.idleMs,
    pipelining: 1,
  }
  if (address.kind === 'socket') {
    const connect = { socketPath: address.path, timeout: timeouts.connectMs }
    const pool = new Pool('http://localhost', { ...options, connect })
    return { pool, basePath: '/v1', origin: `unix:${address.path}`, isOurs: true }
  }
  const url = new URL(address.baseUrl)
  const pool = new Pool(url.origin, { ...options, connect: { timeout: timeouts.connectMs } })
  return { pool, basePath: url.pathname.replace(/\/+$/, ''), origin: url.origin, isOurs: false }
}
