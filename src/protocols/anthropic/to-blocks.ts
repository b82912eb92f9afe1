import type { JsonObject } from '#kernel/canonical-json.ts'
import type { ContentPart, Turn, TurnPart } from '../conversation.ts'
import { toolInput } from './tool-input.ts'

/** The blocks of one turn. Results of tools stand first, as the API wants them; empty texts are left out. */
export function turnBlocks({ parts }: Turn, dropped: string[]): readonly JsonObject[] {
  const isResult = ({ kind }: TurnPart): boolean => kind === 'tool-result'
  const ordered = [...parts.filter(isResult), ...parts.filter((part) => !isResult(part))]
  return ordered.flatMap((part) => blocksOf(part, dropped))
}

/** Texts and images as blocks; what has no block is reported by its name. */
export function contentBlocks(
  parts: readonly ContentPart[],
  dropped: string[],
): readonly JsonObject[] {
  return parts.flatMap((part) => blocksOf(part, dropped))
}

function blocksOf(part: TurnPart, dropped: string[]): readonly JsonObject[] {
  switch (part.kind) {
    case 'text':
    case 'refusal':
      return part.text === '' ? [] : [{ type: 'text', text: part.text }]
    case 'image':
      return [{ type: 'image', source: sourceOf(part) }]
    case 'other':
      dropped.push(part.what)
      return []
    case 'reasoning':
      // the vendor takes back only thoughts that it signed
      if (part.signature === null) dropped.push('reasoning')
      return part.signature === null
        ? []
        : [{ type: 'thinking', thinking: part.text, signature: part.signature }]
    case 'tool-call':
      return [
        {
          type: 'tool_use',
          id: toolId(part.id),
          name: part.name,
          input: toolInput(part.arguments),
        },
      ]
    case 'tool-result':
      return [
        {
          type: 'tool_result',
          tool_use_id: toolId(part.callId),
          content: contentBlocks(part.parts, dropped),
          ...(part.isError ? { is_error: true } : {}),
        },
      ]
  }
}

const sourceOf = (image: Extract<ContentPart, { kind: 'image' }>): JsonObject =>
  image.url === null
    ? { type: 'base64', media_type: image.mediaType ?? 'image/png', data: image.data ?? '' }
    : { type: 'url', url: image.url }

/** Ids of this dialect are letters, digits, `_` and `-`; another dialect's id is spelt out in hex, the same each time. */
const toolId = (id: string): string =>
  /^[\w-]+$/.test(id) ? id : `toolu_${Buffer.from(id).toString('hex')}`
