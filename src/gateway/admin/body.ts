import type { FastifyRequest } from 'fastify'
import type { ZodType } from 'zod'
import type { Refusal } from '#kernel/refusal.ts'
import { err, ok, type Result } from '#kernel/result.ts'
import { parseJsonBody } from '#protocols/json-body.ts'

/** Levels of nesting that an admin body may have. */
const DEPTH = 8

/** The body of an admin request, checked; the first field at fault is named. */
export function adminBody<T>(request: FastifyRequest, shape: ZodType<T>): Result<T, Refusal> {
  if (!(request.body instanceof Uint8Array)) return err({ code: 'unsupported-media-type' })
  const body = parseJsonBody(request.body, DEPTH)
  return body.ok ? checked(body.value, shape) : body
}

/** The query string of an admin request, checked. */
export const adminQuery = <T>(request: FastifyRequest, shape: ZodType<T>): Result<T, Refusal> =>
  checked(request.query, shape)

function checked<T>(value: unknown, shape: ZodType<T>): Result<T, Refusal> {
  const read = shape.safeParse(value)
  if (read.success) return ok(read.data)
  const issue = read.error.issues[0]
  const unknown = issue?.code === 'unrecognized_keys' ? issue.keys[0] : undefined
  const param =
    [...(issue?.path ?? []), ...(unknown === undefined ? [] : [unknown])].join('.') || 'body'
  const expected =
    unknown === undefined ? (issue?.message ?? 'another value') : 'left out: no such field'
  return err({ code: 'invalid-value', param, detail: { expected } })
}
