import { z } from 'zod'
import type { GatewayHouse } from '../ports.ts'
import { adminAnswer, adminRefusal } from './answer.ts'
import { adminBody } from './body.ts'
import type { AdminRoute } from './routes.ts'
import { destinationView } from './status.ts'

const Change = z.strictObject({ state: z.enum(['enabled', 'disabled']) })

/** The destinations, and whether they may be used. */
export function destinationRoutes(route: AdminRoute, house: GatewayHouse): void {
  const find = (id: string) => house.gate.catalogue().destinations.find((known) => known.id === id)
  route('GET', '/destinations', 'destinations.read', async (_request, reply) =>
    adminAnswer(reply, {
      destinations: house.gate.catalogue().destinations.map((d) => destinationView(d, house)),
    }),
  )
  route('PUT', '/destinations/:id', 'destinations.write', async (request, reply, caller) => {
    const { id } = z.object({ id: z.string() }).parse(request.params)
    const body = adminBody(request, Change)
    if (!body.ok) return adminRefusal(request, reply, body.error)
    const changed = await house.setDestination(id, body.value.state, caller.keyId)
    if (!changed.ok) return adminRefusal(request, reply, changed.error)
    const now = find(id)
    return now
      ? adminAnswer(reply, destinationView(now, house))
      : adminRefusal(request, reply, { code: 'not-found' })
  })
}
