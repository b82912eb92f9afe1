import * as z from 'zod/mini'
import { ApiError, isAbort, localFailure, readFailure } from './failure.ts'
import type { Failure } from './failure.ts'

// zod would otherwise probe `new Function`, which the content security policy reports.
z.config({ jitless: true })

/** One call to the gateway; paths are of the same origin, the session travels in a cookie. */
export interface Call {
  readonly method?: 'GET' | 'POST' | 'DELETE'
  readonly path: string
  readonly query?: Readonly<Record<string, string | null>>
  readonly body?: unknown
  readonly accept?: string
  readonly signal?: AbortSignal
}

/** The two ways to ask: a whole JSON answer, or a response still open for streaming. Both throw ApiError. */
export interface Http {
  readonly json: <T>(call: Call, shape: z.ZodMiniType<T>) => Promise<T>
  readonly open: (call: Call) => Promise<Response>
}

/** What the transport needs of its surroundings. */
export interface HttpParts {
  readonly network: (url: string, init: RequestInit) => Promise<Response>
  /** The language of error messages. */
  readonly language: () => string
  /** Told when the gateway no longer knows who asks. */
  readonly signedOut: () => void
}

/** The transport over the given parts. */
export function createHttp({ network, language, signedOut }: HttpParts): Http {
  const open = async (call: Call): Promise<Response> => {
    const response = await answered(network(urlOf(call), initOf(call, language())))
    if (response.ok) return response
    const failure = refusalIn(response.headers, readFailure(await bodyOf(response)))
    if (response.status === 401 && isOurs(call, failure.code)) signedOut()
    throw new ApiError(failure, response.status, response.headers)
  }
  const json = async <T>(call: Call, shape: z.ZodMiniType<T>): Promise<T> => {
    const response = await open(call)
    const parsed = shape.safeParse(await bodyOf(response))
    if (parsed.success) return parsed.data
    throw new ApiError(localFailure('unexpected-answer'), response.status, response.headers)
  }
  return { json, open }
}

/** The code of our own list; the body of a model surface speaks the codes of its dialect. */
const refusalIn = (headers: Headers, told: Failure | null): Failure =>
  told === null
    ? localFailure('unexpected-answer')
    : { ...told, code: headers.get('x-ecluse-error') ?? told.code }

/** On the model surfaces a 401 may tell of somebody else's credentials. */
const isOurs = (call: Call, code: string): boolean =>
  call.path.startsWith('/api/') || ['missing-key', 'invalid-key', 'key-expired'].includes(code)

async function answered(response: Promise<Response>): Promise<Response> {
  try {
    return await response
  } catch (thrown) {
    if (isAbort(thrown)) throw thrown
    throw new ApiError(localFailure('unreachable'), 0)
  }
}

/** The JSON body; undefined when there is none or it is not JSON. */
async function bodyOf(response: Response): Promise<unknown> {
  try {
    return await response.json()
  } catch (thrown) {
    if (isAbort(thrown)) throw thrown
    return undefined
  }
}

export function urlOf({ path, query = {} }: Call): string {
  const given = Object.entries(query).filter((pair): pair is [string, string] => pair[1] !== null)
  return given.length === 0 ? path : `${path}?${new URLSearchParams(given)}`
}

function initOf(call: Call, language: string): RequestInit {
  const headers = new Headers({
    accept: call.accept ?? 'application/json',
    'accept-language': language,
  })
  if (call.body !== undefined) headers.set('content-type', 'application/json')
  return {
    method: call.method ?? 'GET',
    headers,
    credentials: 'same-origin',
    cache: 'no-store',
    redirect: 'error',
    ...(call.body === undefined ? {} : { body: JSON.stringify(call.body) }),
    ...(call.signal === undefined ? {} : { signal: call.signal }),
  }
}
