import type { JsonObject } from '#kernel/canonical-json.ts'
import type { Conversation, TurnPart } from '../conversation.ts'
import { argumentsOf } from './unsayable.ts'

/** The messages of a conversation. Results of tools are messages of their own, before what else the turn says. */
export function messagesOf({ system, turns }: Conversation): readonly JsonObject[] {
  const names = new Map<string, string>()
  for (const { parts } of turns) {
    for (const part of parts) if (part.kind === 'tool-call') names.set(part.id, part.name)
  }
  return [
    ...(system.length > 0 ? [{ role: 'system', ...contentOf(system) }] : []),
    ...turns.flatMap(({ role, parts }) =>
      role === 'assistant' ? [assistantMessage(parts)] : userMessages(parts, names),
    ),
  ]
}

function userMessages(
  parts: readonly TurnPart[],
  names: ReadonlyMap<string, string>,
): readonly JsonObject[] {
  const results = parts.flatMap((part): JsonObject[] => {
    if (part.kind !== 'tool-result') return []
    const name = names.get(part.callId)
    return [
      {
        role: 'tool',
        ...contentOf(part.parts),
        // older servers know the name, newer ones the id
        ...(name === undefined ? {} : { tool_name: name }),
        tool_call_id: part.callId,
      },
    ]
  })
  const said = parts.filter(({ kind }) => kind !== 'tool-result')
  return said.length > 0 ? [...results, { role: 'user', ...contentOf(said) }] : results
}

function assistantMessage(parts: readonly TurnPart[]): JsonObject {
  const thoughts = parts.flatMap((part) => (part.kind === 'reasoning' ? [part.text] : []))
  const calls = parts.flatMap((part): JsonObject[] =>
    part.kind === 'tool-call'
      ? [
          {
            id: part.id,
            function: { name: part.name, arguments: argumentsOf(part.arguments) ?? {} },
          },
        ]
      : [],
  )
  return {
    role: 'assistant',
    ...contentOf(parts),
    ...(thoughts.length > 0 ? { thinking: thoughts.join('') } : {}),
    ...(calls.length > 0 ? { tool_calls: calls } : {}),
  }
}

function contentOf(parts: readonly TurnPart[]): JsonObject {
  const texts = parts.flatMap((part) =>
    part.kind === 'text' || part.kind === 'refusal' ? [part.text] : [],
  )
  const images = parts.flatMap((part) =>
    part.kind === 'image' && part.data !== null ? [part.data] : [],
  )
  return { content: texts.join('\n'), ...(images.length > 0 ? { images } : {}) }
}
