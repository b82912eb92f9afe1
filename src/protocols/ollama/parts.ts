import type { JsonObject, JsonValue } from '#kernel/canonical-json.ts'
import type { TextPart } from '#kernel/text-part.ts'
import { isList, isObject } from '../json-body.ts'
import { OLLAMA_ROLES } from './message.ts'
import { THINK_LEVELS } from './request.ts'

/** Strings at these names carry no text of the caller when their value is one of the list. */
const ENUMERATED: Readonly<Record<string, ReadonlySet<string>>> = {
  role: new Set(OLLAMA_ROLES),
  type: new Set('function object string number integer boolean array null'.split(' ')),
}

/** The same, at the top of the body alone. */
const ENUMERATED_AT_TOP: Readonly<Record<string, ReadonlySet<string>>> = {
  format: new Set(['', 'json']),
  think: new Set(THINK_LEVELS),
}

/** Go's durations, a few units at most: `5m`, `1h30m`, `-1s`. */
const DURATION = /^-?(?:\d{1,4}(?:\.\d{1,3})?(?:ns|us|ms|s|m|h)){1,3}$/

/** Figures that mean a setting, and the range in which they can mean nothing else. */
const SETTINGS: Readonly<Record<string, readonly [number, number]>> = {
  keep_alive: [-1, 604_800],
  dimensions: [1, 65_536],
  top_logprobs: [0, 20],
  width: [0, 16_384],
  height: [0, 16_384],
  steps: [0, 1000],
  'options.temperature': [0, 2],
  'options.top_p': [0, 1],
  'options.min_p': [0, 1],
  'options.typical_p': [0, 1],
  'options.tfs_z': [0, 1],
  'options.top_k': [-1, 100_000],
  'options.seed': [-(2 ** 31), 2 ** 32],
  'options.num_predict': [-2, 10_000_000],
  'options.num_ctx': [0, 10_000_000],
  'options.num_keep': [-1, 10_000_000],
  'options.num_batch': [0, 65_536],
  'options.num_gpu': [-1, 1000],
  'options.main_gpu': [0, 64],
  'options.num_thread': [0, 1024],
  'options.repeat_last_n': [-1, 10_000_000],
  'options.repeat_penalty': [-2, 10],
  'options.presence_penalty': [-2, 2],
  'options.frequency_penalty': [-2, 2],
  'options.mirostat': [0, 2],
  'options.mirostat_tau': [0, 100],
  'options.mirostat_eta': [0, 10],
}

/** Names of the protocol itself; any other key is text of the caller. */
const KNOWN_KEYS: ReadonlySet<string> = new Set([
  ...Object.keys(SETTINGS).map((name) => name.replace('options.', '')),
  ...'model messages input role content thinking images tool_calls tool_name tool_call_id id function index name arguments tools type description parameters properties required items enum additionalProperties $defs stream format options stop think logprobs prompt suffix system template context raw truncate shift numa low_vram f16_kv logits_all vocab_only use_mmap use_mlock embedding_only penalize_newline'.split(
    ' ',
  ),
])

const IMAGES = /^(?:messages\.\d+\.)?images\.\d+$/
const ARGUMENTS = /^messages\.\d+\.tool_calls\.\d+\.function\.arguments$/

/**
 * Everything in a chat or generate body that could carry text: every string, unknown key and stray number.
 * Images and the `context` of an earlier answer cannot be read. `model` is left out because the destination gets its
 * own name for it.
 */
export function ollamaTextParts(body: JsonObject): readonly TextPart[] {
  const parts: TextPart[] = []
  for (const [key, value] of Object.entries(body)) {
    if (key !== 'model') walk(key, value, key, parts)
    if (!KNOWN_KEYS.has(key)) parts.push({ path: key, text: key, kind: 'key' })
  }
  return parts
}

function walk(name: string, value: JsonValue | undefined, path: string, parts: TextPart[]): void {
  if (IMAGES.test(path) || (path === 'context' && isList(value) && value.length > 0)) {
    parts.push({ path, text: '', kind: 'unreadable' })
  }
  if (typeof value === 'string') {
    if (!saysNothing(name, path, value)) parts.push({ path, text: value, kind: 'text' })
  } else if (typeof value === 'number') {
    if (!isSetting(path, value)) parts.push({ path, text: numberText(value), kind: 'number' })
  } else if (isList(value)) {
    for (const [index, item] of value.entries()) walk(name, item, `${path}.${index}`, parts)
  } else if (isObject(value)) {
    // as one text too, as protocols with arguments in a string show it: names and values explain each other
    if (ARGUMENTS.test(path)) parts.push({ path, text: JSON.stringify(value), kind: 'text' })
    for (const [key, child] of Object.entries(value)) {
      walk(key, child, `${path}.${key}`, parts)
      if (!KNOWN_KEYS.has(key)) parts.push({ path: `${path}.${key}`, text: key, kind: 'key' })
    }
  }
}

function saysNothing(name: string, path: string, value: string): boolean {
  if (path === 'keep_alive') return DURATION.test(value)
  const table =
    path === name && Object.hasOwn(ENUMERATED_AT_TOP, name) ? ENUMERATED_AT_TOP : ENUMERATED
  return Object.hasOwn(table, name) && table[name]?.has(value) === true
}

function isSetting(path: string, value: number): boolean {
  const range = Object.hasOwn(SETTINGS, path) ? SETTINGS[path] : undefined
  return range !== undefined && value >= range[0] && value <= range[1]
}

/** Digits as the wire shows them, without an exponent for whole numbers. */
const numberText = (value: number): string =>
  Number.isSafeInteger(value) ? value.toFixed(0) : String(value)
