import Fastify from 'fastify'
import { registerAdmin } from '#gateway/admin/routes.ts'
import type { GatewayHouse } from '#gateway/ports.ts'

export interface KnownRoute {
  readonly method: string
  readonly url: string
  /** Null for the routes by which one comes in and leaves. */
  readonly permission: string | null
}

/** Every route that the admin API registers, as Fastify itself sees them. */
export function registeredRoutes(house: GatewayHouse): readonly KnownRoute[] {
  const routes: KnownRoute[] = []
  const fastify = Fastify({ exposeHeadRoutes: false })
  fastify.addHook('onRoute', ({ method, url, config }) => {
    const permission =
      config && 'permission' in config && typeof config.permission === 'string'
        ? config.permission
        : null
    for (const one of [method].flat()) routes.push({ method: one, url, permission })
  })
  registerAdmin(fastify, house, {
    hosts: new Set(),
    bodyBytes: 1,
    depth: 1,
    secure: false,
    trustedProxies: [],
  })
  return routes
}
