import { Agent, request } from 'undici'
import { err, ok, type Result } from '#kernel/result.ts'
import type { Milliseconds } from '#kernel/units.ts'

/** What a local port answered. */
export interface LocalAnswer {
  readonly status: number
  readonly body: string
}

/** Why there is no answer; nothing of what was received. */
export type LocalFailure = 'not-loopback' | 'unreachable' | 'too-slow' | 'too-large'

/** Asks one address of this machine; resolves always, and gives up when the signal says so. */
export type LocalGet = (
  url: string,
  signal: AbortSignal,
) => Promise<Result<LocalAnswer, LocalFailure>>

/** Longest answer that is read, in bytes. */
export const MAX_ANSWER_BYTES = 65_536

/** Literal loopback addresses only: a name could resolve to anything. */
const isLoopbackUrl = (url: URL): boolean =>
  url.protocol === 'http:' && /^(?:127(?:\.\d{1,3}){3}|\[::1\])$/.test(url.hostname)

/** A GET for loopback addresses: no redirects, no proxy, no credentials, answers of 64 kB at most. */
export function createLoopbackGet(connectTimeoutMs: Milliseconds): LocalGet {
  return async (url, signal) => {
    if (!URL.canParse(url) || !isLoopbackUrl(new URL(url))) return err('not-loopback')
    // an own agent: the global one may be set to a proxy
    const agent = new Agent({
      connections: 1,
      pipelining: 0,
      connect: { timeout: connectTimeoutMs },
    })
    try {
      const headers = { accept: 'application/json' }
      const answer = await request(url, { dispatcher: agent, method: 'GET', headers, signal })
      const body = await readBounded(answer.body)
      return body === undefined ? err('too-large') : ok({ status: answer.statusCode, body })
    } catch {
      return err(signal.aborted ? 'too-slow' : 'unreachable')
    } finally {
      await agent.destroy()
    }
  }
}

async function readBounded(body: AsyncIterable<unknown>): Promise<string | undefined> {
  const pieces: Uint8Array[] = []
  let size = 0
  for await (const piece of body) {
    if (!(piece instanceof Uint8Array)) return undefined
    size += piece.length
    if (size > MAX_ANSWER_BYTES) return undefined
    pieces.push(piece)
  }
  return Buffer.concat(pieces).toString('utf8')
}
