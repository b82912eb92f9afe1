import type { z } from 'zod'
import { isSafeUrl, refusedBy, shownUrl } from '../pull/http-download.ts'
import { PullError } from '../pull/pull-failure.ts'
import type { PullPorts } from '../pull/pull-ports.ts'
import { MOST_LIST_BYTES } from './plan.ts'

export interface Got {
  readonly status: number
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  readonly bytes: Buffer
  readonly url: URL
}

/** Redirects that a list may take. */
const MOST_REDIRECTS = 5

/** One small answer, redirects within the same place followed: a list of files is never taken from somewhere else. */
export async function getSmall(
  url: URL,
  headers: Readonly<Record<string, string>>,
  ports: PullPorts,
  signal: AbortSignal,
  /** The place that named this address, where no person did. */
  from?: URL,
): Promise<Got> {
  let at = url
  for (let redirects = 0; redirects <= MOST_REDIRECTS; redirects++) {
    if (!isSafeUrl(at)) throw new PullError({ code: 'unsafe-address' })
    const source = shownUrl(at)
    let answer
    try {
      answer = await ports.get(at, headers, signal, from)
    } catch (error) {
      if (signal.aborted || error instanceof PullError) throw error
      throw new PullError({ code: 'source-unreachable', detail: { source } })
    }
    const { location } = answer.headers
    if ([301, 302, 303, 307, 308].includes(answer.status) && typeof location === 'string') {
      await answer.discard()
      const next = URL.parse(location, at.href)
      if (next === null || next.origin !== at.origin)
        throw new PullError({ code: 'unsafe-address' })
      at = next
      continue
    }
    const bytes = await whole(answer.body, source, signal)
    return { status: answer.status, headers: answer.headers, bytes, url: at }
  }
  throw new PullError({ code: 'too-many-redirects', detail: { source: shownUrl(url) } })
}

/** The small answer to a form. Redirects are not followed: what is in a form goes to one place. */
export async function postForm(
  url: URL,
  form: URLSearchParams,
  ports: PullPorts,
  signal: AbortSignal,
  from: URL,
): Promise<Got> {
  if (!isSafeUrl(url)) throw new PullError({ code: 'unsafe-address' })
  const source = shownUrl(url)
  let answer
  try {
    answer = await ports.post(url, form, signal, from)
  } catch (error) {
    if (signal.aborted || error instanceof PullError) throw error
    throw new PullError({ code: 'source-unreachable', detail: { source } })
  }
  const bytes = await whole(answer.body, source, signal)
  return { status: answer.status, headers: answer.headers, bytes, url }
}

async function whole(
  body: AsyncIterable<Uint8Array>,
  source: string,
  signal: AbortSignal,
): Promise<Buffer> {
  const pieces: Uint8Array[] = []
  let length = 0
  try {
    for await (const piece of body) {
      length += piece.length
      if (length > MOST_LIST_BYTES)
        throw new PullError({ code: 'source-malformed', detail: { source } })
      pieces.push(piece)
    }
  } catch (error) {
    if (error instanceof PullError || signal.aborted) throw error
    throw new PullError({ code: 'source-unreachable', detail: { source } })
  }
  return Buffer.concat(pieces)
}

/** The JSON of an answer in the shape that is wanted. */
export function jsonOf<T>(got: Got, shape: z.ZodType<T>): T {
  const { bytes, url } = got
  const source = shownUrl(url)
  if (got.status !== 200) throw new PullError(refusedBy(source, got))
  let parsed: unknown
  try {
    parsed = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
  } catch {
    throw new PullError({ code: 'source-malformed', detail: { source } })
  }
  const read = shape.safeParse(parsed)
  if (!read.success) throw new PullError({ code: 'source-malformed', detail: { source } })
  return read.data
}
