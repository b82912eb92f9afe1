import type { PassageBody } from '#kernel/passage.ts'
import type { Refusal } from '#kernel/refusal.ts'
import { err, ok, type Result } from '#kernel/result.ts'
import type { Choice } from '#kernel/verdict.ts'
import { wordedFor } from '#protocols/openai-chat/quirks.ts'
import { writeForm } from '#protocols/multipart/write-form.ts'
import type { AnswerGuard } from '#guard/answers/guard-answer.ts'
import type { HoldingGuard } from '#guard/answers/hold-answer.ts'
import type { OpinionHold } from '#guard/opinion/await-opinion.ts'
import { inTurn, type AnswerFilter } from '#protocols/answer-filter.ts'
import type { Outgoing, SurfaceRequest } from '#protocols/surface.ts'
import type { Asking } from './ask-once.ts'
import type { MaskedCounts } from './masking.ts'

/** What is sent to one choice, what is known of the values it does not see, and who looks through its answer. */
export type Prepared = Outgoing & {
  readonly masked?: () => MaskedCounts
  readonly guard?: AnswerGuard | HoldingGuard
  /** Where its answer waits for the opinion of another model. */
  readonly holding?: OpinionHold
}

/** What is sent to one choice of the verdict: masked where it must be, in its dialect, and in the words of that very server. */
export function outgoingFor(
  asking: Pick<Asking, 'request' | 'masking' | 'lookThrough'>,
  choice: Choice,
): Result<Prepared, Refusal> {
  const make = (guard?: AnswerFilter) => maskedOutgoing(asking, choice, guard)
  return asking.lookThrough ? asking.lookThrough(choice, make) : make()
}

function maskedOutgoing(
  asking: Pick<Asking, 'request' | 'masking'>,
  choice: Choice,
  guard?: AnswerFilter,
): Result<Prepared, Refusal> {
  if (!choice.masked) return wordedOutgoing(asking.request, choice, guard)
  const masked = asking.masking?.forChoice(choice) ?? null
  // a choice that must see the request masked never sees it otherwise
  if (!masked) return err({ code: 'passage-refused' })
  const { request, filter, values } = masked
  // values are put back first: the answer is looked through as the caller will read it
  const both = filter && guard ? inTurn(filter, guard) : (filter ?? guard)
  const outgoing = wordedOutgoing(request, choice, both)
  if (!outgoing.ok || !filter) return outgoing
  return ok({ ...outgoing.value, masked: () => ({ values, ...filter.counts() }) })
}

function wordedOutgoing(
  request: SurfaceRequest,
  { destination, model }: Choice,
  filter?: AnswerFilter,
): Result<Outgoing, Refusal> {
  const outgoing = request.forDestination(destination.dialect, model, destination.apis, filter)
  const { quirks } = destination
  if (!outgoing.ok || !quirks || outgoing.value.path !== '/chat/completions') return outgoing
  if (outgoing.value.form) return outgoing
  const worded = wordedFor(outgoing.value.body, quirks)
  if (!worded.ok) return worded
  const dropped = [...new Set([...outgoing.value.dropped, ...worded.value.dropped])]
  return ok({ ...outgoing.value, body: worded.value.body, dropped })
}

/** The bytes that are sealed: always our own writing of what was classified. `random` is uniform in [0, 1). */
export const bodyOf = (outgoing: Outgoing, random: () => number): PassageBody =>
  outgoing.form
    ? writeForm(outgoing.form, random)
    : { contentType: 'application/json', bytes: Buffer.from(JSON.stringify(outgoing.body)) }
