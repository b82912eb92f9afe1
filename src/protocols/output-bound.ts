import type { JsonObject, JsonValue } from '#kernel/canonical-json.ts'
import { isList, isObject } from './json-body.ts'
import type { OutputBound } from './surface.ts'

const count = (value: JsonValue | undefined): number | null =>
  typeof value === 'number' && Number.isSafeInteger(value) && value > 0 ? value : null

/** The largest of those that say something; null when none does. */
const largest = (values: readonly (JsonValue | undefined)[]): number | null =>
  values.map(count).reduce((most, one) => (one === null ? most : Math.max(most ?? 0, one)), null)

/** What a chat request of any surface bounds of its own answer; where two fields differ, the larger one counts. */
export function outputBound(body: JsonObject): OutputBound {
  const options = isObject(body['options']) ? body['options'] : {}
  const config = body['generationConfig'] ?? body['generation_config']
  const settings = isObject(config) ? config : {}
  const tokens = largest([
    body['max_completion_tokens'],
    body['max_tokens'],
    body['max_output_tokens'],
    options['num_predict'],
    settings['maxOutputTokens'],
    settings['max_output_tokens'],
  ])
  const answers =
    largest([
      body['n'],
      body['best_of'],
      settings['candidateCount'],
      settings['candidate_count'],
    ]) ?? 1
  // the older completions answer every prompt of a list
  const { prompt } = body
  const prompts =
    isList(prompt) && prompt.every((one) => typeof one === 'string') ? prompt.length : 1
  return { tokens, count: answers * Math.max(1, prompts) }
}
