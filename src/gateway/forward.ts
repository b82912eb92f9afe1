import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { Pool, type Dispatcher } from 'undici'
import { writeRefusal } from './reply.ts'
import { backChannelRoute } from './sign-in/back-channel.ts'
import { openAiErrors } from './surfaces/openai-errors.ts'

/** Headers that belong to one connection (RFC 9110, section 7.6.1), or that are written anew. */
const OWN_HEADERS: ReadonlySet<string> = new Set([
  'connection',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'expect',
  'content-length',
  'x-forwarded-for',
  'x-forwarded-proto',
])

/** A worker hands everything that is not the data plane to the process that holds the data directory. */
export function forwardRest(fastify: FastifyInstance, socketPath: string): void {
  const pool = new Pool('http://localhost', { connect: { socketPath }, bodyTimeout: 0 })
  fastify.addHook('onClose', () => pool.destroy())
  fastify.route({
    method: ['GET', 'POST', 'PUT', 'DELETE'],
    url: '/*',
    handler: (request, reply) => forward(pool, request, reply),
  })
  backChannelRoute(fastify, (request, reply) => forward(pool, request, reply))
}

function forward(pool: Pool, request: FastifyRequest, reply: FastifyReply): void {
  reply.hijack()
  const headers: Record<string, string | string[]> = {
    'x-forwarded-for': request.ip,
    'x-forwarded-proto': request.protocol,
  }
  for (const [name, value] of Object.entries(request.headers)) {
    if (value !== undefined && !OWN_HEADERS.has(name)) headers[name] = value
  }
  const method =
    request.method === 'POST' || request.method === 'PUT' || request.method === 'DELETE'
      ? request.method
      : 'GET'
  const body = request.body instanceof Uint8Array ? Buffer.from(request.body) : null
  pool.dispatch({ path: request.url, method, headers, body }, passOn(request, reply))
}

/** Writes the answer through, holding the other side back when the caller reads slowly. */
function passOn(request: FastifyRequest, { raw }: FastifyReply): Dispatcher.DispatchHandler {
  let left = false
  return {
    onRequestStart(controller) {
      raw.once('close', () => {
        left = true
        if (!raw.writableFinished) controller.abort(new Error('the caller left'))
      })
    },
    onResponseStart(_controller, status, headers) {
      const passed = Object.entries(headers).filter(
        ([name]) => name === 'content-length' || !OWN_HEADERS.has(name),
      )
      raw.writeHead(status, Object.fromEntries(passed))
    },
    onResponseData(controller, chunk) {
      if (raw.write(chunk)) return
      controller.pause()
      raw.once('drain', () => controller.resume())
    },
    onResponseEnd: () => {
      raw.end()
    },
    onResponseError() {
      if (left) return
      const told = { requestId: request.id, language: 'en' as const, said: null }
      if (raw.headersSent) raw.destroy()
      else writeRefusal(raw, openAiErrors, { code: 'shutting-down' }, told)
    },
  }
}
