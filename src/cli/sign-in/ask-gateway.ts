import type { AdminAnswer } from '../admin-client.ts'
import { askJson } from '../ask-json.ts'
import type { Language } from '#kernel/refusal-messages.ts'

export interface GatewayQuestion {
  /** Scheme, host and port. */
  readonly gateway: string
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE'
  readonly path: string
  readonly key: string | null
  readonly body?: unknown
  readonly language: Language
}

const TIMEOUT_MS = 30_000

/** One request to a gateway over the network; redirects are never followed. */
export function askGateway(question: GatewayQuestion): Promise<AdminAnswer> {
  const { gateway, method, path, key, body, language } = question
  const { protocol, hostname, port } = new URL(gateway)
  return askJson({
    options: {
      host: bare(hostname),
      ...(port === '' ? {} : { port }),
      method,
      path,
      timeout: TIMEOUT_MS,
    },
    secure: protocol === 'https:',
    headers: key === null ? {} : { authorization: `Bearer ${key}` },
    language,
    body,
  })
}

/** An IPv6 address without its brackets. */
const bare = (hostname: string): string => hostname.replace(/^\[|\]$/g, '')

/** Scheme, host and port of an address that somebody wrote; null when keys must not travel there: plain HTTP beyond this machine. */
export function gatewayOrigin(written: string): string | null {
  if (!URL.canParse(written)) return null
  const { protocol, hostname, origin } = new URL(written)
  const isHere = ['localhost', '127.0.0.1', '[::1]'].includes(hostname)
  return protocol === 'https:' || (protocol === 'http:' && isHere) ? origin : null
}
