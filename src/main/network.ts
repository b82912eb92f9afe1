import type { Said } from '#cli/terminal.ts'
import type { Config } from '#config/types.ts'
import type { GatewaySettings } from '#gateway/ports.ts'

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

/** The names this gateway answers for; a web page that reaches it under another name is turned away. */
export function settingsOf(config: Config): GatewaySettings {
  const { host } = config.listen
  return {
    hosts: new Set(['localhost', '127.0.0.1', '::1', host.toLowerCase(), ...config.hosts]),
    bodyBytes: config.limits.bodyBytes,
    depth: config.limits.depth,
    secure: config.tls !== null || config.trustedProxies.length > 0,
    trustedProxies: config.trustedProxies,
  }
}

/** Certificate and key for the listener, or null without TLS. */
export const tlsOf = ({ tls }: Config): { cert: string; key: string } | null =>
  tls ? { cert: tls.cert, key: tls.key.reveal() } : null

/** A host as a URL has it. */
export const hostText = (host: string): string => (host.includes(':') ? `[${host}]` : host)
