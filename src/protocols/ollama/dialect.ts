import type { JsonObject } from '#kernel/canonical-json.ts'
import { err, ok } from '#kernel/result.ts'
import type { Conversation, ToolDefinition } from '../conversation.ts'
import type { Dialect } from '../dialect.ts'
import { ollamaAnswer } from './answer.ts'
import { readOllamaError } from './error-body.ts'
import { messagesOf } from './messages.ts'
import { OLLAMA_STREAM } from './stream-type.ts'
import { unsayable } from './unsayable.ts'

/** Ollama's own protocol as destinations speak it; their base URL is the root of the server. */
export const ollamaDialect: Dialect = {
  name: 'ollama',
  streamType: OLLAMA_STREAM,
  request(conversation, upstreamModel, stream) {
    const refusal = unsayable(conversation)
    if (refusal) return err(refusal)
    const { tools, toolChoice } = conversation
    const options = optionsOf(conversation)
    const body: JsonObject = {
      model: upstreamModel,
      messages: messagesOf(conversation),
      // said always: servers stream unless told not to
      stream,
      // there is no other way to forbid them
      ...(tools.length > 0 && toolChoice?.kind !== 'none' ? { tools: tools.map(toolOf) } : {}),
      ...formatOf(conversation),
      ...thinkOf(conversation),
      ...(Object.keys(options).length > 0 ? { options } : {}),
    }
    return ok({ path: '/api/chat', headers: {}, body, dropped: droppedOf(conversation) })
  },
  newAnswer: ollamaAnswer,
  readError: readOllamaError,
}

const toolOf = ({ name, description, schema }: ToolDefinition): JsonObject => ({
  type: 'function',
  function: { name, ...(description === null ? {} : { description }), parameters: schema },
})

function optionsOf(conversation: Conversation): JsonObject {
  const said = {
    num_predict: conversation.maxTokens,
    temperature: conversation.temperature,
    top_p: conversation.topP,
    top_k: conversation.topK,
    seed: conversation.seed,
    presence_penalty: conversation.presencePenalty,
    frequency_penalty: conversation.frequencyPenalty,
    stop: conversation.stop.length > 0 ? conversation.stop : null,
  }
  return Object.fromEntries(Object.entries(said).filter(([, value]) => value !== null))
}

function formatOf({ output }: Conversation): JsonObject {
  if (output.kind === 'text') return {}
  return { format: output.kind === 'json' ? 'json' : output.schema }
}

function thinkOf({ reasoning }: Conversation): JsonObject {
  if (!reasoning) return {}
  const { effort } = reasoning
  if (effort === 'none') return { think: false }
  return { think: effort === null ? true : effort === 'minimal' ? 'low' : effort }
}

/** Wishes without a place here, by the names of the chat protocols. */
function droppedOf(conversation: Conversation): readonly string[] {
  const { tools, turns, reasoning } = conversation
  const parts = turns.flatMap((turn) => turn.parts)
  return [
    ...(conversation.user === null ? [] : ['user']),
    ...(conversation.parallelToolCalls === false ? ['parallel_tool_calls'] : []),
    ...(tools.some(({ strict }) => strict === true) ? ['strict'] : []),
    ...(reasoning && reasoning.budgetTokens !== null ? ['thinking.budget_tokens'] : []),
    ...(parts.some((part) => part.kind === 'tool-result' && part.isError) ? ['is_error'] : []),
  ]
}
