import Fastify, { type FastifyInstance } from 'fastify'
import type { SecureContextOptions } from 'node:tls'
import { preferredLanguage } from '#kernel/language.ts'
import type { NewId } from '#kernel/ports.ts'
import type { Refusal } from '#kernel/refusal.ts'
import { adminRefusal } from './admin/answer.ts'
import { writeRefusal } from './reply.ts'
import { errorsAt } from './surfaces/routes.ts'

const NO_DATABASE: Refusal = { code: 'ledger-unavailable' }

/** What answers before there is a database to serve from: the process lives, is not ready, and refuses everything in the shape of the surface that was called. */
export function buildWaiting(
  version: string,
  newId: NewId,
  tls: SecureContextOptions | null,
): FastifyInstance {
  const fastify: FastifyInstance = Fastify({
    ...(tls ? { https: tls } : {}),
    logger: false,
    genReqId: () => newId(),
    forceCloseConnections: true,
  })
  fastify.addHook('onRequest', async (request, reply) => {
    const path = request.url.split('?', 1)[0] ?? ''
    if (path === '/health/live') return reply.send({ status: 'live', version })
    if (path === '/health/ready') {
      return reply.code(503).send({ status: 'waiting', ledger: 'away' })
    }
    const errors = errorsAt(path)
    if (!errors) return adminRefusal(request, reply, NO_DATABASE)
    reply.hijack()
    const language = preferredLanguage(request.headers['accept-language'])
    const told = { requestId: request.id, language, said: null }
    writeRefusal(reply.raw, errors, NO_DATABASE, told)
    return reply
  })
  return fastify
}
