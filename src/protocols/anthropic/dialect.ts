import type { JsonObject, JsonValue } from '#kernel/canonical-json.ts'
import type { Refusal } from '#kernel/refusal.ts'
import { err, ok, type Result } from '#kernel/result.ts'
import type { Conversation, ToolDefinition } from '../conversation.ts'
import type { Dialect, DialectRequest } from '../dialect.ts'
import { USUAL_VERSION } from './headers.ts'
import { readAnthropicError } from './error-body.ts'
import { messagesAnswer } from './events.ts'
import { contentBlocks, turnBlocks } from './to-blocks.ts'

/**
 * Tokens an answer may have when the caller gave no limit, which this dialect does not allow: what every model and
 * server of it accepts. Reported, because longer answers end there.
 */
export const DEFAULT_MAX_TOKENS = 4096

/** Highest temperature of this dialect (Messages API reference); others go to 2. */
const MAX_TEMPERATURE = 1
/** Smallest thinking budget of this dialect, in tokens (Messages API reference). */
const MIN_BUDGET = 1024

/** Anthropic Messages as destinations speak it. */
export const anthropicDialect: Dialect = {
  name: 'anthropic',
  streamType: 'text/event-stream',
  request: messagesRequest,
  newAnswer: messagesAnswer,
  readError: readAnthropicError,
}

function messagesRequest(
  conversation: Conversation,
  upstreamModel: string,
  stream: boolean,
): Result<DialectRequest, Refusal> {
  const dropped: string[] = []
  const refused = unsayable(conversation)
  if (refused !== null) return err({ code: 'unsupported-parameter', param: refused })
  const messages = messagesOf(conversation, dropped)
  if (messages.length === 0) return err({ code: 'unsupported-parameter', param: 'messages' })
  const system = contentBlocks(conversation.system, dropped).filter(isText)
  const body: JsonObject = {
    model: upstreamModel,
    max_tokens: limitOf(conversation, dropped),
    ...(system.length > 0 ? { system: flat(system) } : {}),
    messages,
    ...(stream ? { stream: true } : {}),
    ...toolFields(conversation, dropped),
    ...sampling(conversation, dropped),
    ...(conversation.stop.length > 0 ? { stop_sequences: conversation.stop } : {}),
    ...thinkingOf(conversation, dropped),
    ...outputConfig(conversation),
    ...(conversation.user === null ? {} : { metadata: { user_id: conversation.user } }),
  }
  return ok({ path: '/messages', headers: { 'anthropic-version': USUAL_VERSION }, body, dropped })
}

/** What cannot be left out without changing what was asked. */
function unsayable({ output, stop }: Conversation): string | null {
  // the dialect knows schemas, but no free JSON
  if (output.kind === 'json') return 'response_format'
  return stop.some((sequence) => sequence.trim() === '') ? 'stop' : null
}

function limitOf({ maxTokens, reasoning }: Conversation, dropped: string[]): number {
  if (maxTokens !== null) return maxTokens
  dropped.push(`max_tokens.default-${DEFAULT_MAX_TOKENS}`)
  // thoughts count towards the limit and must be fewer
  return DEFAULT_MAX_TOKENS + Math.max(0, reasoning?.budgetTokens ?? 0)
}

/** Turns of one role that meet become one message: roles alternate. */
function messagesOf({ turns }: Conversation, dropped: string[]): readonly JsonObject[] {
  const messages: { role: string; content: JsonObject[] }[] = []
  for (const turn of turns) {
    const blocks = turnBlocks(turn, dropped)
    const last = messages.at(-1)
    if (blocks.length === 0) continue
    if (last?.role === turn.role) last.content.push(...blocks)
    else messages.push({ role: turn.role, content: [...blocks] })
  }
  return messages.map(({ role, content }) => ({ role, content: flat(content) }))
}

const isText = ({ type }: JsonObject): boolean => type === 'text'

/** One text is a plain string. */
function flat(blocks: readonly JsonObject[]): JsonValue {
  const text = blocks.length === 1 && blocks[0] && isText(blocks[0]) ? blocks[0]['text'] : undefined
  return text ?? blocks
}

function toolFields(conversation: Conversation, dropped: string[]): JsonObject {
  const { tools, toolChoice, parallelToolCalls } = conversation
  if (tools.length === 0) {
    if (toolChoice && toolChoice.kind !== 'none') dropped.push('tool_choice')
    return {}
  }
  const isSerial = parallelToolCalls === false && toolChoice?.kind !== 'none'
  const serial = isSerial ? { disable_parallel_tool_use: true } : {}
  const choice =
    toolChoice === null
      ? isSerial
        ? { type: 'auto' }
        : null
      : toolChoice.kind === 'one'
        ? { type: 'tool', name: toolChoice.name }
        : { type: toolChoice.kind === 'required' ? 'any' : toolChoice.kind }
  return {
    tools: tools.map(toolOf),
    ...(choice ? { tool_choice: { ...choice, ...serial } } : {}),
  }
}

const toolOf = (tool: ToolDefinition): JsonObject => ({
  name: tool.name,
  ...(tool.description === null ? {} : { description: tool.description }),
  input_schema: tool.schema['type'] === 'object' ? tool.schema : { ...tool.schema, type: 'object' },
  ...(tool.strict === true ? { strict: true } : {}),
})

function sampling(conversation: Conversation, dropped: string[]): JsonObject {
  const { temperature, topP, topK } = conversation
  const isHot = temperature !== null && temperature > MAX_TEMPERATURE
  if (isHot) dropped.push('temperature')
  // newer models refuse the two together
  if (temperature !== null && topP !== null) dropped.push('top_p')
  if (conversation.seed !== null) dropped.push('seed')
  if (conversation.presencePenalty) dropped.push('presence_penalty')
  if (conversation.frequencyPenalty) dropped.push('frequency_penalty')
  return {
    ...(temperature === null ? {} : { temperature: Math.min(temperature, MAX_TEMPERATURE) }),
    ...(topP === null || temperature !== null ? {} : { top_p: topP }),
    ...(topK === null ? {} : { top_k: topK }),
  }
}

function thinkingOf({ reasoning }: Conversation, dropped: string[]): JsonObject {
  if (reasoning === null) return {}
  if (reasoning.effort === 'none' || reasoning.budgetTokens === 0) {
    return { thinking: { type: 'disabled' } }
  }
  const budget = reasoning.budgetTokens
  if (budget === null) return {}
  if (budget >= MIN_BUDGET) return { thinking: { type: 'enabled', budget_tokens: budget } }
  dropped.push('reasoning')
  return {}
}

function outputConfig({ output, reasoning }: Conversation): JsonObject {
  const effort = reasoning?.effort === 'minimal' ? 'low' : (reasoning?.effort ?? 'none')
  const config = {
    ...(effort === 'none' ? {} : { effort }),
    ...(output.kind === 'schema' ? { format: { type: 'json_schema', schema: output.schema } } : {}),
  }
  return Object.keys(config).length === 0 ? {} : { output_config: config }
}
