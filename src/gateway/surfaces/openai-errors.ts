import { describeRefusal, type Language } from '#kernel/refusal-messages.ts'
import type { Refusal, RefusalCode } from '#kernel/refusal.ts'
import type { UpstreamError } from '#protocols/dialect.ts'
import {
  openAiErrorBody,
  openAiErrorFrame,
  type OpenAiError,
} from '#protocols/openai-chat/error-body.ts'
import { STATUS } from '../refusal-status.ts'
import type { ErrorShape } from './error-shape.ts'

/** Codes that OpenAI clients branch on; every other refusal shows its own code. */
const CLIENT_CODES: Readonly<Partial<Record<RefusalCode, string>>> = {
  'missing-key': 'invalid_api_key',
  'invalid-key': 'invalid_api_key',
  'key-expired': 'invalid_api_key',
  'unknown-model': 'model_not_found',
  'budget-exhausted': 'insufficient_quota',
  'context-too-long': 'context_length_exceeded',
  'rate-limited': 'rate_limit_exceeded',
  'exceeds-limit': 'rate_limit_exceeded',
  'destination-rate-limited': 'rate_limit_exceeded',
}

/** A refusal in the shape of the OpenAI dialect; the destination's own words where they concern the caller's request. */
export function openAiError(
  refusal: Refusal,
  said: UpstreamError | null,
  language: Language,
): OpenAiError {
  if (said && refusal.code === 'destination-refused') return said
  const { message, remedy } = describeRefusal(refusal, language)
  return {
    message: `${message} ${remedy}`,
    type: errorType(refusal.code),
    param: refusal.param ?? null,
    code: CLIENT_CODES[refusal.code] ?? refusal.code,
  }
}

function errorType(code: RefusalCode): string {
  const status = STATUS[code]
  if (status === 401) return 'authentication_error'
  if (status === 402) return 'insufficient_quota'
  if (status === 403) return 'permission_error'
  if (status === 429) return 'rate_limit_error'
  return status >= 500 ? 'server_error' : 'invalid_request_error'
}

/** Errors of every OpenAI surface but Responses, whose streams have an event of their own for them. */
export const openAiErrors: ErrorShape = {
  status: (refusal) => STATUS[refusal.code],
  body: (refusal, told) => openAiErrorBody(openAiError(refusal, told.said, told.language)),
  frame: (refusal, told) => openAiErrorFrame(openAiError(refusal, told.said, told.language)),
}
