import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { preferredLanguage } from '#kernel/language.ts'
import type { Refusal } from '#kernel/refusal.ts'
import { err, ok, type Result } from '#kernel/result.ts'
import { readGeminiRequest } from '#protocols/gemini/request.ts'
import { geminiSurface } from '#protocols/gemini/surface.ts'
import { readTarget } from '#protocols/gemini/target.ts'
import { listedFor, type Listing } from '../listed-for.ts'
import { callerWith, type KnowsCallers } from '../credentials.ts'
import { writeRefusal } from '../reply.ts'
import { geminiErrors } from './gemini-errors.ts'
import type { SurfaceRoute } from './surface-route.ts'

/** One version of the API; model and method stand in the path. */
const route = (version: string): SurfaceRoute => ({
  method: 'POST',
  url: `/${version}/models/*`,
  errors: geminiErrors,
  read(body, naming, request) {
    const target = readTarget(restOfPath(request), request.query)
    if (!target.ok) return target
    const read = readGeminiRequest(target.value, body)
    return read.ok ? ok(geminiSurface(read.value, naming.id)) : read
  },
})

/** The Gemini surface; `@google/genai` asks under `/v1` from its version 3 on. */
export const geminiRoutes: readonly SurfaceRoute[] = [route('v1beta'), route('v1')]

/** What the `*` of a route stands for, decoded. */
function restOfPath({ params }: FastifyRequest): string {
  const rest = typeof params === 'object' && params !== null && '*' in params ? params['*'] : ''
  return typeof rest === 'string' ? rest : ''
}

/** A model as the Gemini API lists it. */
export interface GeminiModel {
  /** `models/NAME`. */
  readonly name: string
  readonly version: string
  readonly displayName: string
  /** Tokens of prompt and answer together; absent where it is not known. */
  readonly inputTokenLimit?: number
  readonly supportedGenerationMethods: readonly string[]
}

const GENERATE = ['generateContent', 'streamGenerateContent'] as const

/** `auto`, then every model of the destinations that are not disabled, once by name. */
export function geminiModelList({ gate }: Listing): { readonly models: readonly GeminiModel[] } {
  const usable = gate
    .catalogue()
    .destinations.filter(({ state }) => state === 'enabled' || state === 'discovered')
  const rows = new Map<string, GeminiModel>()
  const add = (name: string, methods: readonly string[], contextTokens?: number): void => {
    if (rows.has(name)) return
    rows.set(name, {
      name: `models/${name}`,
      version: '1',
      displayName: name,
      ...(contextTokens === undefined ? {} : { inputTokenLimit: contextTokens }),
      supportedGenerationMethods: methods,
    })
  }
  if (usable.length > 0) add('auto', GENERATE)
  for (const { dialect, models } of usable) {
    const methods = dialect === 'gemini' ? [...GENERATE, 'countTokens'] : GENERATE
    for (const model of models) add(model.name, methods, model.contextTokens)
  }
  return { models: [...rows.values()] }
}

/** Clients of the Gemini API present their key in its own header, and nobody else does. */
export const speaksGemini = ({ headers }: Pick<FastifyRequest, 'headers'>): boolean =>
  headers['x-goog-api-key'] !== undefined || headers['x-goog-api-client'] !== undefined

/** `GET /v1beta/models` and `GET /v1beta/models/{model}`, told from the gateway's own catalogue. */
export function registerGeminiPages(
  fastify: FastifyInstance,
  house: Listing & { readonly identity: KnowsCallers },
): void {
  const page = (
    url: string,
    read: (request: FastifyRequest, seen: Listing) => Result<object, Refusal>,
  ): void => {
    fastify.get(url, async (request, reply) => {
      const caller = await callerWith('inference', request, house.identity)
      const answer = caller.ok ? read(request, listedFor(house, caller.value)) : caller
      return answer.ok ? reply.send(answer.value) : refuse(request, reply, answer.error)
    })
  }
  page('/v1beta/models', (_, seen) => ok(geminiModelList(seen)))
  page('/v1beta/models/*', (request, seen) => {
    const name = `models/${restOfPath(request)}`
    const model = geminiModelList(seen).models.find((row) => row.name === name)
    return model ? ok(model) : err({ code: 'unknown-model' })
  })
}

function refuse(request: FastifyRequest, reply: FastifyReply, refusal: Refusal): FastifyReply {
  reply.hijack()
  const language = preferredLanguage(request.headers['accept-language'])
  writeRefusal(reply.raw, geminiErrors, refusal, { requestId: request.id, language, said: null })
  return reply
}
