import type { FastifyRequest } from 'fastify'
import type { Caller } from '#kernel/exchange.ts'
import type { Permission } from '#kernel/permission.ts'
import type { Refusal } from '#kernel/refusal.ts'
import { err, type Result } from '#kernel/result.ts'
import { isGeminiPath } from '#protocols/gemini/target.ts'
import type { Callers } from './ports.ts'

/** With TLS the name binds the cookie to this host and to TLS (RFC 6265bis, 4.1.3.2). */
export const cookieName = (secure: boolean): string =>
  secure ? '__Host-ecluse_session' : 'ecluse_session'

/** All that telling a caller needs. */
export type KnowsCallers = Pick<Callers, 'authenticate' | 'resolveSession'>

/** Who asks: a bearer key, the key header or query of a surface, or the session of our own page. A key is asked of local callers too. */
export async function callerOf(
  request: FastifyRequest,
  identity: KnowsCallers,
): Promise<Result<Caller, Refusal>> {
  const presented = presentedKey(request)
  const session = presented === undefined ? sessionCookie(request) : undefined
  if (session === undefined) return identity.authenticate(presented, request.ip)
  return isOfOwnPage(request)
    ? identity.resolveSession(session, request.ip)
    : err({ code: 'origin-not-allowed' })
}

/** The caller, if they have the permission. */
export async function callerWith(
  permission: Permission,
  request: FastifyRequest,
  identity: KnowsCallers,
): Promise<Result<Caller, Refusal>> {
  const caller = await callerOf(request, identity)
  if (!caller.ok) return caller
  return caller.value.permissions.includes(permission)
    ? caller
    : err({ code: 'scope-missing', detail: { scope: permission } })
}

/** A cookie is sent by the browser, whoever wrote the page: what changes something must say that it comes from ours. */
function isOfOwnPage({ method, headers }: FastifyRequest): boolean {
  if (method === 'GET' || method === 'HEAD') return true
  // an Origin that is there was compared at the perimeter already
  return headers.origin !== undefined || headers['sec-fetch-site'] === 'same-origin'
}

/** Under either of its names: a proxy that ends TLS can have come in between. */
export function sessionCookie(request: FastifyRequest): string | undefined {
  const cookies = cookiesOf(request)
  return cookies.get(cookieName(true)) ?? cookies.get(cookieName(false))
}

/** The cookies of a request by name; the first of a name counts. */
export function cookiesOf(request: FastifyRequest): ReadonlyMap<string, string> {
  const cookies = new Map<string, string>()
  for (const part of request.headers.cookie?.split(';') ?? []) {
    const at = part.indexOf('=')
    const name = part.slice(0, at).trim()
    if (at > 0 && !cookies.has(name)) cookies.set(name, part.slice(at + 1).trim())
  }
  return cookies
}

/** A key where one of the surfaces has it; a header counts before the query. */
function presentedKey(request: FastifyRequest): string | undefined {
  const { authorization } = request.headers
  if (authorization !== undefined) return /^Bearer +(\S+)$/i.exec(authorization)?.[1] ?? ''
  const key = request.headers['x-api-key'] ?? request.headers['x-goog-api-key']
  return typeof key === 'string' ? key : queryKey(request)
}

/** The Gemini API takes its key as `?key=` too; no other surface does, because addresses end up in logs. */
function queryKey({ url, query }: FastifyRequest): string | undefined {
  if (!isGeminiPath(url.split('?', 1)[0] ?? '')) return undefined
  if (typeof query !== 'object' || query === null) return undefined
  if (!('key' in query)) return undefined
  return typeof query.key === 'string' ? query.key : ''
}
