import fc from 'fast-check'
import type { AnswerEvent, FinishReason, Usage } from './answer-event.ts'

const REASONS: readonly FinishReason[] = [
  'stop',
  'stop-sequence',
  'length',
  'context-full',
  'content-filter',
  'pause',
]
const count = fc.nat({ max: 100_000 })
const piece = fc.string({ minLength: 1, maxLength: 12, unit: 'grapheme' })

const usage: fc.Arbitrary<Usage> = fc.record({
  promptTokens: count,
  completionTokens: count,
  cachedTokens: fc.option(count),
  cacheWriteTokens: fc.option(count),
  reasoningTokens: fc.option(count),
})

/** For tests of every dialect and writer: answers as models give them, thoughts first, then text, then tool calls, then the end. */
export const answerEvents: fc.Arbitrary<readonly AnswerEvent[]> = fc
  .record({
    thoughts: fc.array(piece, { maxLength: 3 }),
    texts: fc.array(piece, { maxLength: 4 }),
    calls: fc.array(
      fc.record({ name: fc.constantFrom('look', 'add'), key: piece, cut: fc.nat() }),
      { maxLength: 3 },
    ),
    reason: fc.constantFrom(...REASONS),
    usage,
    id: fc.constantFrom('chatcmpl-up', 'msg_1', ''),
  })
  .map(({ thoughts, texts, calls, reason, usage: used, id }) => [
    { kind: 'start', id, model: 'm-1', createdSeconds: null },
    ...thoughts.map((text) => ({ kind: 'reasoning', text }) as const),
    ...texts.map((text) => ({ kind: 'text', text }) as const),
    ...calls.flatMap(({ name, key, cut }, index): AnswerEvent[] => {
      const json = JSON.stringify({ [key]: key })
      const at = 1 + (cut % (json.length - 1))
      return [
        { kind: 'tool-call', index, id: `call_${index}`, name },
        { kind: 'tool-arguments', index, piece: json.slice(0, at) },
        { kind: 'tool-arguments', index, piece: json.slice(at) },
      ]
    }),
    { kind: 'finish', reason: calls.length > 0 ? 'tool-calls' : reason, stopSequence: null },
    { kind: 'usage', usage: used },
  ])

/** The text in pieces, cut at these places modulo its length. */
export function cutAt(text: string, cuts: readonly number[]): readonly string[] {
  const places = [...new Set(cuts.map((cut) => cut % (text.length + 1)))].sort((a, b) => a - b)
  return [...places, text.length].map((end, i) => text.slice(i === 0 ? 0 : places[i - 1], end))
}

/** Neighbouring pieces of one text are one text: how they were cut says nothing. */
export function joined(events: readonly AnswerEvent[]): readonly AnswerEvent[] {
  const out: AnswerEvent[] = []
  for (const event of events) {
    const last = out.at(-1)
    if (event.kind === 'text' && last?.kind === 'text')
      out[out.length - 1] = { ...last, text: last.text + event.text }
    else if (event.kind === 'reasoning' && last?.kind === 'reasoning')
      out[out.length - 1] = { ...last, text: last.text + event.text }
    else if (
      event.kind === 'tool-arguments' &&
      last?.kind === 'tool-arguments' &&
      last.index === event.index
    ) {
      out[out.length - 1] = { ...last, piece: last.piece + event.piece }
    } else out.push(event)
  }
  return out
}
