import type { GatewayHouse } from '../ports.ts'
import { adminAnswer } from './answer.ts'
import type { AdminRoute } from './routes.ts'

/** `GET /api/vulnerabilities`: which engines run, in which versions, and what is known against them. */
export function vulnerabilityRoutes(route: AdminRoute, { engines }: GatewayHouse): void {
  route('GET', '/vulnerabilities', 'vulnerabilities.read', async (_request, reply) => {
    const { engines: found, known } = await engines()
    return adminAnswer(reply, {
      engines: found,
      known: {
        vulnerabilities: known.vulnerabilities.length,
        shipped: known.shipped,
        imported: known.imported,
        broken: known.broken,
      },
    })
  })
}
