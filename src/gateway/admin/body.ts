import type { FastifyRequest } from 'fastify'
import type { z, ZodType } from 'zod'
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
    unknown === undefined
      ? issue
        ? expectedOf(issue)
        : 'another value'
      : 'left out: no such field'
  return err({ code: 'invalid-value', param, detail: { expected } })
}

/** What an issue asks for, without words of a language where it has none of its own. */
function expectedOf(issue: z.core.$ZodIssue): string {
  const { message } = issue
  const length = (origin: string): string => (origin === 'number' || origin === 'int' ? '' : '# ')
  if (issue.code === 'invalid_value' && message.startsWith('Invalid'))
    return issue.values.map(String).join(' | ')
  if (issue.code === 'invalid_type' && message.startsWith('Invalid')) return issue.expected
  if (issue.code === 'too_small' && message.startsWith('Too small'))
    return `${length(issue.origin)}${issue.inclusive === false ? '>' : '>='} ${issue.minimum}`
  if (issue.code === 'too_big' && message.startsWith('Too big'))
    return `${length(issue.origin)}${issue.inclusive === false ? '<' : '<='} ${issue.maximum}`
  return message
}
