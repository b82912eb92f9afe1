import type { JsonObject } from '#kernel/canonical-json.ts'
import { isList, isObject } from '../json-body.ts'
import type { SseEvent } from '../sse.ts'

/**
 * Whether a frame of a stream says that the answer broke: OpenAI's `error`, an event of that name (LM Studio), an
 * object of that name (older vLLM, with `[DONE]` after it), or a choice that ended in an error.
 */
export const isBrokenFrame = (chunk: JsonObject, event: SseEvent): boolean =>
  isSaid(chunk, 'error') ||
  chunk['object'] === 'error' ||
  event.event === 'error' ||
  (isList(chunk['choices']) &&
    chunk['choices'].some((each) => isObject(each) && isBrokenChoice(each)))

/** A choice that ended in an error is not an answer (OpenRouter, Mistral). */
export const isBrokenChoice = (choice: JsonObject): boolean =>
  isSaid(choice, 'error') || choice['finish_reason'] === 'error'

const isSaid = (holder: JsonObject, name: string): boolean =>
  holder[name] !== undefined && holder[name] !== null
