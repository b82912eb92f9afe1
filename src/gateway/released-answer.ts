import type { FastifyInstance } from 'fastify'
import { z } from 'zod'
import { preferredLanguage } from '#kernel/language.ts'
import { describeRefusal } from '#kernel/refusal-messages.ts'
import { callerWith } from './credentials.ts'
import type { GatewayHouse } from './ports.ts'
import { writeRefusal } from './reply.ts'
import { openAiErrors } from './surfaces/openai-errors.ts'

/** Seconds after which it can make sense to ask for an answer that waits again. */
const ASK_AGAIN_SECONDS = 30

/** `GET /v1/ecluse/reviews/ID`: an answer that was held, for who asked for it, in the shape it would have had at once. */
export function releasedAnswerRoute(fastify: FastifyInstance, house: GatewayHouse): void {
  fastify.get('/v1/ecluse/reviews/:id', async (request, reply) => {
    const language = preferredLanguage(request.headers['accept-language'])
    const { id } = z.object({ id: z.string() }).parse(request.params)
    const caller = await callerWith('inference', request, house.identity)
    const fetched = caller.ok ? await house.reviews.fetch(id, caller.value) : caller
    if (!fetched.ok) {
      reply.hijack()
      writeRefusal(reply.raw, openAiErrors, fetched.error, {
        requestId: request.id,
        language,
        said: null,
      })
      return reply
    }
    const { row, body } = fetched.value
    const { state, reason, rule, label } = row
    void reply.headers({
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
      'x-ecluse-review': state,
      'x-ecluse-class': `${label.class}${label.undetermined ? ';undetermined' : ''}`,
    })
    if (body !== null) return reply.type('application/json; charset=utf-8').send(body)
    const review = { id, state, reason }
    if (state === 'waiting')
      return reply.code(202).header('retry-after', String(ASK_AGAIN_SECONDS)).send({ review })
    const kind = Object.keys(row.found).join(', ') || 'all'
    const { message, remedy } = describeRefusal(
      { code: 'answer-withheld', detail: { rule, kind, decision: id } },
      language,
    )
    const error = {
      message: `${message} ${remedy}`,
      type: 'permission_error',
      param: null,
      code: 'answer-withheld',
    }
    return reply.code(403).header('x-ecluse-error', 'answer-withheld').send({ error, review })
  })
}
