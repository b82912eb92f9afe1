import type { PassageBody } from '#kernel/passage.ts'
import type { Refusal } from '#kernel/refusal.ts'
import { ok, type Result } from '#kernel/result.ts'
import type { Choice } from '#kernel/verdict.ts'
import type { AnswerFilter } from '#protocols/answer-filter.ts'
import { wordedFor } from '#protocols/openai-chat/quirks.ts'
import { writeForm } from '#protocols/multipart/write-form.ts'
import type { Outgoing, SurfaceRequest } from '#protocols/surface.ts'
import type { Sent } from './answer-guard.ts'
import type { Asking } from './ask-once.ts'

/** What is sent to one choice of the verdict: in its dialect, and in the words of that very server. */
export function outgoingFor(
  request: SurfaceRequest,
  choice: Choice,
  filter?: AnswerFilter,
): Result<Outgoing, Refusal> {
  const { destination, model } = choice
  const outgoing = request.forDestination(destination.dialect, model, destination.apis, filter)
  const { quirks } = destination
  if (!outgoing.ok || !quirks || outgoing.value.path !== '/chat/completions') return outgoing
  if (outgoing.value.form) return outgoing
  const worded = wordedFor(outgoing.value.body, quirks)
  if (!worded.ok) return worded
  const dropped = [...new Set([...outgoing.value.dropped, ...worded.value.dropped])]
  return ok({ ...outgoing.value, body: worded.value.body, dropped })
}

/** The same, with somebody who looks through the answer where a rule asks for it. */
export function sentFor(
  { request, lookThrough }: Pick<Asking, 'request' | 'lookThrough'>,
  choice: Choice,
): Result<Sent, Refusal> {
  const make = (filter?: AnswerFilter) => outgoingFor(request, choice, filter)
  return lookThrough ? lookThrough(choice, make) : make()
}

/** The bytes that are sealed: always our own writing of what was classified. `random` is uniform in [0, 1). */
export const bodyOf = (outgoing: Outgoing, random: () => number): PassageBody =>
  outgoing.form
    ? writeForm(outgoing.form, random)
    : { contentType: 'application/json', bytes: Buffer.from(JSON.stringify(outgoing.body)) }
