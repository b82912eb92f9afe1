import { NO_ANSWER_DUTIES } from '#kernel/duties.ts'
import type { Exchange } from '#kernel/exchange.ts'
import type { Refusal } from '#kernel/refusal.ts'
import { err, ok, type Result } from '#kernel/result.ts'
import type { TextPart } from '#kernel/text-part.ts'
import type { Choice, Verdict } from '#kernel/verdict.ts'
import {
  guardAnswer,
  mayHold,
  type AnswerGuard,
  type AnswerScanners,
} from '#guard/answers/guard-answer.ts'
import { holdAnswer } from '#guard/answers/hold-answer.ts'
import { questionOf } from '#guard/answers/question.ts'
import { countingFilter, countingReader, onlyCounting } from '#guard/answers/watch-answer.ts'
import { dialects } from '#protocols/dialects.ts'
import type { AnswerFilter } from '#protocols/answer-filter.ts'
import type { SurfaceName, SurfaceRequest } from '#protocols/surface.ts'
import type { Asked } from './ask-once.ts'
import type { Prepared } from './outgoing.ts'

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

/** Who looks through the answers to a request; null where no rule asks for it. */
export function lookThrough(
  scanners: AnswerScanners | undefined,
  exchange: Exchange,
  request: SurfaceRequest,
  parts: readonly TextPart[],
  { duties }: Verdict,
  decision: string,
): LookThrough | null {
  const { answers, answerTerms, review } = duties
  if (answers === NO_ANSWER_DUTIES && !review) return null
  if (request.hasNoText || WITHOUT_TEXT.has(request.surface)) return null
  const { hosts, askedBy } = answerTerms
  const rule = askedBy.review ?? Object.values(askedBy)[0] ?? 'policy'
  if (!scanners)
    return () => err({ code: 'answer-not-guarded', param: request.surface, detail: { rule } })
  const question = questionOf(() => parts)
  const options = {
    scanners,
    duties: answers,
    hosts,
    question,
    language: exchange.language,
    askedBy,
    decision,
  }
  const isHeld = review || mayHold(answers)
  if (!isHeld && Object.values(answers).every((action) => action === 'pass')) {
    return (choice, make) => counting(onlyCounting(guardAnswer(options)), choice, make)
  }
  return (_choice, make) => {
    const guard = isHeld ? holdAnswer({ ...options, isAlways: review }) : guardAnswer(options)
    const outgoing = make(guard)
    if (outgoing.ok && outgoing.value.reader.stopped) return ok({ ...outgoing.value, guard })
    if (!outgoing.ok && !make().ok) return outgoing
    // the destination could answer, but nobody could look through what it says
    const param = outgoing.ok ? request.surface : (outgoing.error.param ?? request.surface)
    return err({ code: 'answer-not-guarded', param, detail: { rule } })
  }
}

/**
 * What a destination says of its own error is no less its words than an answer: where rules speak of answers, what they
 * would not let through is left out, and our own words stand alone.
 */
export function readRefusal(
  scanners: AnswerScanners | undefined,
  exchange: Exchange,
  parts: readonly TextPart[],
  { duties }: Verdict,
  decision: string,
  asked: Asked,
): Asked {
  const { result } = asked
  const { answers, answerTerms, review } = duties
  if (result.kind !== 'refused' || !result.said) return asked
  if (!review && Object.values(answers).every((action) => action === 'pass')) return asked
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
