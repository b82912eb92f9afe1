import type { AnswerEvent, Usage } from '#protocols/answer-event.ts'
import type { DialectAnswer } from '#protocols/dialect.ts'
import type { Reading } from './exchanges.ts'

/** An answer, read to its end; null where it is not complete or not of the dialect. */
export function readWhole(answer: DialectAnswer, bytes: Uint8Array): Reading | null {
  const events = answer.whole(bytes)
  return events && readingOf(events)
}

/** A stream in one piece, read to its end; null where it broke. */
export function readStream(answer: DialectAnswer, text: string): Reading | null {
  const { events, broken } = answer.step(text)
  const last = answer.close()
  return broken || !last.complete ? null : readingOf([...events, ...last.events])
}

function readingOf(events: readonly AnswerEvent[]): Reading {
  const joined = (kind: 'text' | 'reasoning'): string =>
    events.flatMap((event) => (event.kind === kind ? [event.text] : [])).join('')
  const calls = events.flatMap((event) => {
    if (event.kind !== 'tool-call') return []
    const pieces = events.flatMap((other) =>
      other.kind === 'tool-arguments' && other.index === event.index ? [other.piece] : [],
    )
    return [{ name: event.name, arguments: JSON.parse(pieces.join('') || '{}') as never }] // compared as it is
  })
  const finish = events.find((event) => event.kind === 'finish')
  const usage = events.findLast((event) => event.kind === 'usage')
  return {
    text: joined('text'),
    reasoning: joined('reasoning'),
    calls,
    finish: (finish?.reason ?? 'none') as Reading['finish'], // compared with one of them
    usage: usage ? countsOf(usage.usage) : null,
  }
}

export const countsOf = (usage: Usage): Reading['usage'] => ({
  prompt: usage.promptTokens,
  completion: usage.completionTokens,
  cached: usage.cachedTokens,
  reasoning: usage.reasoningTokens,
})
