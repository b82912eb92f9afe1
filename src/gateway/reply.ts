import type { ServerResponse } from 'node:http'
import type { Receipt } from '#kernel/exchange.ts'
import type { Language } from '#kernel/refusal-messages.ts'
import type { Refusal } from '#kernel/refusal.ts'
import type { Reply } from '#pipeline/ports.ts'
import {
  openAiErrorBody,
  openAiErrorFrame,
  type OpenAiError,
} from '#protocols/openai-chat/error-body.ts'
import { isWorthRetrying, openAiError, STATUS } from './openai-errors.ts'

/** Headers of every answer of the data plane. */
function headers(receipt: Receipt | null, requestId: string): Record<string, string> {
  return {
    'x-request-id': requestId,
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    ...(receipt
      ? {
          'x-ecluse-class': `${receipt.class}${receipt.undetermined ? ';undetermined' : ''}`,
          'x-ecluse-destination': receipt.destination ?? 'none',
          'x-ecluse-decision': `${receipt.decision};${receipt.leaf}`,
        }
      : {}),
  }
}

/** Writes a refusal as the whole answer, in the OpenAI shape. */
export function writeRefusal(
  raw: ServerResponse,
  refusal: Refusal,
  told: {
    requestId: string
    language: Language
    receipt?: Receipt | null
    said?: OpenAiError | null
  },
): void {
  if (raw.headersSent || raw.destroyed) return
  const body = openAiErrorBody(openAiError(refusal, told.said ?? null, told.language))
  const wait = refusal.retryAfterSeconds
  raw.writeHead(STATUS[refusal.code], {
    ...headers(told.receipt ?? null, told.requestId),
    'content-type': 'application/json; charset=utf-8',
    'content-length': Buffer.byteLength(body),
    'x-ecluse-error': refusal.code,
    // SDKs repeat a failed request by themselves: only where that can help
    'x-should-retry': String(isWorthRetrying(refusal)),
    ...(wait === undefined ? {} : { 'retry-after': String(wait) }),
  })
  raw.end(body)
}

/** The caller's side of one exchange on a hijacked response: the one place that writes its headers. */
export function openAiReply(raw: ServerResponse, requestId: string, language: Language): Reply {
  return {
    refuse: (refusal, receipt, said) =>
      writeRefusal(raw, refusal, { requestId, language, receipt, said }),
    head(contentType, receipt, bytes) {
      if (raw.headersSent || raw.destroyed) return
      raw.writeHead(200, {
        ...headers(receipt, requestId),
        'content-type': contentType,
        ...(bytes === null ? {} : { 'content-length': bytes }),
      })
    },
    write: (piece) => raw.destroyed || raw.write(piece),
    onDrain: (resume) => {
      raw.once('drain', resume)
    },
    end: () => {
      raw.end()
    },
    interrupt(refusal) {
      raw.end(openAiErrorFrame(openAiError(refusal, null, language)))
    },
  }
}
