import type { Refusal } from '#kernel/refusal.ts'
import { ok, type Result } from '#kernel/result.ts'
import type { Choice } from '#kernel/verdict.ts'
import { wordedFor } from '#protocols/openai-chat/quirks.ts'
import type { Outgoing, SurfaceRequest } from '#protocols/surface.ts'

/** What is sent to one choice of the verdict: in its dialect, and in the words of that very server. */
export function outgoingFor(request: SurfaceRequest, choice: Choice): Result<Outgoing, Refusal> {
  const { destination, model } = choice
  const outgoing = request.forDestination(destination.dialect, model, destination.apis)
  const { quirks } = destination
  if (!outgoing.ok || !quirks || outgoing.value.path !== '/chat/completions') return outgoing
  const worded = wordedFor(outgoing.value.body, quirks)
  if (!worded.ok) return worded
  const dropped = [...new Set([...outgoing.value.dropped, ...worded.value.dropped])]
  return ok({ ...outgoing.value, body: worded.value.body, dropped })
}
