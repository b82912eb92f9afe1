import type { GatewayHouse } from '../ports.ts'
import { adminAnswer } from './answer.ts'
import type { AdminRoute } from './routes.ts'

/** `GET /api/stack`: every component of the company's AI, layer by layer. */
export function stackRoute(route: AdminRoute, house: GatewayHouse): void {
  route('GET', '/stack', 'vulnerabilities.read', async (_request, reply) => {
    const { components } = await house.stack()
    return adminAnswer(reply, { version: house.version, components })
  })
}
