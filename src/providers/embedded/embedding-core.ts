import type { Token } from 'node-llama-cpp'
import { err, ok, type Result } from '#kernel/result.ts'
import type { Refusal } from '#kernel/refusal.ts'
import type { Embedder } from './embedder.ts'
import type { EmbeddingsRequest } from './embeddings-request.ts'
import type { EngineLimits, EnginePorts, ModelStatus } from './engine-core.ts'
import { decidedFor, nameOfPlace, opening, placeOf } from './exact-weights.ts'
import { ModelHost } from './model-host.ts'

export interface EmbeddingTask {
  readonly request: EmbeddingsRequest
  /** Digest of the weights that it was decided to ask; null: nobody decided. */
  readonly weights: string | null
  readonly signal: AbortSignal
}

export interface Embedded {
  readonly vectors: readonly (readonly number[])[]
  readonly promptTokens: number
}

/** Seconds to suggest when too many are waiting. */
const RETRY_SECONDS = 2

/** Encoders have a place of their own: they are small, and must not push a chat model out of memory. */
export class EmbeddingCore {
  readonly #ports: Pick<EnginePorts, 'find'>
  readonly #queueLimit: number
  readonly host: ModelHost<Embedder>
  #asking = 0

  constructor(ports: Pick<EnginePorts, 'find' | 'loadEmbedder'>, limits: EngineLimits) {
    this.#ports = ports
    this.#queueLimit = limits.queueLimit
    this.host = new ModelHost(1, opening(ports.find, ports.loadEmbedder))
  }

  /** The vectors of the texts, in their order. Rejects with the signal's reason when the caller left. */
  async embed({ request, weights, signal }: EmbeddingTask): Promise<Result<Embedded, Refusal>> {
    const found = await this.#ports.find(request.model)
    const stored = found.ok ? decidedFor(found.value, weights) : found
    if (!stored.ok) return stored
    const place = placeOf(stored.value)
    if (stored.value.task !== 'embeddings')
      return err({ code: 'unsupported-parameter', param: 'model' })
    // one is computed at a time, the others wait
    if (this.#asking > this.#queueLimit)
      return err({ code: 'queue-full', retryAfterSeconds: RETRY_SECONDS })
    this.#asking++
    try {
      const used = await this.host.use(place, signal)
      if (!used.ok) return used
      try {
        return await embedAll(used.value, request, signal)
      } finally {
        this.host.release(place)
      }
    } finally {
      this.#asking--
    }
  }

  /** The encoders in memory, as GET /ps tells them. */
  status(): readonly ModelStatus[] {
    return this.host.states().map(({ name: place, state, model, waiting }) => ({
      name: nameOfPlace(place),
      state,
      memoryBytes: model?.memoryBytes ?? null,
      contextTokens: model?.contextTokens ?? null,
      loadMs: model === null ? null : Math.round(model.loadMs),
      slots: { used: Math.min(1, this.#asking), total: 1 },
      waiting: waiting + Math.max(0, this.#asking - 1),
      tokensPerSecond: null,
    }))
  }
}

async function embedAll(
  model: Embedder,
  { texts, dimensions }: EmbeddingsRequest,
  signal: AbortSignal,
): Promise<Result<Embedded, Refusal>> {
  if (dimensions !== null && dimensions !== model.dimensions)
    return err({ code: 'unsupported-parameter', param: 'dimensions' })
  const tokenised = texts.map((text) => model.tokens(text))
  const tooLong = tokenised.findIndex((tokens) => tokens.length > model.contextTokens)
  if (tooLong >= 0) {
    const detail = { tokens: tokenised[tooLong]?.length ?? 0, limit: model.contextTokens }
    return err({ code: 'context-too-long', param: `input.${tooLong}`, detail })
  }
  const vectors: (readonly number[])[] = []
  for (const tokens of tokenised) {
    signal.throwIfAborted()
    vectors.push(await model.vector(tokens))
  }
  return ok({ vectors, promptTokens: total(tokenised) })
}

const total = (tokenised: readonly (readonly Token[])[]): number =>
  tokenised.reduce((sum, tokens) => sum + tokens.length, 0)
