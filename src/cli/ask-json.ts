import { request as httpRequest, type RequestOptions } from 'node:http'
import { request as httpsRequest } from 'node:https'
import type { Language } from '#kernel/refusal-messages.ts'
import type { AdminAnswer } from './admin-client.ts'

/** Status of an answer that never came, or broke off. */
const NO_ANSWER: AdminAnswer = { status: 503, body: null }

export interface JsonQuestion {
  readonly options: RequestOptions & { readonly path: string }
  readonly secure?: boolean
  readonly headers?: Readonly<Record<string, string>>
  readonly language: Language
  readonly body?: unknown
}

/** One request of the command line to a gateway, and its answer read as JSON; redirects are never followed. */
export function askJson({
  options,
  secure = false,
  headers = {},
  language,
  body,
}: JsonQuestion): Promise<AdminAnswer> {
  const text = body === undefined ? undefined : JSON.stringify(body)
  const sent = {
    'accept-language': language,
    ...headers,
    ...(text === undefined ? {} : { 'content-type': 'application/json' }),
  }
  return new Promise((resolve) => {
    const send = secure ? httpsRequest : httpRequest
    const call = send({ ...options, headers: sent }, (answer) => {
      let received = ''
      answer.setEncoding('utf8')
      answer.on('data', (piece: string) => {
        received += piece
      })
      answer.on('end', () =>
        resolve({ status: answer.statusCode ?? 0, body: parsedJson(received) }),
      )
      answer.on('error', () => resolve(NO_ANSWER))
    })
    call.on('timeout', () => call.destroy())
    call.on('error', () => resolve(NO_ANSWER))
    call.end(text)
  })
}

/** What a body says; null when it is not JSON. */
export function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
