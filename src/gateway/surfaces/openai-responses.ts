import { ok } from '#kernel/result.ts'
import { readResponsesRequest } from '#protocols/openai-responses/request.ts'
import { responsesSurface } from '#protocols/openai-responses/surface.ts'
import type { ResponsesWriter } from '#protocols/openai-responses/writer.ts'
import type { ErrorShape } from './error-shape.ts'
import { responsesErrors, storedStateErrors, type OpenStreams } from './responses-errors.ts'
import type { SurfaceRoute } from './surface-route.ts'

/** The writers of streams under way, by the id of their request; who still writes is held by the exchange, not here. */
class WritersUnderWay implements OpenStreams {
  readonly #writers = new Map<string, WeakRef<ResponsesWriter>>()
  readonly #gone = new FinalizationRegistry<string>((id) => {
    // another attempt of the same request may have taken the place
    if (this.#writers.get(id)?.deref() === undefined) this.#writers.delete(id)
  })

  add(requestId: string, writer: ResponsesWriter): void {
    this.#writers.set(requestId, new WeakRef(writer))
    this.#gone.register(writer, requestId)
  }

  writerOf(requestId: string): ResponsesWriter | null {
    return this.#writers.get(requestId)?.deref() ?? null
  }
}

const underWay = new WritersUnderWay()

/** OpenAI Responses, stateless. */
export const openAiResponsesRoutes: readonly SurfaceRoute[] = [
  {
    method: 'POST',
    url: '/v1/responses',
    errors: responsesErrors(underWay),
    read(body, naming) {
      const request = readResponsesRequest(body)
      if (!request.ok) return request
      const opened = (writer: ResponsesWriter): void => underWay.add(naming.id, writer)
      return ok(responsesSurface(request.value, naming, opened))
    },
  },
]

/** Neighbouring paths of OpenAI that would keep something. */
export const openAiStoredPrefixes: readonly (readonly [string, ErrorShape])[] = [
  'responses',
  'conversations',
  'files',
  'uploads',
  'batches',
  'vector_stores',
].map((name) => [`/v1/${name}`, storedStateErrors(name)])
