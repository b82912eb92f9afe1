import type { JsonObject } from '#kernel/canonical-json.ts'
import { ok } from '#kernel/result.ts'
import type { Conversation, OutputFormat, ToolChoice, ToolDefinition } from '../conversation.ts'
import type { Dialect } from '../dialect.ts'
import { readGeminiError } from './error-body.ts'
import { geminiAnswer } from './events.ts'
import { geminiPath } from './path.ts'
import { contentsOf, systemInstruction } from './to-contents.ts'
import { thinkingOf } from './thinking.ts'

/** The Gemini API as destinations speak it; the base URL ends in `/v1beta`. */
export const geminiDialect: Dialect = {
  name: 'gemini',
  streamType: 'text/event-stream',
  request(conversation, upstreamModel, stream) {
    const dropped: string[] = []
    const contents = contentsOf(conversation.turns, upstreamModel, dropped)
    if (!contents.ok) return contents
    const config = configOf(conversation, upstreamModel)
    const { tools, toolChoice } = conversation
    if (tools.some(({ strict }) => strict === true)) dropped.push('strict')
    if (conversation.parallelToolCalls === false) dropped.push('parallel_tool_calls')
    if (conversation.user !== null) dropped.push('user')
    const body: JsonObject = {
      ...systemInstruction(conversation.system, dropped),
      contents: contents.value,
      ...(tools.length > 0 ? { tools: [{ functionDeclarations: tools.map(declarationOf) }] } : {}),
      ...(toolChoice ? { toolConfig: { functionCallingConfig: callingOf(toolChoice) } } : {}),
      ...(Object.keys(config).length > 0 ? { generationConfig: config } : {}),
    }
    const method = stream ? 'streamGenerateContent' : 'generateContent'
    return ok({ path: geminiPath(upstreamModel, method), headers: {}, body, dropped })
  },
  newAnswer: geminiAnswer,
  readError: readGeminiError,
}

function configOf(conversation: Conversation, model: string): JsonObject {
  const { stop, reasoning } = conversation
  return {
    ...said('maxOutputTokens', conversation.maxTokens),
    ...said('temperature', conversation.temperature),
    ...said('topP', conversation.topP),
    ...said('topK', conversation.topK),
    ...said('seed', conversation.seed),
    ...said('presencePenalty', conversation.presencePenalty),
    ...said('frequencyPenalty', conversation.frequencyPenalty),
    ...(stop.length > 0 ? { stopSequences: stop } : {}),
    ...formatOf(conversation.output),
    ...(reasoning ? { thinkingConfig: thinkingOf(reasoning, model) } : {}),
  }
}

const said = (name: string, value: number | null): JsonObject =>
  value === null ? {} : { [name]: value }

function formatOf(output: OutputFormat): JsonObject {
  if (output.kind === 'text') return {}
  const json = { responseMimeType: 'application/json' }
  return output.kind === 'json' ? json : { ...json, responseJsonSchema: output.schema }
}

const declarationOf = (tool: ToolDefinition): JsonObject => ({
  name: tool.name,
  ...(tool.description === null ? {} : { description: tool.description }),
  parametersJsonSchema: tool.schema,
})

const MODES = { auto: 'AUTO', none: 'NONE', required: 'ANY' } as const

const callingOf = (choice: ToolChoice): JsonObject =>
  choice.kind === 'one'
    ? { mode: 'ANY', allowedFunctionNames: [choice.name] }
    : { mode: MODES[choice.kind] }
