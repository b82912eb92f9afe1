import { lookup } from 'node:dns/promises'
import { statfs } from 'node:fs/promises'
import { isIP } from 'node:net'
import type { Readable, Transform } from 'node:stream'
import {
  createBrotliDecompress,
  createGunzip,
  createInflate,
  createZstdDecompress,
} from 'node:zlib'
import { request, type Dispatcher } from 'undici'
import type { Clock, NewId } from '#kernel/ports.ts'
import { isPrivateAddress } from '#kernel/public-lookup.ts'
import { PullError } from './pull-failure.ts'
import { pullRoutes, type PullRoutes } from './pull-proxy.ts'
import { runProgram, type ProgramSurroundings } from './run-program.ts'

export interface HttpAnswer {
  readonly status: number
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  readonly body: AsyncIterable<Uint8Array>
  /** Gives the connection up without reading the body. */
  readonly discard: () => Promise<void>
}

/** What a pull needs of the world. */
export interface PullPorts {
  readonly now: Clock
  readonly newId: NewId
  /** Bytes that this process may still write in a directory. */
  readonly freeBytes: (dir: string) => Promise<number>
  /**
   * One GET; redirects are not followed. Rejects when the server cannot be reached, falls silent or hardly moves. `from`
   * is the place that named this address: one of the world may not lead into our own networks.
   */
  readonly get: (
    url: URL,
    headers: Readonly<Record<string, string>>,
    signal: AbortSignal,
    from?: URL,
  ) => Promise<HttpAnswer>
  /** One POST of a form, otherwise as `get`. */
  readonly post: (
    url: URL,
    form: URLSearchParams,
    signal: AbortSignal,
    from?: URL,
  ) => Promise<HttpAnswer>
  /** Runs a program to its end; null when there is no such program. What it prints is not kept. */
  readonly run: (
    program: string,
    args: readonly string[],
    signal: AbortSignal,
    surroundings?: ProgramSurroundings,
  ) => Promise<number | null>
}

/** Silence after which a server counts as gone, milliseconds. */
const SILENCE_MS = 30_000

/** What a package tool needs of the environment: where things are, proxies, its own settings. */
const PASSED_ON =
  /^(PATH|HOME|USERPROFILE|APPDATA|LOCALAPPDATA|SystemRoot|TMPDIR|TEMP|TMP|LANG|LC_\w+|PIP_\w+|PYENV_\w+|VIRTUAL_ENV|XDG_\w+|(HTTPS?|NO|ALL)_PROXY|SSL_CERT_\w+|REQUESTS_CA_BUNDLE)$/i

/** The ports of the running machine. */
export const machinePorts = (
  now: Clock,
  newId: NewId,
  environment: Readonly<Record<string, string | undefined>>,
): PullPorts => ({
  now,
  newId,
  freeBytes: async (dir) => {
    const { bavail, bsize } = await statfs(dir)
    return bavail * bsize
  },
  ...asking(now, pullRoutes(environment)),
  run: (program, args, signal, surroundings) =>
    runProgram(
      program,
      args,
      Object.fromEntries(Object.entries(environment).filter(([name]) => PASSED_ON.test(name))),
      signal,
      surroundings,
    ),
})

const FORM = { 'content-type': 'application/x-www-form-urlencoded' } as const

function asking(now: Clock, routes: PullRoutes): Pick<PullPorts, 'get' | 'post'> {
  const ask = async (
    url: URL,
    what: Pick<Dispatcher.RequestOptions, 'method' | 'body'> & {
      readonly headers: Readonly<Record<string, string>>
    },
    signal: AbortSignal,
    from?: URL,
  ): Promise<HttpAnswer> => {
    const dispatcher = await routeTo(url, from, routes)
    const answer = await request(url, {
      ...what,
      headers: { ...what.headers, 'accept-encoding': 'identity', 'user-agent': 'ecluse' },
      signal,
      headersTimeout: SILENCE_MS,
      bodyTimeout: SILENCE_MS,
      ...(dispatcher ? { dispatcher } : {}),
    }).catch((error: unknown) => {
      throw from && isInward(error) ? leadsInward(from) : error
    })
    const { headers } = answer
    const encoding = String(headers['content-encoding'] ?? 'identity').toLowerCase()
    const decode = answer.statusCode === 200 ? DECODERS[encoding] : undefined
    return {
      status: answer.statusCode,
      // of what is decoded, neither the length nor the parts are those that the server counts
      headers: decode ? without(headers, OF_ENCODED) : headers,
      body: moving(decode ? decoded(answer.body, decode()) : answer.body, now),
      discard: () => answer.body.dump({ limit: 64 * 1024 }),
    }
  }
  return {
    get: (url, headers, signal, from) => ask(url, { method: 'GET', headers }, signal, from),
    post: (url, form, signal, from) =>
      ask(url, { method: 'POST', headers: FORM, body: form.toString() }, signal, from),
  }
}

/** What some servers do to a file though they were asked not to (RFC 9110, 8.4.1). */
const DECODERS: Readonly<Record<string, () => Transform>> = {
  gzip: createGunzip,
  'x-gzip': createGunzip,
  deflate: createInflate,
  br: createBrotliDecompress,
  zstd: createZstdDecompress,
}
const OF_ENCODED = ['content-length', 'content-encoding', 'etag', 'last-modified', 'accept-ranges']

const without = (headers: HttpAnswer['headers'], names: readonly string[]): HttpAnswer['headers'] =>
  Object.fromEntries(Object.entries(headers).filter(([name]) => !names.includes(name)))

async function* decoded(body: Readable, decoder: Transform): AsyncGenerator<Uint8Array> {
  body.on('error', (error) => decoder.destroy(error))
  try {
    yield* body.pipe(decoder) as AsyncIterable<Uint8Array>
  } finally {
    decoder.destroy()
    body.destroy()
  }
}

/** Least that a body must bring in such a time, bytes: nobody waits for a model at the pace of a telegraph. */
const LEAST_BYTES = 16 * 1024

/** A body that brings a byte now and then counts as one that fell silent. */
async function* moving(body: AsyncIterable<Uint8Array>, now: Clock): AsyncGenerator<Uint8Array> {
  let since = now()
  let brought = 0
  for await (const piece of body) {
    brought += piece.length
    const passedMs = now() - since
    if (passedMs > SILENCE_MS) {
      if (brought < LEAST_BYTES) throw new Error('the body hardly moves')
      since += passedMs
      brought = 0
    }
    yield piece
  }
}

/** For an address that a place of the world has named, connections to the world; any, where the place itself is one of our own. */
async function routeTo(
  url: URL,
  from: URL | undefined,
  { named, outward }: PullRoutes,
): Promise<Dispatcher | undefined> {
  if (from === undefined || (await isOurs(from.hostname))) return named
  const host = plainHost(url.hostname)
  // a literal address is looked up nowhere
  if (isIP(host) !== 0 && isPrivateAddress(host)) throw leadsInward(from)
  return outward
}

async function isOurs(hostname: string): Promise<boolean> {
  const host = plainHost(hostname)
  if (isIP(host) !== 0) return isPrivateAddress(host)
  const found = await lookup(host, { all: true }).catch(() => [])
  return found.some(({ address }) => isPrivateAddress(address))
}

const plainHost = (hostname: string): string => hostname.replace(/^\[|\]$/g, '')

const isInward = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && error.code === 'ECLUSE_PRIVATE_ADDRESS'

const leadsInward = (from: URL): PullError =>
  new PullError({ code: 'leads-inward', detail: { source: from.host } })
