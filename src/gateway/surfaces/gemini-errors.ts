import type { JsonObject } from '#kernel/canonical-json.ts'
import { describeRefusal } from '#kernel/refusal-messages.ts'
import type { Refusal } from '#kernel/refusal.ts'
import {
  geminiErrorBody,
  geminiErrorFrame,
  type GeminiError,
} from '#protocols/gemini/error-body.ts'
import { STATUS } from '../refusal-status.ts'
import type { ErrorShape, Told } from './error-shape.ts'

/** Names of google.rpc.Code by HTTP status. */
const NAMES: Readonly<Record<number, string>> = {
  400: 'INVALID_ARGUMENT',
  401: 'UNAUTHENTICATED',
  402: 'RESOURCE_EXHAUSTED',
  403: 'PERMISSION_DENIED',
  404: 'NOT_FOUND',
  405: 'UNIMPLEMENTED',
  409: 'ABORTED',
  413: 'INVALID_ARGUMENT',
  415: 'INVALID_ARGUMENT',
  429: 'RESOURCE_EXHAUSTED',
  503: 'UNAVAILABLE',
  504: 'DEADLINE_EXCEEDED',
}

/** A refusal in the shape of the Gemini API; the destination's own words where they concern the caller's request. */
function geminiError(refusal: Refusal, { said, language }: Told): GeminiError {
  const code = STATUS[refusal.code]
  const status = NAMES[code] ?? 'INTERNAL'
  const own = describeRefusal(refusal, language)
  const message =
    said && refusal.code === 'destination-refused' ? said.message : `${own.message} ${own.remedy}`
  return { code, message, status, details: detailsOf(refusal) }
}

/** What programs branch on: the reason, how long to wait, the field at fault. */
function detailsOf(refusal: Refusal): readonly JsonObject[] {
  const { code, param, retryAfterSeconds } = refusal
  const reason = code.toUpperCase().replaceAll('-', '_')
  return [
    { '@type': type('ErrorInfo'), reason, domain: 'ecluse', metadata: { code } },
    ...(param === undefined
      ? []
      : [{ '@type': type('BadRequest'), fieldViolations: [{ field: param }] }]),
    ...(retryAfterSeconds === undefined
      ? []
      : [{ '@type': type('RetryInfo'), retryDelay: `${retryAfterSeconds}s` }]),
  ]
}

const type = (name: string): string => `type.googleapis.com/google.rpc.${name}`

/** Errors of the Gemini surface. */
export const geminiErrors: ErrorShape = {
  status: (refusal) => STATUS[refusal.code],
  body: (refusal, told) => geminiErrorBody(geminiError(refusal, told)),
  frame: (refusal, told) => geminiErrorFrame(geminiError(refusal, told)),
}
