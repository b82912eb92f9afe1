import type { Llama, LlamaModel, Token } from 'node-llama-cpp'
import { err, ok, type Result } from '#kernel/result.ts'
import type { Refusal } from '#kernel/refusal.ts'
import type { LoadOptions } from './loaded-model.ts'

/** A model in memory that turns texts into vectors. */
export interface Embedder {
  readonly name: string
  /** Tokens of a text as the model reads it, marks of beginning and end included. */
  tokens(text: string): readonly Token[]
  /** The vector of a text, of length 1. One at a time. */
  vector(tokens: readonly Token[]): Promise<readonly number[]>
  /** Tokens that one text may have. */
  readonly contextTokens: number
  /** Numbers in a vector. */
  readonly dimensions: number
  readonly memoryBytes: number
  readonly loadMs: number
  readonly dispose: () => Promise<void>
}

/** Loads a GGUF file of an encoder. */
export async function loadEmbedder(
  llama: Llama,
  options: Omit<LoadOptions, 'parallel'>,
): Promise<Result<Embedder, Refusal>> {
  const startedAt = options.now()
  const model = await attempt(() => llama.loadModel({ modelPath: options.path, gpuLayers: 0 }))
  if (model === null) return notReady('the file could not be loaded')
  const contextSize = Math.min(options.contextTokens, model.trainContextSize)
  const context = await attempt(() =>
    // an encoder reads a text as a whole: it must fit into one batch
    model.createEmbeddingContext({ contextSize, batchSize: contextSize, threads: options.threads }),
  )
  if (context === null) {
    await model.dispose()
    return notReady('there is not enough memory for its context')
  }
  return ok({
    name: options.name,
    tokens: (text) => wholeTokens(model, text),
    async vector(tokens) {
      const { vector } = await context.getEmbeddingFor([...tokens])
      return normalised(vector)
    },
    // the library keeps one token free
    contextTokens: contextSize - 1,
    dimensions: model.fileInsights.embeddingVectorSize ?? 0,
    memoryBytes: model.memoryUsage.ram,
    loadMs: options.now() - startedAt,
    dispose: () => model.dispose(),
  })
}

/** Marks written by a caller stay text: only the model's own begin and end a text. */
function wholeTokens(model: LlamaModel, text: string): readonly Token[] {
  const { bos, sep, eos } = model.tokens
  const end = sep ?? eos
  return [
    ...(bos === null ? [] : [bos]),
    ...model.tokenize(text, false),
    ...(end === null ? [] : [end]),
  ]
}

/** The same direction at length 1, as the authors of sentence encoders publish their vectors. */
export function normalised(vector: readonly number[]): readonly number[] {
  const length = Math.hypot(...vector)
  return length === 0 ? vector : vector.map((number) => Math.fround(number / length))
}

const notReady = (progress: string): Result<never, Refusal> =>
  err({ code: 'model-not-ready', detail: { progress }, retryAfterSeconds: 30 })

// The library throws for a bad file and for a lack of memory alike, with texts of its own.
async function attempt<T>(run: () => Promise<T>): Promise<T | null> {
  try {
    return await run()
  } catch {
    return null
  }
}
