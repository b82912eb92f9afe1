import type { JsonObject, JsonValue } from '#kernel/canonical-json.ts'
import type { ContentPart, TurnPart } from '../conversation.ts'
import { objectOf, objectsOf, textOf } from './read-value.ts'

/** The parts of a turn: its content as a string or as blocks. */
export function turnParts(content: JsonValue | undefined): readonly TurnPart[] {
  if (typeof content === 'string') return contentParts(content)
  return objectsOf(content).flatMap(turnPart)
}

/** What a system prompt, a tool result or a document holds: texts, images, and names of the rest. */
export function contentParts(content: JsonValue | undefined): readonly ContentPart[] {
  if (typeof content === 'string') return textParts(content)
  return objectsOf(content).flatMap(contentPart)
}

function turnPart(block: JsonObject): readonly TurnPart[] {
  switch (block['type']) {
    case 'thinking':
      return [
        {
          kind: 'reasoning',
          text: textOf(block['thinking']) ?? '',
          signature: textOf(block['signature']) || null,
        },
      ]
    case 'tool_use':
      return [
        {
          kind: 'tool-call',
          id: textOf(block['id']) ?? '',
          name: textOf(block['name']) ?? '',
          arguments: JSON.stringify(objectOf(block['input'])),
        },
      ]
    case 'tool_result':
      return [
        {
          kind: 'tool-result',
          callId: textOf(block['tool_use_id']) ?? '',
          parts: contentParts(block['content']),
          isError: block['is_error'] === true,
        },
      ]
    default:
      return contentPart(block)
  }
}

function contentPart(block: JsonObject): readonly ContentPart[] {
  const type = textOf(block['type']) ?? 'block'
  const source = objectOf(block['source'])
  if (type === 'text') return textParts(textOf(block['text']) ?? '')
  if (type === 'image') return [imageOf(source)]
  if (type === 'document') return documentParts(block, source)
  if (type === 'search_result') {
    return [...headings(block, ['title', 'source']), ...contentParts(block['content'])]
  }
  return [{ kind: 'other', what: type }]
}

function imageOf(source: JsonObject): ContentPart {
  const url = textOf(source['url'])
  const data = textOf(source['data'])
  if (source['type'] === 'url' && url !== null) {
    return { kind: 'image', mediaType: null, data: null, url }
  }
  if (source['type'] === 'base64' && data !== null) {
    return { kind: 'image', mediaType: textOf(source['media_type']), data, url: null }
  }
  return { kind: 'other', what: 'image' }
}

/** A document of plain text is text; a file nobody here can read goes by its name. */
function documentParts(block: JsonObject, source: JsonObject): readonly ContentPart[] {
  const parts =
    source['type'] === 'text'
      ? textParts(textOf(source['data']) ?? '')
      : source['type'] === 'content'
        ? contentParts(source['content'])
        : null
  if (parts === null) return [{ kind: 'other', what: 'document' }]
  return [...headings(block, ['title', 'context']), ...parts]
}

const headings = (block: JsonObject, names: readonly string[]): readonly ContentPart[] =>
  names.flatMap((name) => textParts(textOf(block[name]) ?? ''))

const textParts = (text: string): readonly ContentPart[] =>
  text === '' ? [] : [{ kind: 'text', text }]
