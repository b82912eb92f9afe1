import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Refusal } from '#kernel/refusal.ts'
import { err, ok, type Result } from '#kernel/result.ts'
import { modelPage, modelRow, speaksAnthropic } from './anthropic-models.ts'
import { callerWith } from './credentials.ts'
import { listedFor } from './listed-for.ts'
import { modelList } from './openai-models.ts'
import type { DataHouse } from './ports.ts'
import { geminiModelList, speaksGemini } from './surfaces/gemini.ts'

type Refuse = (request: FastifyRequest, reply: FastifyReply, refusal: Refusal) => FastifyReply

type Page = (request: FastifyRequest, reply: FastifyReply) => Promise<FastifyReply>

/** `GET /v1/models` and `GET /v1/models/{model}`: one path for clients of three dialects, told apart by their headers. */
export function modelPages(
  all: DataHouse,
  refuse: Refuse,
): { readonly list: Page; readonly one: Page } {
  const page =
    (read: (request: FastifyRequest, house: DataHouse) => Result<object, Refusal>): Page =>
    async (request, reply) => {
      const caller = await callerWith('inference', request, all.identity)
      const answer = caller.ok ? read(request, listedFor(all, caller.value)) : caller
      return answer.ok ? reply.send(answer.value) : refuse(request, reply, answer.error)
    }
  return {
    list: page((request, house) => {
      if (speaksGemini(request)) return ok(geminiModelList(house))
      return speaksAnthropic(request) ? modelPage(house, request.query) : ok(modelList(house))
    }),
    one: page((request, house) => {
      const name = nameIn(request)
      const found = speaksGemini(request)
        ? geminiModelList(house).models.find((model) => model.name === `models/${name}`)
        : speaksAnthropic(request)
          ? modelRow(house, name)
          : modelList(house).data.find(({ id }) => id === name)
      return found ? ok(found) : err({ code: 'unknown-model', param: 'model' })
    }),
  }
}

/** Names may hold slashes, written out or encoded. */
function nameIn(request: FastifyRequest): string {
  const path = request.url.split('?', 1)[0] ?? ''
  const name = path.slice('/v1/models/'.length)
  try {
    return decodeURIComponent(name)
  } catch {
    return name
  }
}
