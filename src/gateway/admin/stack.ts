import { stackOf } from '#models/stack/stack.ts'
import type { GatewayHouse } from '../ports.ts'
import { adminAnswer } from './answer.ts'
import type { AdminRoute } from './routes.ts'

/** `GET /api/stack`: every component of the company's AI, layer by layer. */
export function stackRoute(route: AdminRoute, house: GatewayHouse): void {
  route('GET', '/stack', 'vulnerabilities.read', async (_request, reply) => {
    const { engines } = await house.engines()
    const { destinations } = house.gate.catalogue()
    const components = stackOf({ destinations, engines, own: await house.ownParts() })
    return adminAnswer(reply, { version: house.version, components })
  })
}
