import type { JsonObject } from '#kernel/canonical-json.ts'
import type { TextPart } from '#kernel/text-part.ts'
import { textPartsOf, words, type TextRules } from './text-walk.ts'

const RULES: TextRules = {
  enumerated: {
    role: words('system developer user assistant'),
    type: words(
      'message input_text output_text refusal summary_text reasoning_text input_image input_file function_call function_call_output reasoning function allowed_tools json_schema json_object text object string number integer boolean array null',
    ),
    status: words('in_progress completed incomplete'),
    detail: words('auto low high original'),
    tool_choice: words('auto none required'),
    mode: words('auto required'),
    effort: words('none minimal low medium high xhigh max'),
    summary: words('auto concise detailed'),
    verbosity: words('low medium high'),
    truncation: words('auto disabled'),
    service_tier: words('auto default flex scale priority'),
    include: words('reasoning.encrypted_content message.output_text.logprobs'),
  },
  settings: {
    temperature: [0, 2],
    top_p: [0, 1],
    top_logprobs: [0, 20],
    max_output_tokens: [0, 10_000_000],
    max_tool_calls: [0, 10_000],
  },
  keys: words(
    'model input instructions stream stream_options include_obfuscation store background previous_response_id conversation prompt tools tool_choice parallel_tool_calls max_output_tokens max_tool_calls temperature top_p top_logprobs text format verbosity reasoning effort summary metadata user safety_identifier prompt_cache_key service_tier truncation include type role content status id call_id name arguments output description parameters strict schema properties required items enum additionalProperties detail image_url file_data file_id file_url filename refusal annotations logprobs encrypted_content mode',
  ),
  isUnreadable(value, name, path) {
    if (!path.startsWith('input.')) return false
    const hidden = value['encrypted_content']
    if (typeof hidden === 'string' && hidden !== '') return true
    return HOLDS_PARTS.has(name) && !isReadable(value)
  },
}

/** Lists of items or of content parts. */
const HOLDS_PARTS = words('input content output summary')

/** Items and parts that are wholly made of text; what is held inside them is looked at for itself. */
const READABLE = words(
  'message input_text output_text refusal summary_text reasoning_text function_call function_call_output reasoning custom_tool_call custom_tool_call_output local_shell_call local_shell_call_output web_search_call',
)

const isReadable = ({ type, role }: JsonObject): boolean =>
  type === undefined ? typeof role === 'string' : typeof type === 'string' && READABLE.has(type)

/** Everything in a Responses body that could carry text; images, files, encrypted and unknown parts cannot be read. */
export const responsesTextParts = (body: JsonObject): readonly TextPart[] =>
  textPartsOf(body, RULES)
