import type { JsonObject } from '#kernel/canonical-json.ts'
import type { AnswerEvent } from '../answer-event.ts'
import { toolInput } from './tool-input.ts'

/** The content of a whole answer: neighbouring pieces of one kind are one block, a call holds all of its arguments. */
export function wholeBlocks(events: readonly AnswerEvent[]): readonly JsonObject[] {
  const blocks: Block[] = []
  const calls = new Map<number, Block & { kind: 'call' }>()
  for (const event of events) {
    const last = blocks.at(-1)
    if (event.kind === 'text' || event.kind === 'refusal') {
      if (last?.kind === 'text') last.text += event.text
      else blocks.push({ kind: 'text', text: event.text })
    } else if (event.kind === 'reasoning') {
      if (last?.kind === 'thinking' && last.signature === '') last.text += event.text
      else blocks.push({ kind: 'thinking', text: event.text, signature: '' })
    } else if (event.kind === 'reasoning-signature') {
      if (last?.kind === 'thinking') last.signature += event.signature
      else blocks.push({ kind: 'thinking', text: '', signature: event.signature })
    } else if (event.kind === 'tool-call') {
      const call = { kind: 'call' as const, id: event.id, name: event.name, input: '' }
      calls.set(event.index, call)
      blocks.push(call)
    } else if (event.kind === 'tool-arguments') {
      const call = calls.get(event.index)
      if (call) call.input += event.piece
    }
  }
  return blocks.map(bodyOf)
}

type Block =
  | { readonly kind: 'text'; text: string }
  | { readonly kind: 'thinking'; text: string; signature: string }
  | { readonly kind: 'call'; readonly id: string; readonly name: string; input: string }

function bodyOf(block: Block): JsonObject {
  switch (block.kind) {
    case 'text':
      return { type: 'text', text: block.text }
    case 'thinking':
      return { type: 'thinking', thinking: block.text, signature: block.signature }
    case 'call':
      return {
        type: 'tool_use',
        id: block.id,
        name: block.name,
        input: toolInput(block.input),
      }
  }
}
