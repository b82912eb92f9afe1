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
import { CHATML, compileTemplate, showsTools, type TemplateTokens } from './prompt-template.ts'
import type { Vocabulary } from './prompt-tokens.ts'
import { Slots } from './slots.ts'
import { toolFormatOf, type ToolFormat } from './tool-format.ts'

/** A model in memory, ready to write. */
export interface LoadedModel {
  readonly name: string
  readonly template: Template
  readonly templateTokens: TemplateTokens
  readonly vocabulary: Vocabulary<Token>
  readonly detokenize: (tokens: readonly Token[], last: readonly Token[]) => string
  /** The same, with the marks of the model's tool calls, which are control tokens in some vocabularies. */
  readonly detokenizeWithMarks: (tokens: readonly Token[], last: readonly Token[]) => string
  /** How it writes calls of tools; null when its template knows no tools, or writes them in a way of its own. */
  readonly toolFormat: ToolFormat | null
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
  const source = model.fileInfo.metadata.tokenizer?.chat_template ?? CHATML
  const template = compileTemplate(source)
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
  const templateTokens = { bos: model.tokens.bosString ?? '', eos: model.tokens.eosString ?? '' }
  const format = toolFormatOf(source)
  const toolFormat = format !== null && showsTools(template, templateTokens) ? format : null
  const marks = marksOf(model, toolFormat)
  return ok({
    name: options.name,
    template,
    templateTokens,
    toolFormat,
    vocabulary: vocabularyOf(model),
    detokenize: (tokens, last) => model.detokenize(tokens, false, last),
    detokenizeWithMarks: (tokens, last) =>
      model.detokenize(
        tokens,
        tokens.some((token) => marks.has(token)),
        last,
      ),
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

/** Tokens that are wholly one mark of the format. */
const marksOf = (model: LlamaModel, format: ToolFormat | null): ReadonlySet<Token> =>
  new Set(
    (format?.markers ?? []).flatMap((mark) => {
      const tokens = model.tokenize(mark, true)
      return tokens.length === 1 ? tokens : []
    }),
  )

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
