import * as z from 'zod/mini'

/** Codes made on this side, where no answer of the gateway tells more. */
export const LOCAL_CODES = ['unreachable', 'unexpected-answer', 'stream-interrupted'] as const
export type LocalCode = (typeof LOCAL_CODES)[number]

/** What went wrong, in the words of the gateway where it had any. */
export interface Failure {
  readonly code: string
  /** Empty when the code was made here: the page has its own words for these. */
  readonly message: string
  /** What the person can do about it. */
  readonly remedy: string | null
}

/** A call that did not succeed. `status` is the HTTP status, 0 when nothing answered. */
export class ApiError extends Error {
  override readonly name = 'ApiError'
  readonly failure: Failure
  readonly status: number
  readonly headers: Headers

  constructor(failure: Failure, status: number, headers: Headers = new Headers()) {
    super(failure.code)
    this.failure = failure
    this.status = status
    this.headers = headers
  }
}

const ErrorBody = z.object({
  error: z.object({
    code: z.nullish(z.string()),
    message: z.string(),
    remedy: z.nullish(z.string()),
  }),
})

/** A failure whose words the page supplies. */
export const localFailure = (code: LocalCode): Failure => ({ code, message: '', remedy: null })

/** The failure that an error body tells; null when the body is of another shape. */
export function readFailure(body: unknown): Failure | null {
  const parsed = ErrorBody.safeParse(body)
  if (!parsed.success) return null
  const { code, message, remedy } = parsed.data.error
  return { code: code ?? 'error', message, remedy: remedy ?? null }
}

/** Whatever was thrown, as a failure that can be shown. */
export const failureOf = (thrown: unknown): Failure =>
  thrown instanceof ApiError ? thrown.failure : localFailure('unexpected-answer')

/** The caller gave up: neither a failure nor worth a word. */
export const isAbort = (thrown: unknown): boolean =>
  thrown instanceof DOMException && thrown.name === 'AbortError'
