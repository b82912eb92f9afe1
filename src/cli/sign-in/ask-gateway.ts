import { request as httpRequest } from 'node:http'
import { request as httpsRequest } from 'node:https'
import type { AdminAnswer } from '../admin-client.ts'
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
/** Status of an answer that never came. */
const NO_ANSWER = 503

/** One request to a gateway over the network; redirects are never followed. */
export function askGateway(question: GatewayQuestion): Promise<AdminAnswer> {
  const { gateway, method, path, key, body, language } = question
  const send = gateway.startsWith('https:') ? httpsRequest : httpRequest
  const text = body === undefined ? undefined : JSON.stringify(body)
  const headers = {
    'accept-language': language,
    ...(key === null ? {} : { authorization: `Bearer ${key}` }),
    ...(text === undefined ? {} : { 'content-type': 'application/json' }),
  }
  return new Promise((resolve) => {
    const call = send(
      new URL(path, gateway),
      { method, headers, timeout: TIMEOUT_MS },
      (answer) => {
        let received = ''
        answer.setEncoding('utf8')
        answer.on('data', (piece: string) => {
          received += piece
        })
        answer.on('end', () => resolve({ status: answer.statusCode ?? 0, body: parsed(received) }))
        answer.on('error', () => resolve({ status: NO_ANSWER, body: null }))
      },
    )
    call.on('timeout', () => call.destroy())
    call.on('error', () => resolve({ status: NO_ANSWER, body: null }))
    call.end(text)
  })
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

/** Scheme, host and port of an address that somebody wrote; null when keys must not travel there: plain HTTP beyond this machine. */
export function gatewayOrigin(written: string): string | null {
  if (!URL.canParse(written)) return null
  const { protocol, hostname, origin } = new URL(written)
  const isHere = ['localhost', '127.0.0.1', '[::1]'].includes(hostname)
  return protocol === 'https:' || (protocol === 'http:' && isHere) ? origin : null
}
