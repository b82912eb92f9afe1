import type { FastifyRequest } from 'fastify'

/** Where people open this gateway: as configured, or by the Host header, which the perimeter has checked. */
export const ownOrigin = (request: FastifyRequest, configured: string | null): string =>
  configured ?? `${request.protocol}://${request.headers.host ?? 'localhost'}`
