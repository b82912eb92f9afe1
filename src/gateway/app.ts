import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify'
import type { Socket } from 'node:net'
import type { SecureContextOptions } from 'node:tls'
import { preferredLanguage } from '#kernel/language.ts'
import type { Refusal } from '#kernel/refusal.ts'
import { malformed } from '#protocols/multipart/problem.ts'
import { registerAdmin } from './admin/routes.ts'
import { adminRefusal } from './admin/answer.ts'
import { speaksAnthropic } from './anthropic-models.ts'
import { classifyRoute } from './classify/route.ts'
import { arrivalOf, serveSurface } from './data-plane.ts'
import { registerOllamaPages } from './ollama-pages.ts'
import { modelPages } from './model-pages.ts'
import { metricsRoute } from './metrics-route.ts'
import { servePage } from './page.ts'
import { perimeterRefusal } from './perimeter.ts'
import type { DataHouse, GatewayHouse, GatewaySettings } from './ports.ts'
import { bodyReader } from './read-body.ts'
import { releasedAnswerRoute } from './released-answer.ts'
import { writeRefusal } from './reply.ts'
import { anthropicErrors } from './surfaces/anthropic-errors.ts'
import { registerGeminiPages } from './surfaces/gemini.ts'
import { errorsAt, formRoutes, surfaceRoutes } from './surfaces/routes.ts'
import { FORM_TYPE, unsupportedType, type SurfaceRoute } from './surfaces/surface-route.ts'

/** Time a client has to send its headers, and its whole request. */
const TIMEOUTS = { headersTimeout: 20_000, requestTimeout: 120_000 }

/** How often connections that became idle are closed while draining, milliseconds. */
const IDLE_SWEEP_MS = 50

/** A year, as browsers ask for before they remember it for good (RFC 6797, 6.1.1). */
const HSTS = 'max-age=31536000'

export interface App {
  readonly fastify: FastifyInstance
  /** Refuses new requests, lets open answers end until the deadline, then cuts them. */
  drain(deadlineMs: number): Promise<void>
}

/** The HTTP side of the process that holds the data directory: data plane, admin API, page and probes. */
export const buildApp = (
  house: GatewayHouse,
  settings: GatewaySettings,
  tls: SecureContextOptions | null,
): App =>
  buildDataPlane(house, settings, tls, (fastify) => {
    registerAdmin(fastify, house, settings)
    classifyRoute(fastify, house, settings)
    releasedAnswerRoute(fastify, house)
    metricsRoute(fastify, house)
    servePage(fastify, house)
  })

/** The data plane and probes behind the perimeter, and whatever else is registered beside them. */
export function buildDataPlane(
  house: DataHouse,
  settings: GatewaySettings,
  tls: SecureContextOptions | null,
  registerRest: (fastify: FastifyInstance) => void,
): App {
  const fastify: FastifyInstance = Fastify({
    ...(tls ? { https: { ...tls, ...TIMEOUTS } } : { http: TIMEOUTS }),
    logger: false,
    // Fastify sets the server's own limit from this, whatever the options of the server say
    requestTimeout: TIMEOUTS.requestTimeout,
    // our own refusal has the shape of the surface
    return503OnClosing: false,
    genReqId: () => house.newId(),
    trustProxy: trusted(settings),
    exposeHeadRoutes: false,
    clientErrorHandler: refuseBrokenRequest,
  })
  let draining = false
  fastify.removeAllContentTypeParsers()
  // the body stays bytes: every surface parses it strictly by itself
  const readBytes = bodyReader(() => settings.bodyBytes)
  fastify.addContentTypeParser('application/json', readBytes)

  fastify.addHook('onRequest', (request, reply, next) => {
    if (settings.secure) reply.raw.setHeader('strict-transport-security', HSTS)
    const refusal = draining
      ? ({ code: 'shutting-down' } as const)
      : perimeterRefusal(request, settings)
    if (refusal) refuse(house, request, reply, refusal)
    else next()
  })
  fastify.setErrorHandler((error, request, reply) => {
    const refusal = refusalOfError(error, settings, request)
    if (refusal.code === 'internal-error')
      house.log('error', { code: refusal.code, request: request.id })
    refuse(house, request, reply, refusal)
  })
  fastify.setNotFoundHandler((request, reply) =>
    refuse(house, request, reply, { code: 'not-found' }),
  )

  fastify.get('/health/live', async () => ({ status: 'live', version: house.version }))
  fastify.get('/health/ready', async (_request, reply) => {
    const engine = house.engine().state
    const configuration = house.configuration()
    const ledger = house.recording()
    return reply.code(200).send({ status: 'ready', engine, ledger, configuration })
  })
  const registerSurface = (scope: FastifyInstance, route: SurfaceRoute): void => {
    scope.route({
      method: route.method,
      url: route.url,
      handler: (request, reply) => serveSurface(house, settings, route, request, reply),
    })
  }
  // a scope of their own: a form is what a web page can send anywhere, and no other route reads one
  fastify.register((scope, _options, done) => {
    scope.removeAllContentTypeParsers()
    scope.addContentTypeParser(FORM_TYPE, readBytes)
    for (const route of formRoutes) registerSurface(scope, route)
    done()
  })
  for (const route of surfaceRoutes) if (route.takes !== 'form') registerSurface(fastify, route)
  const models = modelPages(house, (request, reply, refusal) =>
    refuse(house, request, reply, refusal),
  )
  fastify.get('/v1/models', models.list)
  fastify.get('/v1/models/*', models.one)
  registerOllamaPages(fastify, house, settings)
  registerGeminiPages(fastify, house)
  registerRest(fastify)

  return {
    fastify,
    async drain(deadlineMs) {
      draining = true
      const { server } = fastify
      const cut = setTimeout(() => server.closeAllConnections(), deadlineMs)
      // a connection that was answering when the close began stays open for its next request otherwise
      const sweep = setInterval(() => server.closeIdleConnections(), IDLE_SWEEP_MS)
      await fastify.close()
      clearTimeout(cut)
      clearInterval(sweep)
    },
  }
}

