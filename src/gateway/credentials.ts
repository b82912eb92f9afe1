import type { FastifyRequest } from 'fastify'
import type { Caller, Scope } from '#kernel/exchange.ts'
import type { Refusal } from '#kernel/refusal.ts'
import { err, type Result } from '#kernel/result.ts'
import type { Callers } from './ports.ts'

export const SESSION_COOKIE = 'ecluse_session'

/** Who asks: a bearer key, an `x-api-key`, or the session of our own page. A key is asked of local callers too. */
export async function callerOf(
  request: FastifyRequest,
  identity: Callers,
): Promise<Result<Caller, Refusal>> {
  const presented = presentedKey(request)
  const session = presented === undefined ? sessionCookie(request) : undefined
  return session === undefined
    ? identity.authenticate(presented, request.ip)
    : identity.resolveSession(session)
}

/** The caller, if the key has the scope. */
export async function callerWith(
  scope: Scope,
  request: FastifyRequest,
  identity: Callers,
): Promise<Result<Caller, Refusal>> {
  const caller = await callerOf(request, identity)
  if (!caller.ok) return caller
  return caller.value.scopes.includes(scope) || caller.value.scopes.includes('admin')
    ? caller
    : err({ code: 'scope-missing', detail: { scope } })
}

export function sessionCookie(request: FastifyRequest): string | undefined {
  const cookies = request.headers.cookie?.split(';') ?? []
  const own = cookies
    .map((cookie) => cookie.trim())
    .find((cookie) => cookie.startsWith(`${SESSION_COOKIE}=`))
  return own?.slice(SESSION_COOKIE.length + 1)
}

function presentedKey(request: FastifyRequest): string | undefined {
  const { authorization } = request.headers
  if (authorization !== undefined) return /^Bearer +(\S+)$/i.exec(authorization)?.[1] ?? ''
  const key = request.headers['x-api-key']
  return typeof key === 'string' ? key : undefined
}
