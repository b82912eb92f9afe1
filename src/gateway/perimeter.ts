import type { FastifyRequest } from 'fastify'
import type { Refusal } from '#kernel/refusal.ts'
import type { GatewaySettings } from './ports.ts'

/**
 * Keeps other people's web pages out: the Host header must name this gateway (DNS rebinding), and a request that a
 * browser sends on behalf of a page must come from our own page. There is no CORS.
 */
export function perimeterRefusal(
  request: FastifyRequest,
  settings: GatewaySettings,
): Refusal | null {
  const host = request.headers.host
  if (host === undefined || !settings.hosts.has(hostName(host))) return { code: 'host-not-allowed' }
  const { origin } = request.headers
  if (origin !== undefined && !isOwnOrigin(origin, host, settings))
    return { code: 'origin-not-allowed' }
  const site = request.headers['sec-fetch-site']
  const isNavigation = request.headers['sec-fetch-mode'] === 'navigate' && request.method === 'GET'
  const isForeign = site === 'cross-site' || site === 'same-site'
  return isForeign && !isNavigation ? { code: 'origin-not-allowed' } : null
}

/** The name in a Host header, lower case, without port or brackets. */
export function hostName(host: string): string {
  const name = host.startsWith('[') ? host.slice(1, host.indexOf(']')) : host.replace(/:\d*$/, '')
  return name.toLowerCase()
}

function isOwnOrigin(origin: string, host: string, settings: GatewaySettings): boolean {
  if (!URL.canParse(origin)) return false
  const url = new URL(origin)
  return url.host === host.toLowerCase() && settings.hosts.has(hostName(url.host))
}

/** Headers of every page and of the admin API. */
export const PAGE_HEADERS: Readonly<Record<string, string>> = {
  'content-security-policy':
    "default-src 'self'; style-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; frame-ancestors 'none'; form-action 'self'",
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': 'camera=(), microphone=(), geolocation=()',
}
