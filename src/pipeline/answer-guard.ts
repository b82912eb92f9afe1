import { NO_ANSWER_DUTIES, type AnswerAction } from '#kernel/duties.ts'
import type { Exchange } from '#kernel/exchange.ts'
import type { Refusal } from '#kernel/refusal.ts'
import { err, ok, type Result } from '#kernel/result.ts'
import type { TextPart } from '#kernel/text-part.ts'
import type { Choice, Verdict } from '#kernel/verdict.ts'
import {
  guardAnswer,
  mayHold,
  withheld,
  type AnswerGuard,
  type AnswerScanners,
  type GuardOptions,
} from '#guard/answers/guard-answer.ts'
import { holdAnswer, type HoldingGuard } from '#guard/answers/hold-answer.ts'
import { noticeFilter, sentencesOf } from '#guard/answers/notice.ts'
import { questionOf } from '#guard/answers/question.ts'
import { countingFilter, countingReader, onlyCounting } from '#guard/answers/watch-answer.ts'
import { awaitOpinion } from '#guard/opinion/await-opinion.ts'
import { dialects } from '#protocols/dialects.ts'
import { inTurn, type AnswerFilter } from '#protocols/answer-filter.ts'
import type { SurfaceName, SurfaceRequest } from '#protocols/surface.ts'
import type { Asked } from './ask-once.ts'
import type { Prepared } from './outgoing.ts'
import { heldFor } from './second-opinion.ts'

/** Makes what is sent to one choice; with a filter its answer goes through it. */
export type MakeOutgoing = (filter?: AnswerFilter) => Result<Prepared, Refusal>

/** Puts somebody who looks through the answer behind what is sent to one choice. A new one for each attempt. */
export type LookThrough = (choice: Choice, make: MakeOutgoing) => Result<Prepared, Refusal>

/** Answers of these hold no text of a model. */
const WITHOUT_TEXT: ReadonlySet<SurfaceName> = new Set([
  'openai-embeddings',
  'openai-moderations',
  'rerank',
  'ollama-embed',
])

interface Asking {
  readonly exchange: Exchange
  readonly request: SurfaceRequest
  readonly parts: readonly TextPart[]
  readonly verdict: Verdict
  /** Id of the decision. */
  readonly decision: string
}

/** Who looks through the answers to a request; null where no rule asks for it. */
export function lookThrough(
  scanners: AnswerScanners | undefined,
  { exchange, request, parts, verdict, decision }: Asking,
): LookThrough | null {
  const { duties } = verdict
  const { answers, answerTerms, review, opinions, notices } = duties
  const isGuarded = answers !== NO_ANSWER_DUTIES || review
  if (!isGuarded && opinions.length === 0 && notices.length === 0) return null
  if (request.hasNoText || WITHOUT_TEXT.has(request.surface)) return null
  const { hosts, askedBy } = answerTerms
  const rule = askedBy.review ?? Object.values(askedBy)[0] ?? opinions[0]?.rule ?? 'disclose'
  if (isGuarded && !scanners)
    return () => err({ code: 'answer-not-guarded', param: request.surface, detail: { rule } })
  const newGuard = !isGuarded || !scanners ? null : guardWith(scanners)
  const options = {
    duties: answers,
    hosts,
    question: questionOf(() => parts),
    language: exchange.language,
    askedBy,
    decision,
  }
  const onlyCounts = newGuard !== null && !review && Object.values(answers).every(isPass)
  const sentences =
    notices.length === 0 || request.hasFormat?.() ? [] : sentencesOf(notices, exchange.language)
  if (opinions.length === 0 && sentences.length === 0) {
    if (!newGuard) return null
    if (onlyCounts)
      return (choice, make) => counting(onlyCounting(newGuard(options, false)), choice, make)
  }
  return (_choice, make) => {
    const own = newGuard?.(options, review) ?? null
    const guard = own && onlyCounts ? onlyCounting(own) : own
    const holding =
      opinions.length === 0
        ? null
        : awaitOpinion(guard, {
            waits: heldFor(rule, decision),
            tooLong: withheld(options, 'unreadable'),
          })
    const outgoing = make(behind(holding ?? guard, holding ? [] : sentences))
    const readers = { ...(guard ? { guard } : {}), ...(holding ? { holding } : {}) }
    if (outgoing.ok && outgoing.value.reader.stopped) return ok({ ...outgoing.value, ...readers })
    // pictures and sounds have no text to end with a sentence: their header says it
    if (!guard && !holding) return make()
    if (!outgoing.ok && !make().ok) return outgoing
    // the destination could answer, but nobody could look through what it says
    const param = outgoing.ok ? request.surface : (outgoing.error.param ?? request.surface)
    return err({ code: 'answer-not-guarded', param, detail: { rule } })
  }
}

const isPass = (action: AnswerAction): boolean => action === 'pass'

type NewGuard = (
  options: Omit<GuardOptions, 'scanners'>,
  isAlwaysHeld: boolean,
) => AnswerGuard | HoldingGuard

const guardWith =
  (scanners: AnswerScanners): NewGuard =>
  (options, isAlways) =>
    isAlways || mayHold(options.duties)
      ? holdAnswer({ ...options, scanners, isAlways })
      : guardAnswer({ ...options, scanners })

/** A filter, and the sentences that answers end with behind it. */
function behind(filter: AnswerFilter | null, sentences: readonly string[]): AnswerFilter {
  const notice = noticeFilter(sentences)
  if (!filter) return notice
  return sentences.length === 0 ? filter : inTurn(filter, notice)
}

/**
 * What a destination says of its own error is no less its words than an answer: where rules speak of answers, what they
 * would not let through is left out, and our own words stand alone.
 */
export function readRefusal(
  scanners: AnswerScanners | undefined,
  { exchange, parts, verdict, decision }: Asking,
  asked: Asked,
): Asked {
  const { result } = asked
  const { answers, answerTerms, review } = verdict.duties
  if (result.kind !== 'refused' || !result.said) return asked
  if (!review && Object.values(answers).every(isPass)) return asked
  const { param: _, ...refusal } = result.refusal
  const withoutWords: Asked = { ...asked, result: { ...result, refusal, said: null } }
  if (!scanners || review) return withoutWords
  const { hosts, askedBy } = answerTerms
  const question = questionOf(() => parts)
  const { language } = exchange
  const terms = { duties: answers, hosts, question, language, askedBy, decision }
  const guard = guardAnswer({ scanners, ...terms })
  const { message, type, param, code } = result.said
  const text = [message, type, param, code].filter((word) => word !== null).join('\n')
  const { stopped } = guard.step([{ kind: 'text', text }])
  const isOver = (stopped ?? guard.end().stopped) !== null
  return isOver || guard.report().done !== 'pass' ? withoutWords : asked
}

/** Everything passes and is counted: the answer stays byte for byte what it would have been. */
function counting(
  guard: AnswerGuard,
  choice: Choice,
  make: MakeOutgoing,
): Result<Prepared, Refusal> {
  const plain = make()
  if (!plain.ok) return plain
  if (plain.value.reader.stopped) {
    const translated = make(countingFilter(guard))
    return translated.ok ? ok({ ...translated.value, guard }) : translated
  }
  const dialect = dialects[choice.destination.dialect]
  if (!dialect) return plain
  const reader = countingReader(plain.value.reader, dialect.newAnswer(), guard)
  return ok({ ...plain.value, reader, guard })
}
