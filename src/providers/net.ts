import { Pool } from 'undici'
import { isOwnZone, type Destination } from '#kernel/destination.ts'
import type { Milliseconds } from '#kernel/units.ts'
import { publicLookup } from './address-check.ts'

export interface Timeouts {
  readonly connectMs: Milliseconds
  /** From the request to the first byte of the answer's body, connecting and headers included. */
  readonly headersMs: Milliseconds
  /** Between two pieces of the answer. */
  readonly idleMs: Milliseconds
  /** From the request to the last byte, whoever holds it up; null: no limit. */
  readonly totalMs: Milliseconds | null
}

export const DEFAULT_TIMEOUTS: Timeouts = {
  connectMs: 5_000,
  headersMs: 300_000,
  idleMs: 120_000,
  totalMs: null,
}

/** Connections to one destination at most: the most places that it may be given. */
const CONNECTIONS = 65_536

/** A pool of connections to one destination, and where its paths begin. */
export interface Line {
  readonly pool: Pool
  /** Path of the base URL, without a trailing slash. */
  readonly basePath: string
  /** Scheme, host and port, or `unix:` and the path of the socket. */
  readonly origin: string
  /** The engine on board, over its socket. */
  readonly isOurs: boolean
  readonly timeouts: Timeouts
}

/** Opens the pool of a configured destination. Redirects are never followed: undici dispatch does not. */
export function openLine({ address, zone }: Destination, timeouts: Timeouts): Line {
  const options = {
    connections: CONNECTIONS,
    // the relay keeps time itself: undici knows no limit that spans headers and first byte, and counts held-back time
    headersTimeout: 0,
    bodyTimeout: 0,
    pipelining: 1,
  }
  if (address.kind === 'socket') {
    const connect = { socketPath: address.path, timeout: timeouts.connectMs }
    const pool = new Pool('http://localhost', { ...options, connect })
    return { pool, basePath: '/v1', origin: `unix:${address.path}`, isOurs: true, timeouts }
  }
  const url = new URL(address.baseUrl)
  const connect = {
    timeout: timeouts.connectMs,
    // a literal address was written by whoever configured it; a name outside must lead outside
    ...(isOwnZone(zone) ? {} : { lookup: publicLookup() }),
  }
  const pool = new Pool(url.origin, { ...options, connect })
  const basePath = url.pathname.replace(/\/+$/, '')
  return { pool, basePath, origin: url.origin, isOurs: false, timeouts }
}
