import { isIP } from 'node:net'
import { Agent, request } from 'undici'
import type { Milliseconds } from '#kernel/units.ts'
import { isPrivateAddress, publicLookup } from './address-check.ts'

/** Where the addresses of a document may lead: `private` only where somebody configured that it is on their network. */
export type Reach = 'public' | 'private'

export interface OutboundFetchOptions {
  readonly reach: Reach
  /** From the request to the last byte of the answer. */
  readonly timeoutMs?: Milliseconds
  /** Of an answer; a larger one is cut off and refused. */
  readonly maxBytes?: number
}

/** What a request is made of; redirects are never followed, whatever is asked. */
export interface OutboundRequest {
  readonly method?: string | undefined
  readonly headers?: Readonly<Record<string, string>> | undefined
  readonly body?: unknown
  readonly signal?: AbortSignal | undefined
}

/** A small fetch for documents: whole answers of bounded size from checked addresses. */
export interface OutboundFetch {
  readonly fetch: (url: string, asked?: OutboundRequest) => Promise<Response>
  readonly close: () => Promise<void>
}

/** Why nothing was sent, or the answer not taken; the address itself is not in it. */
export class OutboundRefused extends Error {
  readonly code: 'ECLUSE_PRIVATE_ADDRESS' | 'ECLUSE_PLAIN_HTTP' | 'ECLUSE_ANSWER_TOO_LARGE'

  constructor(code: OutboundRefused['code']) {
    super(code)
    this.name = 'OutboundRefused'
    this.code = code
  }
}

const TEN_SECONDS = 10_000
/** A discovery document or a key set has a few kB. */
const MAX_BYTES = 1024 * 1024
const CONNECT_MS = 5000
const CONNECTIONS = 16

/**
 * Opens a fetch for addresses that come from a document of somebody else's, such as the endpoints of an identity
 * provider: the name is resolved once and every address checked, a literal private address is refused, plain HTTP only
 * reaches this machine, and a redirect is an answer like any other.
 */
export function openOutboundFetch(options: OutboundFetchOptions): OutboundFetch {
  const { reach, timeoutMs = TEN_SECONDS, maxBytes = MAX_BYTES } = options
  const agent = new Agent({
    connections: CONNECTIONS,
    connect: { timeout: CONNECT_MS, ...(reach === 'public' ? { lookup: publicLookup() } : {}) },
    headersTimeout: timeoutMs,
    bodyTimeout: timeoutMs,
    maxResponseSize: maxBytes,
  })
  return {
    async fetch(url, asked = {}) {
      const target = new URL(url)
      check(target, reach)
      const limit = AbortSignal.timeout(timeoutMs)
      const body = asked.body instanceof URLSearchParams ? asked.body.toString() : asked.body
      const answer = await request(target, {
        dispatcher: agent,
        method: methodOf(asked.method),
        headers: { 'user-agent': 'ecluse', 'accept-encoding': 'identity', ...asked.headers },
        ...(typeof body === 'string' || body instanceof Uint8Array ? { body } : {}),
        signal: asked.signal ? AbortSignal.any([asked.signal, limit]) : limit,
      })
      const pieces: Uint8Array[] = []
      let received = 0
      for await (const piece of answer.body) {
        if (!(piece instanceof Uint8Array)) continue
        received += piece.length
        if (received > maxBytes) throw new OutboundRefused('ECLUSE_ANSWER_TOO_LARGE')
        pieces.push(piece)
      }
      return new Response(isBodiless(answer.statusCode) ? null : Buffer.concat(pieces), {
        status: answer.statusCode,
        headers: plainHeaders(answer.headers),
      })
    },
    close: () => agent.close(),
  }
}

function check({ protocol, hostname }: URL, reach: Reach): void {
  const host = hostname.replace(/^\[|\]$/g, '')
  const isLiteral = isIP(host) !== 0
  if (reach === 'public' && isLiteral && isPrivateAddress(host)) {
    throw new OutboundRefused('ECLUSE_PRIVATE_ADDRESS')
  }
  const isHere = host === 'localhost' || host === '127.0.0.1' || host === '::1'
  if (protocol !== 'https:' && !(protocol === 'http:' && isHere && reach === 'private')) {
    throw new OutboundRefused('ECLUSE_PLAIN_HTTP')
  }
}

/** The two that documents and forms need. */
const methodOf = (method = 'GET'): 'GET' | 'POST' =>
  method.toUpperCase() === 'POST' ? 'POST' : 'GET'

const isBodiless = (status: number): boolean => status === 204 || status === 304

function plainHeaders(headers: Readonly<Record<string, string | string[] | undefined>>): Headers {
  const plain = new Headers()
  for (const [name, value] of Object.entries(headers)) {
    for (const one of [value].flat()) if (one !== undefined) plain.append(name, one)
  }
  return plain
}
