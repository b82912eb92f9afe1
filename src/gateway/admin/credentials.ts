import type { FastifyRequest } from 'fastify'
import { z } from 'zod'
import type { GatewayHouse } from '../ports.ts'
import { adminAnswer, adminRefusal } from './answer.ts'
import { adminBody } from './body.ts'
import type { AdminRoute } from './routes.ts'

const Value = z.strictObject({ value: z.string().min(1).max(4096) })

/** Credentials of destinations: set and removed, never shown. */
export function credentialRoutes(route: AdminRoute, house: GatewayHouse): void {
  const { credentials } = house
  route('GET', '/credentials', 'credentials.write', async (_request, reply) =>
    adminAnswer(reply, { credentials: credentials.list() }),
  )
  route('PUT', '/credentials/:id', 'credentials.write', async (request, reply, caller) => {
    const body = adminBody(request, Value)
    if (!body.ok) return adminRefusal(request, reply, body.error)
    const set = await credentials.set(caller, idOf(request), body.value.value)
    return set.ok ? reply.code(204).send() : adminRefusal(request, reply, set.error)
  })
  route('DELETE', '/credentials/:id', 'credentials.write', async (request, reply, caller) => {
    const removed = await credentials.remove(caller, idOf(request))
    return removed.ok ? reply.code(204).send() : adminRefusal(request, reply, removed.error)
  })
}

const idOf = (request: FastifyRequest): string =>
  z.object({ id: z.string() }).parse(request.params).id
