import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Caller } from '#kernel/exchange.ts'
import type { Permission } from '#kernel/permission.ts'
import { callerWith } from '../credentials.ts'
import type { GatewayHouse, GatewaySettings } from '../ports.ts'
import { adminRefusal } from './answer.ts'
import { bomRoutes } from './bom.ts'
import { budgetRoutes } from './budgets.ts'
import { accessRoutes } from './access.ts'
import { credentialRoutes } from './credentials.ts'
import { dataSetRoutes } from './data-sets.ts'
import { decisionRoutes } from './decisions.ts'
import { destinationRoutes } from './destinations.ts'
import { catalogueRoutes } from './catalogue.ts'
import { cacheRoutes } from './caches.ts'
import { evidenceRoutes } from './evidence.ts'
import { directoryRoutes } from './directory.ts'
import { explainRoute } from './explain.ts'
import { maskRoute } from './mask.ts'
import { keyRoutes } from './keys.ts'
import { mcpResourceRoutes } from './mcp-resources.ts'
import { modelRoutes } from './models.ts'
import { ownTermsRoutes } from './own-terms.ts'
import { policyRoutes } from './policy.ts'
import { quotaRoutes } from './quotas.ts'
import { reviewRoutes } from './reviews.ts'
import { reloadRoute } from './reload.ts'
import { sessionRoutes } from './session.ts'
import { signInRoutes } from '../sign-in/routes.ts'
import { stackRoute } from './stack.ts'
import { statusRoute } from './status.ts'
import { vulnerabilityRoutes } from './vulnerabilities.ts'

type Handler = (
  request: FastifyRequest,
  reply: FastifyReply,
  caller: Caller,
) => Promise<FastifyReply>

/** One admin route with the permission it needs; there is no way to write one without. */
export type AdminRoute = (
  method: 'GET' | 'POST' | 'PUT' | 'DELETE',
  path: string,
  permission: Permission,
  handle: Handler,
) => void

/** The admin API under `/api`. */
export function registerAdmin(
  fastify: FastifyInstance,
  house: GatewayHouse,
  settings: GatewaySettings,
): void {
  const route: AdminRoute = (method, path, permission, handle) => {
    fastify.route({
      method,
      url: `/api${path}`,
      config: { permission },
      handler: async (request, reply) => {
        const caller = await callerWith(permission, request, house.identity)
        if (caller.ok) return handle(request, reply, caller.value)
        house.turnedAway(caller.error.code, 'admin')
        return adminRefusal(request, reply, caller.error)
      },
    })
  }
  sessionRoutes(fastify, house, settings)
  signInRoutes(fastify, house, settings)
  statusRoute(route, house)
  explainRoute(route, house)
  maskRoute(route, house)
  decisionRoutes(route, house)
  destinationRoutes(route, house)
  credentialRoutes(route, house)
  keyRoutes(route, house)
  budgetRoutes(route, house)
  directoryRoutes(route, house)
  accessRoutes(route, house)
  ownTermsRoutes(route, house)
  quotaRoutes(route, house)
  policyRoutes(route, house)
  reloadRoute(route, house)
  evidenceRoutes(route, house)
  reviewRoutes(route, house)
  cacheRoutes(route, house)
  modelRoutes(route, house)
  catalogueRoutes(route, house)
  mcpResourceRoutes(route, house)
  vulnerabilityRoutes(route, house)
  stackRoute(route, house)
  bomRoutes(route, house)
  dataSetRoutes(route, house)
}