function trusted({ trustedProxies }: GatewaySettings): boolean | string[] {
  if (trustedProxies === 'all') return true
  return trustedProxies.length > 0 ? [...trustedProxies] : false
}

/** A refusal in the shape of the surface that was called. */
function refuse(
  house: DataHouse,
  request: FastifyRequest,
  reply: FastifyReply,
  refusal: Refusal,
): FastifyReply {
  const path = request.url.split('?', 1)[0] ?? ''
  const isAnthropicModels = path.startsWith('/v1/models') && speaksAnthropic(request)
  const errors = isAnthropicModels ? anthropicErrors : errorsAt(path)
  if (errors) {
    reply.hijack()
    const language = preferredLanguage(request.headers['accept-language'])
    const watch = house.watch(arrivalOf(request, request.routeOptions.url ?? null))
    const told = { requestId: request.id, language, said: null, watch }
    writeRefusal(reply.raw, errors, refusal, told)
    watch?.ended(reply.raw.statusCode)
    return reply
  }
  return adminRefusal(request, reply, refusal)
}

/** Fastify's own errors by their code; anything else is ours. */
function refusalOfError(
  error: unknown,
  settings: GatewaySettings,
  request: FastifyRequest,
): Refusal {
  const form = formRoutes.find(({ url }) => url === request.routeOptions.url)
  const code = error instanceof Error && 'code' in error ? error.code : null
  if (code === 'FST_ERR_CTP_BODY_TOO_LARGE') {
    return { code: 'body-too-large', detail: { limit: settings.bodyBytes } }
  }
  if (code === 'FST_ERR_CTP_INVALID_MEDIA_TYPE') return unsupportedType(form)
  if (code === 'FST_ERR_CTP_EMPTY_JSON_BODY') return { code: 'malformed-json' }
  if (code === 'FST_ERR_CTP_INVALID_CONTENT_LENGTH')
    return form ? malformed('no-final-boundary').error : { code: 'malformed-json' }
  return { code: 'internal-error' }
}

const BROKEN: Readonly<Record<string, string>> = {
  HPE_HEADER_OVERFLOW: '431 Request Header Fields Too Large',
  ERR_HTTP_REQUEST_TIMEOUT: '408 Request Timeout',
}

/** Bytes that are no HTTP request never reach a route; the answer says so and nothing else. */
function refuseBrokenRequest(error: Error & { code?: string }, socket: Socket): void {
  if (socket.writable && error.code !== 'ECONNRESET') {
    const status = BROKEN[error.code ?? ''] ?? '400 Bad Request'
    socket.end(`HTTP/1.1 ${status}\r\nconnection: close\r\ncontent-length: 0\r\n\r\n`)
  } else socket.destroy()
}
