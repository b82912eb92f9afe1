import type { FastifyReply, FastifyRequest } from 'fastify'
import { preferredLanguage } from '#kernel/language.ts'
import { describeRefusal } from '#kernel/refusal-messages.ts'
import type { Refusal } from '#kernel/refusal.ts'
import { isWorthRetrying, STATUS } from '../refusal-status.ts'
import { PAGE_HEADERS } from '../perimeter.ts'

/** A refusal in the shape of the admin API: what happened, then what to do. */
export function adminRefusal(
  request: FastifyRequest,
  reply: FastifyReply,
  refusal: Refusal,
): FastifyReply {
  const language = preferredLanguage(request.headers['accept-language'])
  const { message, remedy } = describeRefusal(refusal, language)
  const wait = refusal.retryAfterSeconds
  if (wait !== undefined) void reply.header('retry-after', String(wait))
  return reply
    .code(STATUS[refusal.code])
    .headers(PAGE_HEADERS)
    .header('cache-control', 'no-store')
    .header('x-should-retry', String(isWorthRetrying(refusal)))
    .send({ error: { code: refusal.code, message, remedy, param: refusal.param ?? null } })
}

/** An answer of the admin API; never cached. */
export const adminAnswer = (reply: FastifyReply, body: unknown): FastifyReply =>
  reply.headers(PAGE_HEADERS).header('cache-control', 'no-store').send(body)
