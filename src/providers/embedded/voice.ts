import type { LlamaGrammarEvaluationState } from 'node-llama-cpp'
import { err, ok, type Result } from '#kernel/result.ts'
import type { Refusal } from '#kernel/refusal.ts'
import type { ChatRequest } from './chat-request.ts'
import type { LoadedModel } from './loaded-model.ts'
import { closeTools, stepTools, TOOL_START, type Said, type ToolState } from './tool-calls.ts'
import type { Tools } from './tool-definitions.ts'
import { toolGrammars } from './tool-grammar.ts'
import type { ToolFormat } from './tool-format.ts'

type Grammar = LlamaGrammarEvaluationState

/** How one answer is steered while it is written, and taken apart. */
export interface Voice {
  /** What the next token must follow. */
  readonly grammar: () => Grammar | undefined
  readonly onText: (piece: string) => Promise<void>
  /** The last piece has come. */
  readonly onEnd: () => Promise<void>
}

type OnSaid = (said: Said) => Promise<void> | void

/** Steering for a request: free text, a schema, or tools. */
export async function voiceOf(
  model: LoadedModel,
  { tools, grammar, stop }: ChatRequest,
  onSaid: OnSaid,
): Promise<Result<Voice, Refusal>> {
  if (tools !== null && model.toolFormat !== null)
    return toolVoice(model, tools, { format: model.toolFormat, isPlain: stop.length === 0 }, onSaid)
  const state = grammar === null ? undefined : await model.grammar(grammar)
  if (state === null) return endless('response_format')
  return ok({
    grammar: () => state,
    onText: async (text) => onSaid({ kind: 'text', text }),
    onEnd: async () => undefined,
  })
}

async function toolVoice(
  model: LoadedModel,
  tools: Tools,
  { format, isPlain }: { readonly format: ToolFormat; readonly isPlain: boolean },
  onSaid: OnSaid,
): Promise<Result<Voice, Refusal>> {
  const grammars = toolGrammars(tools, format)
  if (!grammars.ok) return grammars
  const isForced = tools.choice === 'required'
  const text = isForced ? grammars.value.whole : grammars.value.afterMark
  const made = text === null ? undefined : await model.grammar(text)
  if (made === null) return endless('tools')
  // without a mark nothing tells where a call begins: only a forced one can be steered
  const strict = tools.definitions.findIndex((tool) => tool.strict)
  if (made === undefined && strict >= 0)
    return err({ code: 'unsupported-parameter', param: `tools.${strict}.function.strict` })
  const names = new Set(tools.definitions.map(({ name }) => name))
  const reading = { format, names, parallel: tools.parallel }
  let grammar = isForced ? made : undefined
  let state: ToolState = TOOL_START
  const tell = async (said: readonly Said[]): Promise<void> => {
    for (const one of said) await onSaid(one)
  }
  return ok({
    grammar: () => grammar,
    async onText(piece) {
      const [next, said] = stepTools(state, piece, reading)
      state = next
      // steered from the mark on, when the mark ended with this very token and nothing is held for a stop string
      if (isPlain && state.mode === 'call' && state.held === '') grammar ??= made
      await tell(said)
    },
    async onEnd() {
      const [next, said] = closeTools(state, reading)
      state = next
      await tell(said)
    },
  })
}

const endless = (param: string): Result<never, Refusal> =>
  err({ code: 'invalid-value', param, detail: { expected: 'a schema that is not endless' } })
