import type { JsonObject } from '#kernel/canonical-json.ts'
import type { TextPart } from '#kernel/text-part.ts'
import { textPartsOf, words, type TextRules } from '../openai-responses/text-walk.ts'

const RULES: TextRules = {
  enumerated: {},
  settings: {
    temperature: [0, 2],
    top_p: [0, 1],
    n: [1, 128],
    best_of: [1, 128],
    logprobs: [0, 20],
    max_tokens: [0, 10_000_000],
    presence_penalty: [-2, 2],
    frequency_penalty: [-2, 2],
    seed: [-(2 ** 31), 2 ** 32],
  },
  keys: words(
    'model prompt suffix echo best_of n logprobs logit_bias max_tokens temperature top_p seed presence_penalty frequency_penalty stop stream stream_options include_usage user store metadata',
  ),
  isUnreadable: () => false,
}

/** Everything in a completion body that could carry text. */
export const completionsTextParts = (body: JsonObject): readonly TextPart[] =>
  textPartsOf(body, RULES)
