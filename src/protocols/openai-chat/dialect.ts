import type { JsonObject } from '#kernel/canonical-json.ts'
import { ok } from '#kernel/result.ts'
import type {
  ContentPart,
  Conversation,
  ToolChoice,
  ToolDefinition,
  Turn,
} from '../conversation.ts'
import type { Dialect } from '../dialect.ts'
import { imageUrl } from '../image.ts'
import { readOpenAiError } from './read-error.ts'
import { chatAnswer } from './events.ts'

/** OpenAI chat completions as destinations speak it. */
export const openAiDialect: Dialect = {
  name: 'openai',
  streamType: 'text/event-stream',
  request(conversation, upstreamModel, stream) {
    const dropped: string[] = []
    const body: JsonObject = {
      model: upstreamModel,
      messages: messagesOf(conversation, dropped),
      ...(stream ? { stream: true, stream_options: { include_usage: true } } : {}),
      ...(conversation.tools.length > 0 ? { tools: conversation.tools.map(toolOf) } : {}),
      ...said('tool_choice', conversation.toolChoice && choiceOf(conversation.toolChoice)),
      ...said('parallel_tool_calls', conversation.parallelToolCalls),
      ...said('max_tokens', conversation.maxTokens),
      ...said('temperature', conversation.temperature),
      ...said('top_p', conversation.topP),
      ...said('seed', conversation.seed),
      ...said('presence_penalty', conversation.presencePenalty),
      ...said('frequency_penalty', conversation.frequencyPenalty),
      ...(conversation.stop.length > 0 ? { stop: conversation.stop } : {}),
      ...formatOf(conversation),
      ...said('reasoning_effort', conversation.reasoning?.effort ?? null),
      ...said('user', conversation.user),
    }
    if (conversation.topK !== null) dropped.push('top_k')
    if (typeof conversation.reasoning?.budgetTokens === 'number')
      dropped.push('reasoning.budgetTokens')
    return ok({ path: '/chat/completions', headers: {}, body, dropped })
  },
  newAnswer: chatAnswer,
  readError: readOpenAiError,
}

const said = (name: string, value: string | number | boolean | JsonObject | null): JsonObject =>
  value === null ? {} : { [name]: value }

function messagesOf(conversation: Conversation, dropped: string[]): readonly JsonObject[] {
  const system = conversation.system.flatMap((part) => contentOf(part, dropped))
  return [
    ...(system.length > 0 ? [{ role: 'system', content: flat(system) }] : []),
    ...conversation.turns.flatMap((turn) =>
      turn.role === 'assistant' ? [assistantMessage(turn, dropped)] : userMessages(turn, dropped),
    ),
  ]
}

/** Results of tools are messages of their own, before what else the turn says. */
function userMessages({ parts }: Turn, dropped: string[]): readonly JsonObject[] {
  const results = parts.flatMap((part): JsonObject[] =>
    part.kind === 'tool-result'
      ? [
          {
            role: 'tool',
            tool_call_id: part.callId,
            content: flat(part.parts.flatMap((inner) => contentOf(inner, dropped))),
          },
        ]
      : [],
  )
  const content = parts.flatMap((part) => (isContent(part) ? contentOf(part, dropped) : []))
  return content.length > 0 ? [...results, { role: 'user', content: flat(content) }] : results
}

function assistantMessage({ parts }: Turn, dropped: string[]): JsonObject {
  const content = parts.flatMap((part) => (isContent(part) ? contentOf(part, dropped) : []))
  const calls = parts.flatMap((part): JsonObject[] =>
    part.kind === 'tool-call'
      ? [
          {
            id: part.id,
            type: 'function',
            function: { name: part.name, arguments: part.arguments },
          },
        ]
      : [],
  )
  const refusals = parts.flatMap((part) => (part.kind === 'refusal' ? [part.text] : []))
  // providers refuse or ignore thoughts that are not their own, so they are not sent back
  if (parts.some(({ kind }) => kind === 'reasoning')) dropped.push('reasoning')
  return {
    role: 'assistant',
    content: content.length > 0 ? flat(content) : null,
    ...(refusals.length > 0 ? { refusal: refusals.join('') } : {}),
    ...(calls.length > 0 ? { tool_calls: calls } : {}),
  }
}

const isContent = (part: Turn['parts'][number]): part is ContentPart =>
  part.kind === 'text' || part.kind === 'image' || part.kind === 'other'

function contentOf(part: ContentPart, dropped: string[]): readonly JsonObject[] {
  if (part.kind === 'text') return [{ type: 'text', text: part.text }]
  if (part.kind === 'image') return [{ type: 'image_url', image_url: { url: imageUrl(part) } }]
  dropped.push(part.what)
  return []
}

/** One text is a plain string: several servers know no other form. */
function flat(parts: readonly JsonObject[]): string | readonly JsonObject[] {
  const texts = parts.map((part) => part['text'])
  return texts.every((text) => typeof text === 'string') ? texts.join('\n') : parts
}

const toolOf = (tool: ToolDefinition): JsonObject => ({
  type: 'function',
  function: {
    name: tool.name,
    ...said('description', tool.description),
    parameters: tool.schema,
    ...said('strict', tool.strict),
  },
})

const choiceOf = (choice: ToolChoice): string | JsonObject =>
  choice.kind === 'one' ? { type: 'function', function: { name: choice.name } } : choice.kind

function formatOf({ output }: Conversation): JsonObject {
  if (output.kind === 'text') return {}
  if (output.kind === 'json') return { response_format: { type: 'json_object' } }
  const { name, schema, strict } = output
  return {
    response_format: {
      type: 'json_schema',
      json_schema: { name, schema, ...said('strict', strict) },
    },
  }
}
