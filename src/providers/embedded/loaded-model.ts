import type { Template } from '@huggingface/jinja'
import {
  LlamaGrammarEvaluationState,
  type Llama,
  type LlamaModel,
  type Token,
} from 'node-llama-cpp'
import { err, ok, type Result } from '#kernel/result.ts'
import type { Refusal } from '#kernel/refusal.ts'
import { batchOrder } from './batch-order.ts'
import { CHATML, compileTemplate, type TemplateTokens } from './prompt-template.ts'
import type { Vocabulary } from './prompt-tokens.ts'
import { Slots } from './slots.ts'

/** A model in memory, ready to write. */
export interface LoadedModel {
  readonly name: string
  readonly template: Template
  readonly templateTokens: TemplateTokens
  readonly vocabulary: Vocabulary<Token>
  readonly detokenize: (tokens: readonly Token[], last: readonly Token[]) => string
  readonly slots: Slots
  /** A fresh state of a grammar; null when the library cannot use it. */
  readonly grammar: (gbnf: string) => Promise<LlamaGrammarEvaluationState | null>
  /** Tokens that one conversation and its answer may fill. */
  readonly contextTokens: number
  /** Weights and context, bytes, as the library counts them. */
  readonly memoryBytes: number
  readonly loadMs: number
  readonly dispose: () => Promise<void>
}

export interface LoadOptions {
  readonly name: string
  readonly path: string
  /** Wanted context, tokens; a model trained on less gets less. */
  readonly contextTokens: number
  readonly parallel: number
  readonly threads: number
  readonly now: () => number
}

/** Tokens computed at once, at most. */
const BATCH_TOKENS = 512

/** Loads a GGUF file and makes room for its conversations. */
export async function loadModel(
  llama: Llama,
  options: LoadOptions,
): Promise<Result<LoadedModel, Refusal>> {
  const startedAt = options.now()
  const model = await attempt(() => llama.loadModel({ modelPath: options.path, gpuLayers: 0 }))
  if (model === null) return notReady('the file could not be loaded')
  const template = compileTemplate(model.fileInfo.metadata.tokenizer?.chat_template ?? CHATML)
  if (template === null) {
    await model.dispose()
    return notReady('its chat template cannot be read')
  }
  const context = await attempt(() =>
    model.createContext({
      sequences: options.parallel,
      contextSize: Math.min(options.contextTokens, model.trainContextSize),
      batchSize: BATCH_TOKENS,
      threads: options.threads,
      batching: { itemPrioritizationStrategy: batchOrder() },
    }),
  )
  if (context === null) {
    await model.dispose()
    return notReady('there is not enough memory for its context')
  }
  return ok({
    name: options.name,
    template,
    templateTokens: { bos: model.tokens.bosString ?? '', eos: model.tokens.eosString ?? '' },
    vocabulary: vocabularyOf(model),
    detokenize: (tokens, last) => model.detokenize(tokens, false, last),
    grammar: (gbnf) => grammarState(llama, model, gbnf),
    slots: new Slots(Array.from({ length: options.parallel }, () => context.getSequence())),
    contextTokens: context.contextSize,
    memoryBytes: model.memoryUsage.ram + context.memoryUsage.ram,
    loadMs: options.now() - startedAt,
    dispose: () => model.dispose(),
  })
}

const vocabularyOf = (model: LlamaModel): Vocabulary<Token> => ({
  tokenize: (text, special, joined) =>
    model.tokenize(text, special, joined ? 'trimLeadingSpace' : undefined),
  textOf: (token) => model.detokenize([token], true),
  isControl: (token) => model.isSpecialToken(token),
  isUserDefined: (token) => model.getTokenAttributes(token).userDefined,
  bos: model.tokens.bos,
  prependBos: model.tokens.shouldPrependBosToken,
})

const grammarState = (
  llama: Llama,
  model: LlamaModel,
  gbnf: string,
): Promise<LlamaGrammarEvaluationState | null> =>
  attempt(async () => {
    const grammar = await llama.createGrammar({ grammar: gbnf })
    return new LlamaGrammarEvaluationState({ model, grammar })
  })

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
