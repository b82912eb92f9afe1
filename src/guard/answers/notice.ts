import type { Notice } from '#kernel/duties.ts'
import type { Language } from '#kernel/refusal-messages.ts'
import type { AnswerEvent } from '#protocols/answer-event.ts'
import type { AnswerFilter } from '#protocols/answer-filter.ts'

/** The sentences of notices in one language, each once. */
export const sentencesOf = (notices: readonly Notice[], language: Language): readonly string[] => [
  ...new Set(notices.map((notice) => notice[language])),
]

/**
 * Ends the text of an answer with sentences of ours, in a paragraph of their own. An answer without a text, or one whose
 * last word is a call of a tool, has nobody to read them yet.
 */
export function noticeFilter(sentences: readonly string[]): AnswerFilter {
  let hasText = false
  let isDone = sentences.length === 0
  const after = (event: AnswerEvent): readonly AnswerEvent[] => {
    if (event.kind === 'text' && event.text !== '') hasText = true
    if (event.kind !== 'finish' || isDone) return [event]
    isDone = true
    const isRead = hasText && event.reason !== 'tool-calls'
    return isRead ? [{ kind: 'text', text: `\n\n${sentences.join('\n')}` }, event] : [event]
  }
  return {
    step: (events) => ({ events: events.flatMap(after), stopped: null }),
    end: () => ({ events: [], stopped: null }),
    another: () => noticeFilter(sentences),
  }
}

/** A whole answer with these sentences at the end of its text. */
export const withNotices = (
  events: readonly AnswerEvent[],
  sentences: readonly string[],
): readonly AnswerEvent[] =>
  sentences.length === 0 ? events : noticeFilter(sentences).step(events).events
