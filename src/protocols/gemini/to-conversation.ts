import type { JsonObject } from '#kernel/canonical-json.ts'
import type { Refusal } from '#kernel/refusal.ts'
import { err, ok, type Result } from '#kernel/result.ts'
import { PLAIN, type Conversation } from '../conversation.ts'
import { systemOf, turnsOf } from './contents.ts'
import { camelCase, field, numberField, objectField, objects } from './fields.ts'
import { choiceOf, outputOf, reasoningOf, stopOf, toolsOf, unmappedSettings } from './settings.ts'

/** Fields that are read below, or that say nothing to a model. */
const MAPPED: ReadonlySet<string> = new Set(
  'model contents systemInstruction tools toolConfig generationConfig store'.split(' '),
)

/** A body of the Gemini API in the neutral form. Refuses what would make the answer another thing. */
export function geminiToConversation(body: JsonObject): Result<Conversation, Refusal> {
  if (field(body, 'cachedContent') !== undefined) {
    return err({ code: 'unsupported-parameter', param: 'cachedContent' })
  }
  const config = objectField(body, 'generationConfig') ?? {}
  const dropped = unmappedSettings(config)
  if (!dropped.ok) return dropped
  const output = outputOf(config)
  if (!output.ok) return output
  const declared = toolsOf(body)
  if (!declared.ok) return declared
  const { choice, tools } = choiceOf(body, declared.value)
  const unmapped = Object.keys(body)
    .map(camelCase)
    .filter((name) => !MAPPED.has(name) && field(body, name) !== undefined)
  return ok({
    ...PLAIN,
    system: systemOf(objectField(body, 'systemInstruction')),
    turns: turnsOf(objects(body, 'contents')),
    tools,
    toolChoice: choice,
    maxTokens: numberField(config, 'maxOutputTokens'),
    temperature: numberField(config, 'temperature'),
    topP: numberField(config, 'topP'),
    topK: numberField(config, 'topK'),
    seed: numberField(config, 'seed'),
    presencePenalty: numberField(config, 'presencePenalty'),
    frequencyPenalty: numberField(config, 'frequencyPenalty'),
    stop: stopOf(config),
    output: output.value,
    reasoning: reasoningOf(config),
    unmapped: [...unmapped, ...dropped.value],
  })
}
