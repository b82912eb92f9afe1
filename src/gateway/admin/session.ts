import type { FastifyInstance, FastifyRequest } from 'fastify'
import { z } from 'zod'
import type { Caller } from '#kernel/exchange.ts'
import { callerOf, cookieName, sessionCookie } from '../credentials.ts'
import type { GatewayHouse, GatewaySettings } from '../ports.ts'
import { adminAnswer, adminRefusal } from './answer.ts'
import { ownOrigin } from '../sign-in/own-origin.ts'
import { adminBody } from './body.ts'

const SignIn = z.strictObject({ key: z.string().min(1).max(512) })

/** Sign-in by key: the key is sent once, the cookie holds an unrelated random value. */
export function sessionRoutes(
  fastify: FastifyInstance,
  house: GatewayHouse,
  settings: GatewaySettings,
): void {
  fastify.post('/api/session', async (request, reply) => {
    const body = adminBody(request, SignIn)
    if (!body.ok) return adminRefusal(request, reply, body.error)
    const session = await house.identity.openSession(body.value.key, request.ip)
    if (!session.ok) {
      // any other is a record of its own
      if (session.error.code === 'too-many-attempts')
        house.turnedAway(session.error.code, 'sign-in')
      return adminRefusal(request, reply, session.error)
    }
    const { cookieValue, expiresAt, caller } = session.value
    const maxAge = Math.max(0, Math.floor((expiresAt - house.clock()) / 1000))
    void reply.header('set-cookie', cookie(cookieValue, maxAge, settings.secure))
    return adminAnswer(reply, view(caller))
  })
  fastify.get('/api/session', async (request, reply) => {
    const caller = await callerOf(request, house.identity)
    return caller.ok
      ? adminAnswer(reply, view(caller.value))
      : adminRefusal(request, reply, caller.error)
  })
  fastify.delete('/api/session', async (request, reply) => {
    const returnTo = `${ownOrigin(request, house.signIn.url())}/`
    const next = await leaving(house, request, returnTo)
    void reply.header('set-cookie', cookie('', 0, settings.secure))
    return next === null ? reply.code(204).send() : adminAnswer(reply, { next })
  })
}

/** Ends the session, or the key that a command line signed in for; where the browser ends it at the provider, or null. */
async function leaving(
  house: GatewayHouse,
  request: FastifyRequest,
  returnTo: string,
): Promise<string | null> {
  const cookieValue = sessionCookie(request)
  if (cookieValue !== undefined) {
    const next = await house.signIn.leave({ cookieValue }, returnTo)
    await house.identity.closeSession(cookieValue)
    return next
  }
  const caller = await callerOf(request, house.identity)
  return caller.ok ? house.signIn.leave({ keyId: caller.value.keyId }, returnTo) : null
}

/** The cookie of a session as it is set. */
export const sessionCookieLine = (value: string, maxAge: number, secure: boolean): string =>
  cookie(value, maxAge, secure)

const cookie = (value: string, maxAge: number, secure: boolean): string =>
  `${cookieName(secure)}=${value}; Path=/; HttpOnly; SameSite=Strict; Max-Age=${maxAge}${secure ? '; Secure' : ''}`

const view = ({ name, grants, permissions, tenant, team, person }: Caller): object => ({
  name,
  scopes: grants,
  permissions,
  tenant,
  team,
  person,
})
