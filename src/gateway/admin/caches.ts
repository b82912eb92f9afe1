import { z } from 'zod'
import type { GatewayHouse } from '../ports.ts'
import { adminAnswer, adminRefusal } from './answer.ts'
import { adminBody } from './body.ts'
import type { AdminRoute } from './routes.ts'

const Clear = z.strictObject({ key: z.string().min(1).max(100).optional() })

/** What is kept of answers, and how it is removed. */
export function cacheRoutes(route: AdminRoute, { caches }: GatewayHouse): void {
  route('GET', '/cache', 'cache.read', async (_request, reply, { tenant }) =>
    adminAnswer(reply, await caches.stats(tenant)),
  )
  route('POST', '/cache/clear', 'cache.write', async (request, reply, caller) => {
    const body = adminBody(request, Clear)
    if (!body.ok) return adminRefusal(request, reply, body.error)
    const cleared = await caches.clear(caller, body.value.key ?? null)
    return cleared.ok
      ? adminAnswer(reply, cleared.value)
      : adminRefusal(request, reply, cleared.error)
  })
}
