import { createClassifier } from '#classify/classify.ts'
import { NO_ANSWER_DUTIES, type AnswerDuties } from '#kernel/duties.ts'
import type { AnswerReport } from '#kernel/exchange.ts'
import type { Language } from '#kernel/refusal-messages.ts'
import type { AnswerEvent } from '#protocols/answer-event.ts'
import { answerClassifier } from './classified.ts'
import { guardAnswer, type AnswerScanners } from './guard-answer.ts'
import type { HostLists } from './link-risk.ts'
import { questionOf } from './question.ts'

/** Those of a running gateway. */
export const scanners: AnswerScanners = { stream: answerClassifier(), classify: createClassifier() }

/** A token in the form of a vendor's, of nobody; put together here so that no scanner of sources finds one. */
export const TOKEN = ['glpat', 'q7Zr2mK9xVb4Tn8LpW3c'].join('-')
/** A valid account number of nobody. */
export const IBAN = 'FR76 3000 6000 0112 3456 7890 189'

export interface Asked {
  readonly duties?: Partial<AnswerDuties>
  readonly question?: string
  readonly hosts?: HostLists
  readonly language?: Language
  /** Those of a running gateway without terms of a company unless told. */
  readonly scanners?: AnswerScanners
}

/** What becomes of an answer that comes in these calls. */
export function guardedEvents(calls: readonly (readonly AnswerEvent[])[], asked: Asked) {
  const { duties, question = '', hosts = [], language = 'en' } = asked
  const readers = asked.scanners ?? scanners
  const guard = guardAnswer({
    scanners: readers,
    duties: { ...NO_ANSWER_DUTIES, ...duties },
    hosts,
    question: questionOf(() => [{ path: 'messages.0.content', text: question, kind: 'text' }]),
    language,
    askedBy: { secrets: 'answers', links: 'answers' },
    decision: 'd1',
  })
  const events: AnswerEvent[] = []
  for (const call of calls) events.push(...guard.step(call).events)
  const last = guard.end()
  events.push(...last.events)
  return { events, stopped: last.stopped, report: guard.report() }
}

export interface Shown {
  readonly text: string
  readonly stopped: string | null
  readonly report: AnswerReport
}

/** What becomes of a text that comes in pieces that end at these places. */
export function guardedText(text: string, asked: Asked, cuts: readonly number[] = []): Shown {
  const ends = [...cuts.filter((cut) => cut > 0 && cut < text.length), text.length]
  let from = 0
  const calls = ends.map((end): AnswerEvent[] => {
    const piece: AnswerEvent = { kind: 'text', text: text.slice(from, end) }
    from = end
    return [piece]
  })
  const { events, stopped, report } = guardedEvents([...calls, [FINISH]], asked)
  return { text: textOf(events), stopped: stopped?.code ?? null, report }
}

export const FINISH: AnswerEvent = { kind: 'finish', reason: 'stop', stopSequence: null }

/** All that a caller reads as the answer. */
export const textOf = (events: readonly AnswerEvent[]): string =>
  events.map((event) => (event.kind === 'text' ? event.text : '')).join('')
