import type { Said } from '#cli/terminal.ts'
import type { Config } from '#config/types.ts'
import type { GatewaySettings } from '#gateway/ports.ts'
import type { LiveConfig } from './live-config.ts'

/** Why the address cannot be listened on, and what to do. */
export function listenProblem(error: unknown, host: string, port: number): Said {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '?'
  if (code === 'EADDRINUSE') {
    return {
      en: `Port ${port} on ${host} is taken by another program. Choose another: \`ecluse serve --listen ${host}:${port + 1}\`.`,
      fr: `Le port ${port} de ${host} est pris par un autre programme. Choisissez-en un autre : \`ecluse serve --listen ${host}:${port + 1}\`.`,
    }
  }
  return {
    en: `Cannot listen on ${host}:${port} (${code}).`,
    fr: `Écoute impossible sur ${host}:${port} (${code}).`,
  }
}

/** The names this gateway answers for, and its limits, as the configuration in force has them at each request. */
export function settingsOf(
  live: LiveConfig,
  proxies: GatewaySettings['trustedProxies'] = live.current.trustedProxies,
): GatewaySettings {
  const { tls, trustedProxies } = live.current
  let of = live.current
  let hosts = hostsOf(of)
  return {
    get hosts() {
      if (of !== live.current) hosts = hostsOf(live.current)
      of = live.current
      return hosts
    },
    get bodyBytes() {
      return live.current.limits.bodyBytes
    },
    get depth() {
      return live.current.limits.depth
    },
    secure: tls !== null || trustedProxies.length > 0,
    trustedProxies: proxies,
  }
}

/** A web page that reaches the gateway under another name is turned away. */
const hostsOf = ({ listen: { host }, hosts }: Config): ReadonlySet<string> =>
  new Set(['localhost', '127.0.0.1', '::1', host.toLowerCase(), ...hosts])

/** Certificate and key for the listener, or null without TLS. */
export const tlsOf = ({ tls }: Config): { cert: string; key: string } | null =>
  tls ? { cert: tls.cert, key: tls.key.reveal() } : null

/** A host as a URL has it. */
export const hostText = (host: string): string => (host.includes(':') ? `[${host}]` : host)
