import type { FastifyInstance } from 'fastify'
import { adminRefusal } from './admin/answer.ts'
import { callerWith } from './credentials.ts'
import type { GatewayHouse } from './ports.ts'

/** `GET /metrics` in the Prometheus text format, for keys with the permission `metrics.read` and for the key of the scraper. */
export function metricsRoute(fastify: FastifyInstance, house: GatewayHouse): void {
  fastify.get('/metrics', async (request, reply) => {
    const [, presented] = /^Bearer +(\S+)$/i.exec(request.headers.authorization ?? '') ?? []
    if (presented === undefined || !house.metrics.isKey(presented)) {
      const caller = await callerWith('metrics.read', request, house.identity)
      if (!caller.ok) return adminRefusal(request, reply, caller.error)
    }
    const { type, text } = await house.metrics.scrape()
    return reply.header('cache-control', 'no-store').header('content-type', type).send(text)
  })
}
