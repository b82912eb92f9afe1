import type { JsonObject, JsonValue } from '#kernel/canonical-json.ts'
import type { Conversation, OutputFormat, Reasoning } from '../conversation.ts'
import { isList, isObject } from '../json-body.ts'
import { THINK_LEVELS } from './request.ts'

type Settings = Pick<
  Conversation,
  | 'temperature'
  | 'topP'
  | 'topK'
  | 'seed'
  | 'maxTokens'
  | 'presencePenalty'
  | 'frequencyPenalty'
  | 'stop'
  | 'output'
  | 'reasoning'
  | 'unmapped'
>

/** Options with a place in the neutral form; the others tune one engine and are reported. */
const MAPPED: ReadonlySet<string> = new Set(
  'temperature top_p top_k seed num_predict presence_penalty frequency_penalty stop'.split(' '),
)

/** What chat and generate bodies set alike; `read` names the fields of the body that the caller of this reads itself. */
export function settingsOf(body: JsonObject, read: ReadonlySet<string>): Settings {
  const options = isObject(body['options']) ? body['options'] : {}
  const limit = number(options['num_predict'])
  return {
    temperature: number(options['temperature']),
    topP: number(options['top_p']),
    topK: number(options['top_k']),
    seed: number(options['seed']),
    // -1 and -2 mean as many as the model likes, or as fit
    maxTokens: limit !== null && limit > 0 ? limit : null,
    presencePenalty: number(options['presence_penalty']),
    frequencyPenalty: number(options['frequency_penalty']),
    stop: texts(options['stop']),
    output: outputOf(body['format']),
    reasoning: reasoningOf(body['think']),
    unmapped: [
      ...Object.keys(body).filter((name) => !read.has(name) && isSaid(body[name])),
      ...Object.keys(options)
        .filter((name) => !MAPPED.has(name) && isSaid(options[name]))
        .map((name) => `options.${name}`),
      ...(body['think'] === false ? ['think'] : []),
    ],
  }
}

/** Fields that every body of this protocol has. */
export const COMMON_FIELDS = 'model stream format options think'.split(' ')

const isSaid = (value: JsonValue | undefined): boolean => value !== null && value !== undefined

/**
 * Asking for thoughts refuses models that have none, as this protocol's own servers do. Asking for none is a wish
 * that most servers refuse as a parameter, so it is reported instead.
 */
function reasoningOf(think: JsonValue | undefined): Reasoning | null {
  if (think === true) return { effort: 'medium', budgetTokens: null }
  const level = THINK_LEVELS.find((known) => known === think)
  return level ? { effort: level, budgetTokens: null } : null
}

function outputOf(format: JsonValue | undefined): OutputFormat {
  if (format === 'json') return { kind: 'json' }
  return isObject(format)
    ? { kind: 'schema', name: 'answer', schema: format, strict: null }
    : { kind: 'text' }
}

const number = (value: JsonValue | undefined): number | null =>
  typeof value === 'number' ? value : null

const texts = (value: JsonValue | undefined): readonly string[] =>
  (isList(value) ? value : [value]).filter((item) => typeof item === 'string')
