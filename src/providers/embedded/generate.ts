import type { LlamaGrammarEvaluationState, SequenceEvaluateOptions, Token } from 'node-llama-cpp'
import type { FinishReason, Usage } from './chat-answer.ts'
import type { ChatRequest } from './chat-request.ts'
import type { LoadedModel } from './loaded-model.ts'
import type { Slot } from './slots.ts'
import { ALONE, SHARED } from './batch-order.ts'
import { NOT_STOPPED, stepStop } from './stop-strings.ts'
import { TextAssembly } from './text-assembly.ts'

/** Tokens of prompt computed at a time: a caller who leaves is noticed between two of these. */
const PREFILL_TOKENS = 128

/** What a caller who says nothing gets: close to the defaults of llama.cpp's own server. */
const DEFAULTS = { temperature: 0.7, topP: 0.95, minP: 0.05 }

/** For the same caller: small models fall into loops, and nobody asked for one. */
const LOOP_PENALTY = 1.1
const LOOP_TOKENS = 64

export interface Generation {
  readonly request: ChatRequest
  readonly prompt: readonly Token[]
  readonly slot: Slot
  /** What the next token must follow, asked before each. */
  readonly grammar: () => LlamaGrammarEvaluationState | undefined
  readonly scope: string
  /** Used when the request names no seed. */
  readonly freshSeed: number
  readonly signal: AbortSignal
  /** Called with each piece of text; may hold back the generation. */
  readonly onText: (piece: string) => Promise<void> | void
  /** Milliseconds on a clock that only goes forward. */
  readonly now: () => number
}

export interface Generated {
  readonly finish: FinishReason
  readonly usage: Usage
  /** Milliseconds from the first token to the last. */
  readonly decodeMs: number
}

/** Writes an answer, token by token, until the model ends it, a stop string, a limit, or the signal (then rejects with its reason). */
export async function generate(model: LoadedModel, task: Generation): Promise<Generated> {
  const { request, prompt, slot, signal } = task
  const reproducible = request.seed !== null || request.temperature === 0
  const evaluationPriority = reproducible ? ALONE : SHARED
  const cachedTokens = await prepare(task, reproducible)
  const { sequence } = slot
  for (let at = cachedTokens; at < prompt.length - 1; at += PREFILL_TOKENS) {
    signal.throwIfAborted()
    const part = prompt.slice(at, Math.min(at + PREFILL_TOKENS, prompt.length - 1))
    await sequence.evaluateWithoutGeneratingNewTokens(part, { evaluationPriority })
  }
  signal.throwIfAborted()
  const room = model.contextTokens - prompt.length
  const limit = Math.min(request.maxTokens ?? room, room)
  const produced: Token[] = []
  const options: SequenceEvaluateOptions = {
    ...sampling(request, task.freshSeed, produced),
    evaluationPriority,
    grammarEvaluationState: task.grammar,
  }
  const written = await write(model, task, produced, limit, options)
  return {
    finish: written.finish,
    decodeMs: written.decodeMs,
    usage: { promptTokens: prompt.length, cachedTokens, completionTokens: produced.length },
  }
}

/** Aligns the slot with the prompt; returns how many of its tokens need not be computed again. */
async function prepare(task: Generation, reproducible: boolean): Promise<number> {
  const { slot, prompt, scope } = task
  // A reproducible request starts from nothing: a state computed in other batches differs in the last digits.
  if (reproducible || slot.scope !== scope) await slot.sequence.clearHistory()
  slot.scope = scope
  await slot.sequence.adaptStateToTokens(prompt.slice(0, -1), false)
  return slot.sequence.nextTokenIndex
}

async function write(
  model: LoadedModel,
  task: Generation,
  produced: Token[],
  limit: number,
  options: SequenceEvaluateOptions,
): Promise<{ readonly finish: FinishReason; readonly decodeMs: number }> {
  const { request, prompt, slot, signal } = task
  const detokenize = request.tools === null ? model.detokenize : model.detokenizeWithMarks
  const assembly = new TextAssembly<Token>(detokenize, prompt)
  let state = NOT_STOPPED
  let finish: FinishReason = 'stop'
  let startedAt: number | null = null
  const show = async (piece: string): Promise<void> => {
    const [next, shown] = stepStop(state, piece, request.stop)
    state = next
    if (shown !== '') await task.onText(shown)
  }
  for await (const token of slot.sequence.evaluate(prompt.slice(-1), options)) {
    signal.throwIfAborted()
    startedAt ??= task.now()
    produced.push(token)
    await show(assembly.push(token))
    if (state.stopped) break
    if (produced.length >= limit) {
      finish = 'length'
      break
    }
  }
  if (!state.stopped) await show(assembly.flush())
  if (state.held !== '') await task.onText(state.held)
  if (state.stopped) finish = 'stop'
  return { finish, decodeMs: startedAt === null ? 0 : task.now() - startedAt }
}

function sampling(
  request: ChatRequest,
  freshSeed: number,
  produced: readonly Token[],
): SequenceEvaluateOptions {
  const { frequencyPenalty, presencePenalty } = request
  const penalised = frequencyPenalty !== 0 || presencePenalty !== 0
  return {
    temperature: request.temperature ?? DEFAULTS.temperature,
    topP: request.topP ?? DEFAULTS.topP,
    minP: request.topP === null ? DEFAULTS.minP : 0,
    topK: 0,
    seed: samplerSeed(request.seed ?? freshSeed),
    ...(isUntouched(request)
      ? {
          repeatPenalty: {
            punishTokens: () => produced.slice(-LOOP_TOKENS),
            penalty: LOOP_PENALTY,
          },
        }
      : {}),
    ...(penalised
      ? {
          repeatPenalty: {
            punishTokens: () => produced.slice(),
            penalty: 1,
            frequencyPenalty,
            presencePenalty,
          },
        }
      : {}),
  }
}

/** Nothing was said about sampling. */
const isUntouched = (request: ChatRequest): boolean =>
  // brackets and quotes repeat, and must
  request.grammar === null &&
  request.tools === null &&
  request.temperature === null &&
  request.topP === null &&
  request.frequencyPenalty === 0 &&
  request.presencePenalty === 0

/** The sampler takes 32 bits and reads all ones as "choose for me". */
export const samplerSeed = (seed: number): number =>
  Math.min(Number(BigInt.asUintN(32, BigInt(seed))), 0xff_ff_ff_fe)
