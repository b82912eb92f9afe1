import { z } from 'zod'
import { SCOPES } from '#kernel/exchange.ts'
import type { GatewayHouse } from '../ports.ts'
import { adminAnswer, adminRefusal } from './answer.ts'
import { adminBody } from './body.ts'
import type { AdminRoute } from './routes.ts'

const NewKey = z.strictObject({
  name: z.string().min(1).max(100),
  scopes: z.array(z.enum(SCOPES)).min(1).default(['inference']),
  expiresAt: z.number().int().positive().nullable().default(null),
})

/** API keys: the key itself is shown once, in the answer that makes it. */
export function keyRoutes(route: AdminRoute, house: GatewayHouse): void {
  route('GET', '/keys', 'admin', async (_request, reply) =>
    adminAnswer(reply, { keys: await house.identity.listKeys() }),
  )
  route('POST', '/keys', 'admin', async (request, reply, caller) => {
    const body = adminBody(request, NewKey)
    if (!body.ok) return adminRefusal(request, reply, body.error)
    const made = await house.identity.createKey(body.value, caller.keyId)
    return made.ok
      ? adminAnswer(reply.code(201), { key: made.value.key, ...made.value.view })
      : adminRefusal(request, reply, made.error)
  })
  route('DELETE', '/keys/:id', 'admin', async (request, reply, caller) => {
    const { id } = z.object({ id: z.string() }).parse(request.params)
    const revoked = await house.identity.revokeKey(id, caller.keyId)
    return revoked.ok ? reply.code(204).send() : adminRefusal(request, reply, revoked.error)
  })
}
