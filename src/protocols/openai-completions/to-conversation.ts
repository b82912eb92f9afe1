import type { JsonValue } from '#kernel/canonical-json.ts'
import type { Refusal } from '#kernel/refusal.ts'
import { err, ok, type Result } from '#kernel/result.ts'
import { PLAIN, type Conversation } from '../conversation.ts'
import { isList } from '../json-body.ts'
import { numberOf, textOf, unsupported } from '../openai-responses/fields.ts'
import { beyondChat } from './native.ts'
import type { CompletionsRequest } from './request.ts'

/** Without these the answer would be another one, so they are refused; the others are reported. */
const MEANING = ['suffix', 'echo', 'best_of', 'n'] as const

/** A prompt as one turn of a user. */
export function completionsToConversation({
  body,
  prompt,
}: CompletionsRequest): Result<Conversation, Refusal> {
  const beyond = beyondChat(body)
  const refused = MEANING.find((name) => beyond.includes(name))
  if (refused) return err(unsupported(refused))
  return ok({
    ...PLAIN,
    turns: [{ role: 'user', parts: [{ kind: 'text', text: prompt }] }],
    maxTokens: numberOf(body['max_tokens']),
    temperature: numberOf(body['temperature']),
    topP: numberOf(body['top_p']),
    seed: numberOf(body['seed']),
    presencePenalty: numberOf(body['presence_penalty']),
    frequencyPenalty: numberOf(body['frequency_penalty']),
    stop: stopOf(body['stop']),
    user: textOf(body['user']),
    unmapped: beyond,
  })
}

const stopOf = (stop: JsonValue | undefined): readonly string[] =>
  typeof stop === 'string'
    ? [stop]
    : isList(stop)
      ? stop.filter((item) => typeof item === 'string')
      : []
