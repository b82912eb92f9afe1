import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import type { CliWaiting } from '#identity/oidc/transaction.ts'
import { adminAnswer, adminRefusal } from '../admin/answer.ts'
import { adminBody, adminQuery } from '../admin/body.ts'
import { sessionCookieLine } from '../admin/session.ts'
import { cookiesOf } from '../credentials.ts'
import { PAGE_HEADERS } from '../perimeter.ts'
import type { GatewayHouse, GatewaySettings } from '../ports.ts'
import { backChannelRoute } from './back-channel.ts'
import { ownOrigin } from './own-origin.ts'
import { cliRedirect, codePage, refusalPage } from './pages.ts'

/** 43 characters of base64url: a state, a challenge, a verifier. */
const Random = z.string().regex(/^[\w-]{43}$/)

const Start = z.strictObject({
  return: z.string().max(300).optional(),
  /** Port of a command line that listens on this machine, or `paste`. */
  cli: z.union([z.literal('paste'), z.coerce.number().int().min(1024).max(65_535)]).optional(),
  challenge: Random.optional(),
  state: Random.optional(),
})

const Redeem = z.strictObject({
  code: Random,
  verifier: Random,
  name: z.string().min(1).max(100),
})

/** Sign-in with an identity provider: out to it, back from it, and the way for command lines. */
export function signInRoutes(
  fastify: FastifyInstance,
  house: GatewayHouse,
  settings: GatewaySettings,
): void {
  const { signIn } = house
  fastify.get('/api/sign-in', async (_request, reply) =>
    adminAnswer(reply, { providers: signIn.providers() }),
  )
  fastify.get('/api/sign-in/start/:provider', async (request, reply) => {
    const query = adminQuery(request, Start)
    if (!query.ok) return refusalPage(request, reply, query.error)
    const { cli: port, challenge, state, return: returnTo } = query.value
    const provider = providerOf(request)
    const redirectUri = `${ownOrigin(request, signIn.url())}/api/sign-in/callback/${provider}`
    const isWhole = port === undefined || (challenge !== undefined && state !== undefined)
    if (!isWhole) return refusalPage(request, reply, { code: 'missing-field', param: 'challenge' })
    const cli: CliWaiting | null =
      port === undefined || challenge === undefined || state === undefined
        ? null
        : { port: port === 'paste' ? null : port, challenge, state }
    const begun = await signIn.begin({ provider, redirectUri, returnTo, cli })
    if (!begun.ok) return refusalPage(request, reply, begun.error)
    const { name, value, maxAgeSeconds } = begun.value.cookie
    void reply.header('set-cookie', transactionLine(name, value, maxAgeSeconds, settings.secure))
    return redirect(reply, begun.value.location)
  })
  fastify.get('/api/sign-in/callback/:provider', async (request, reply) => {
    const finished = await signIn.finish({
      provider: providerOf(request),
      currentUrl: new URL(request.url, 'http://localhost'),
      cookies: cookiesOf(request),
      address: request.ip,
    })
    for (const name of cookiesOf(request).keys()) {
      if (name.startsWith(TRANSACTIONS)) {
        void reply.header('set-cookie', transactionLine(name, '', 0, settings.secure))
      }
    }
    if (!finished.ok) {
      const { refusal, cli } = finished.error
      return cli === null || cli.port === null
        ? refusalPage(request, reply, refusal)
        : redirect(reply, cliRedirect(cli, { error: refusal.code }))
    }
    if (finished.value.kind === 'page') {
      const { session, returnTo } = finished.value
      const maxAge = Math.max(0, Math.floor((session.expiresAt - house.clock()) / 1000))
      const line = sessionCookieLine(session.cookieValue, maxAge, settings.secure)
      void reply.header('set-cookie', line)
      return redirect(reply, returnTo)
    }
    const { cli, code } = finished.value
    return cli.port === null
      ? codePage(request, reply, code)
      : redirect(reply, cliRedirect(cli, { code }))
  })
  fastify.post('/api/sign-in/token', async (request, reply) => {
    const body = adminBody(request, Redeem)
    if (!body.ok) return adminRefusal(request, reply, body.error)
    const redeemed = await signIn.redeem(body.value, request.ip)
    return redeemed.ok
      ? adminAnswer(reply.code(201), redeemed.value)
      : adminRefusal(request, reply, redeemed.error)
  })
  backChannelRoute(fastify, (request, reply, token) => leaveByToken(house, request, reply, token))
}

async function leaveByToken(
  { signIn }: GatewayHouse,
  request: FastifyRequest,
  reply: FastifyReply,
  token: string,
): Promise<FastifyReply> {
  const left = await signIn.leaveByToken(providerOf(request), token)
  if (left.ok) return reply.code(200).header('cache-control', 'no-store').send()
  // the shape that OpenID Connect Back-Channel Logout 1.0, section 2.8, asks for
  const isAway = left.error.code === 'sign-in-unavailable'
  return adminAnswer(reply.code(isAway ? 503 : 400), { error: 'invalid_request' })
}

/** Before every name of a transaction's cookie. */
const TRANSACTIONS = 'ecluse_sign_in_'

const providerOf = (request: FastifyRequest): string =>
  z.object({ provider: z.string() }).parse(request.params).provider

/** Lax: the browser comes back from another site, and must bring it along. */
const transactionLine = (name: string, value: string, maxAge: number, secure: boolean): string =>
  `${name}=${value}; Path=/api/sign-in; HttpOnly; SameSite=Lax; Max-Age=${maxAge}${secure ? '; Secure' : ''}`

const redirect = (reply: FastifyReply, location: string): FastifyReply =>
  reply
    .code(303)
    .headers(PAGE_HEADERS)
    .header('cache-control', 'no-store')
    .header('location', location)
    .send()
