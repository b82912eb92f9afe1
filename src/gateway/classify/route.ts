import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { classRank } from '#kernel/label.ts'
import { preferredLanguage } from '#kernel/language.ts'
import type { Refusal } from '#kernel/refusal.ts'
import { err, ok, type Result } from '#kernel/result.ts'
import { parseJsonBody } from '#protocols/json-body.ts'
import { callerWith } from '../credentials.ts'
import type { GatewayHouse, GatewaySettings } from '../ports.ts'
import { writeRefusal } from '../reply.ts'
import { openAiErrors } from '../surfaces/openai-errors.ts'
import { answerQuestion, type ClassifyAnswer } from './answer.ts'
import { createAllowance, unitsOf, type Allowance } from './allowance.ts'
import { readQuestion } from './question.ts'

/** `POST /v1/classify`: the label of a text or of a whole request, with the reasons; nothing is sent, nothing recorded. */
export function classifyRoute(
  fastify: FastifyInstance,
  house: GatewayHouse,
  settings: GatewaySettings,
): void {
  const allowance = createAllowance({ clock: house.clock })
  fastify.post('/v1/classify', async (request, reply) => {
    const answer = await classified(request, house, settings, allowance)
    if (!answer.ok) return refuse(request, reply, answer.error)
    const { label } = answer.value
    return reply
      .header('cache-control', 'no-store')
      .header('x-content-type-options', 'nosniff')
      .header('x-ecluse-class', `${label.class}${label.undetermined ? ';undetermined' : ''}`)
      .send(answer.value)
  })
}

async function classified(
  request: FastifyRequest,
  house: GatewayHouse,
  settings: GatewaySettings,
  allowance: Allowance,
): Promise<Result<ClassifyAnswer, Refusal>> {
  const caller = await callerWith('classify', request, house.identity)
  if (!caller.ok) return caller
  const { surfaces, maxClass } = caller.value.restrictions
  if (surfaces && !surfaces.includes('classify')) {
    const detail = { surface: 'classify', allowed: surfaces.slice(0, 8).join(', ') }
    return err({ code: 'surface-not-allowed', detail })
  }
  if (!(request.body instanceof Uint8Array)) return err({ code: 'unsupported-media-type' })
  const allowed = allowance(caller.value.keyId, unitsOf(request.body.length))
  if (!allowed.ok) return allowed
  // one level more than a request has: the body stands inside of another object
  const body = parseJsonBody(request.body, settings.depth + 1)
  if (!body.ok) return body
  const question = readQuestion(body.value)
  if (!question.ok) return question
  const language = preferredLanguage(request.headers['accept-language'])
  const labelled = await house.classify(question.value.parts)
  const answer = answerQuestion(question.value, labelled, house.explainFinding, language)
  // asking is no sending: a limited key is told what it could not send
  return ok(
    maxClass === null
      ? answer
      : { ...answer, aboveKey: classRank(labelled.label.class) > classRank(maxClass) },
  )
}

function refuse(request: FastifyRequest, reply: FastifyReply, refusal: Refusal): FastifyReply {
  reply.hijack()
  const language = preferredLanguage(request.headers['accept-language'])
  writeRefusal(reply.raw, openAiErrors, refusal, { requestId: request.id, language, said: null })
  return reply
}
