import { zoneOf } from '#kernel/destination.ts'
import type { Destination } from '#kernel/destination.ts'
import type { GatewayHouse } from '../ports.ts'
import { adminAnswer } from './answer.ts'
import { weightsView } from './explain.ts'
import type { AdminRoute } from './routes.ts'

/** `GET /api/status`: what runs here. */
export function statusRoute(route: AdminRoute, house: GatewayHouse): void {
  route('GET', '/status', 'status.read', async (_request, reply) =>
    adminAnswer(reply, {
      version: house.version,
      configuration: house.configuration(),
      uptimeMs: house.clock() - house.startedAt,
      engine: house.engine(),
      destinations: house.gate.catalogue().destinations.map((d) => destinationView(d, house)),
      policyVersion: house.gate.policy().version,
      policy: house.policy.view(),
    }),
  )
}

/** A destination as the page and the command line show it. */
export const destinationView = (destination: Destination, house: GatewayHouse): object => ({
  id: destination.id,
  zone: destination.zone,
  jurisdiction: destination.jurisdiction,
  clearance: destination.clearance,
  state: destination.state,
  origin: destination.origin,
  health: house.health()[destination.id] ?? 'ready',
  limits: house.limitsOf(destination.id),
  models: destination.models.map((model) => ({
    name: model.name,
    zone: zoneOf(destination, model),
    licence: model.licence ?? null,
    openness: model.openness ?? null,
    price: model.price ?? null,
    ...weightsView(model),
  })),
})
