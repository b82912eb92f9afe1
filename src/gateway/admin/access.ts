import { z } from 'zod'
import { PERMISSION_WORDS, permissionsOf } from '#identity/access.ts'
import { GRANTS, PERMISSIONS, ROLES } from '#kernel/permission.ts'
import type { GatewayHouse } from '../ports.ts'
import { adminAnswer, adminRefusal } from './answer.ts'
import { adminQuery } from './body.ts'
import type { AdminRoute } from './routes.ts'

const id = z.string().min(1).max(100)
const Query = z.strictObject({
  person: id.optional(),
  key: id.optional(),
  after: id.optional(),
  limit: z.coerce.number().int().min(1).max(1000).default(100),
})

/** What roles mean, and who is signed in. */
export function accessRoutes(route: AdminRoute, house: GatewayHouse): void {
  route('GET', '/roles', 'status.read', async (_request, reply, { tenant }) =>
    adminAnswer(reply, {
      roles: GRANTS.map((grant) => ({
        id: grant,
        kind: ROLES.some((role) => role === grant) ? 'role' : 'scope',
        permissions: permissionsOf([grant], tenant),
      })),
      permissions: PERMISSIONS.map((one) => ({ id: one, ...PERMISSION_WORDS[one] })),
    }),
  )
  route('GET', '/sessions', 'sessions.read', async (request, reply, { tenant }) => {
    const query = adminQuery(request, Query)
    if (!query.ok) return adminRefusal(request, reply, query.error)
    const { limit } = query.value
    const rows = await house.identity.sessions.list({ ...query.value, tenant })
    const next = rows.length < limit ? null : (rows.at(-1)?.id ?? null)
    return adminAnswer(reply, { sessions: rows, next })
  })
  route('DELETE', '/sessions/:id', 'sessions.write', async (request, reply, caller) => {
    const { id: session } = z.object({ id: z.string() }).parse(request.params)
    const ended = await house.identity.endSession(caller, session)
    return ended.ok ? reply.code(204).send() : adminRefusal(request, reply, ended.error)
  })
}
