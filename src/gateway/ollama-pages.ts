import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { JsonObject } from '#kernel/canonical-json.ts'
import { preferredLanguage } from '#kernel/language.ts'
import type { Refusal } from '#kernel/refusal.ts'
import { err, ok, type Result } from '#kernel/result.ts'
import { parseJsonBody } from '#protocols/json-body.ts'
import { callerWith } from './credentials.ts'
import { listedFor } from './listed-for.ts'
import { ollamaModel, ollamaRunning, ollamaTags } from './ollama-models.ts'
import type { DataHouse, GatewaySettings } from './ports.ts'
import { writeRefusal } from './reply.ts'
import { ollamaErrors } from './surfaces/ollama-errors.ts'

/** What Ollama clients ask before they chat, told from the gateway's own catalogue. */
export function registerOllamaPages(
  fastify: FastifyInstance,
  house: DataHouse,
  settings: GatewaySettings,
): void {
  const page = (
    method: 'GET' | 'POST',
    url: string,
    read: (request: FastifyRequest, seen: DataHouse) => Result<JsonObject, Refusal>,
  ): void => {
    fastify.route({
      method,
      url,
      handler: async (request, reply) => {
        const caller = await callerWith('inference', request, house.identity)
        const answer = caller.ok ? read(request, listedFor(house, caller.value)) : caller
        return answer.ok ? reply.send(answer.value) : refuse(request, reply, answer.error)
      },
    })
  }
  page('GET', '/api/version', () => ok({ version: house.version }))
  page('GET', '/api/tags', (_, seen) => ok(ollamaTags(seen)))
  page('GET', '/api/ps', (_, seen) => ok(ollamaRunning(seen)))
  page('POST', '/api/show', (request, seen) => {
    const name = modelName(request.body, settings.depth)
    if (!name.ok) return name
    const model = ollamaModel(seen, name.value)
    return model ? ok(model) : err({ code: 'unknown-model' })
  })
}

/** `name` is what older clients call it. */
function modelName(body: unknown, depth: number): Result<string, Refusal> {
  if (!(body instanceof Uint8Array)) return err({ code: 'unsupported-media-type' })
  const parsed = parseJsonBody(body, depth)
  if (!parsed.ok) return parsed
  const name = parsed.value['model'] ?? parsed.value['name']
  if (name === undefined || name === null) return err({ code: 'missing-field', param: 'model' })
  return typeof name === 'string' && name !== ''
    ? ok(name)
    : err({ code: 'invalid-value', param: 'model', detail: { expected: 'a model name' } })
}

function refuse(request: FastifyRequest, reply: FastifyReply, refusal: Refusal): FastifyReply {
  reply.hijack()
  const language = preferredLanguage(request.headers['accept-language'])
  writeRefusal(reply.raw, ollamaErrors, refusal, { requestId: request.id, language, said: null })
  return reply
}
