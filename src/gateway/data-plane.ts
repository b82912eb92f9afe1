import type { FastifyReply, FastifyRequest } from 'fastify'
import { Ended, endedBy } from '#kernel/ended.ts'
import type { JsonObject } from '#kernel/canonical-json.ts'
import type { Exchange, RequestLikeness } from '#kernel/exchange.ts'
import { preferredLanguage } from '#kernel/language.ts'
import type { Refusal } from '#kernel/refusal.ts'
import { err, ok, type Result } from '#kernel/result.ts'
import { parseJsonBody } from '#protocols/json-body.ts'
import { parseForm } from '#protocols/multipart/parse-form.ts'
import type { AnswerNaming } from '#protocols/openai-chat/surface.ts'
import { outputLimitOf } from '#protocols/output-limit.ts'
import type { SurfaceRequest } from '#protocols/surface.ts'
import { callerWith } from './credentials.ts'
import { narrowingOf } from './narrowing.ts'
import type { Arrival, DataHouse, GatewaySettings, RequestWatch } from './ports.ts'
import { surfaceReply, writeRefusal } from './reply.ts'
import { unsupportedType, type SurfaceRoute } from './surfaces/surface-route.ts'

/** One request of any surface: reads it, hands it to the pipeline, and tells it when the caller leaves. */
export async function serveSurface(
  house: DataHouse,
  settings: GatewaySettings,
  route: SurfaceRoute,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<void> {
  reply.hijack()
  const { raw } = reply
  const language = preferredLanguage(request.headers['accept-language'])
  const watch = house.watch(arrivalOf(request, route.url))
  const told = { requestId: request.id, language, said: null, watch }
  const left = new AbortController()
  let stopFollowing = (): void => {}
  raw.once('close', () => {
    if (!raw.writableFinished) left.abort()
  })
  try {
    const read = await readExchange(house, settings, route, request, watch)
    if (!read.ok) return writeRefusal(raw, route.errors, read.error, told)
    const exchange: Exchange = { language, ...read.value.exchange }
    stopFollowing = house.identity.follow(exchange.caller, (refusal) =>
      left.abort(new Ended(refusal)),
    )
    await house.serve(
      exchange,
      read.value.surface,
      surfaceReply(raw, route.errors, told, house.clock),
      left.signal,
      watch,
    )
  } catch (error) {
    house.log('error', { code: 'internal-error', request: request.id, name: nameOf(error) })
    if (raw.headersSent) raw.destroy()
    else writeRefusal(raw, route.errors, { code: 'internal-error' }, told)
  } finally {
    stopFollowing()
    const isLeft = left.signal.aborted && !endedBy(left.signal)
    watch?.ended(isLeft ? CALLER_LEFT : raw.statusCode)
  }
}

/** What the log and the metrics say of a caller who did not wait, as nginx does. */
const CALLER_LEFT = 499

/** What is known of a request before it is read. */
export const arrivalOf = (request: FastifyRequest, route: string | null): Arrival => ({
  request: request.id,
  route,
  traceparent: request.headers['traceparent'],
})

interface Read {
  readonly exchange: Omit<Exchange, 'language'>
  readonly surface: SurfaceRequest
}

async function readExchange(
  house: DataHouse,
  settings: GatewaySettings,
  route: SurfaceRoute,
  request: FastifyRequest,
  watch: RequestWatch | null,
): Promise<Result<Read, Refusal>> {
  const receivedAt = house.clock()
  const caller = await callerWith('inference', request, house.identity)
  if (!caller.ok) return caller
  watch?.mark('auth')
  const narrowing = narrowingOf(request)
  if (!narrowing.ok) return narrowing
  if (!(request.body instanceof Uint8Array)) return err(unsupportedType(route))
  const naming = { id: request.id, createdSeconds: Math.floor(receivedAt / 1000) }
  const surface = readBody(route, request.body, settings.depth, naming, request)
  if (!surface.ok) return surface
  const { surface: name, stream } = surface.value.surface
  const { body } = surface.value
  watch?.read(name, stream, request.body.length)
  const exchange = {
    id: request.id,
    receivedAt,
    caller: caller.value,
    narrowing: narrowing.value,
    size: { bytes: request.body.length, outputLimit: surface.value.outputLimit },
    ...(body ? { likeness: () => likenessOf(request, body) } : {}),
  }
  return ok({ exchange, surface: surface.value.surface })
}

interface ReadBody {
  readonly surface: SurfaceRequest
  readonly outputLimit: number | null
  /** Null: it is a form. */
  readonly body: JsonObject | null
}

/** The body as its surface reads it, parsed as the route takes it. */
function readBody(
  route: SurfaceRoute,
  bytes: Uint8Array,
  depth: number,
  naming: AnswerNaming,
  request: FastifyRequest,
): Result<ReadBody, Refusal> {
  if (route.takes === 'form') {
    const form = parseForm(bytes, request.headers['content-type'] ?? '')
    if (!form.ok) return form
    const surface = route.read(form.value, naming, request)
    return surface.ok ? ok({ surface: surface.value, outputLimit: null, body: null }) : surface
  }
  const body = parseJsonBody(bytes, depth)
  if (!body.ok) return body
  const surface = route.read(body.value, naming, request)
  return surface.ok
    ? ok({ surface: surface.value, outputLimit: outputLimitOf(body.value), body: body.value })
    : surface
}

/** Headers that surfaces read beside the body. */
const READ_HEADERS = ['anthropic-version', 'anthropic-beta'] as const
/** In a query these say who asks, which is told otherwise. */
const KEYS_IN_QUERY: ReadonlySet<string> = new Set(['key', 'access_token'])

/** What tells this request from others: where it came in, and all of its body. */
function likenessOf(request: FastifyRequest, body: JsonObject): RequestLikeness {
  const [path = '', query = ''] = request.url.split('?', 2)
  const asked = [...new URLSearchParams(query)]
    .filter(([name]) => !KEYS_IN_QUERY.has(name))
    .map(([name, value]) => `${name}=${value}`)
  const headers: Record<string, string> = {}
  for (const name of READ_HEADERS) {
    const value = request.headers[name]
    if (value !== undefined) headers[name] = String(value)
  }
  return { path: [path, ...asked].join('\n'), headers, body }
}

/** The class of an unexpected error; its message could quote what was being handled. */
const nameOf = (error: unknown): string => (error instanceof Error ? error.name : typeof error)
