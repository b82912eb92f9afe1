import type { Exchange } from '#kernel/exchange.ts'
import type { Priority } from '#kernel/priority.ts'
import type { Choice } from '#kernel/verdict.ts'
import type { SurfaceName, SurfaceRequest } from '#protocols/surface.ts'
import { isRefused, type Refused } from '#quotas/admission.ts'
import type { ActualUse, RequestSize } from '#quotas/amounts.ts'
import type { Entered } from '#quotas/entered.ts'
import type { Subject } from '#quotas/quota.ts'
import type { Asked } from './ask-once.ts'
import { shownOf, usageOf } from './attempt.ts'
import { isRefused as hasNoTurn, type NoTurn, type Traffic, type Turn } from './traffic.ts'

/** Who may send how much. */
export interface Limits {
  /** Null: nothing limits this caller. At once, unless a place has to be waited for. */
  enter(
    subject: Subject,
    size: RequestSize,
    signal: AbortSignal,
    priority: Priority | null,
  ): Entered | Refused | null | Promise<Entered | Refused>
}

/** No quotas at all. */
export const NO_LIMITS: Limits = { enter: () => null }

/** Whose request it is, as far as it is known before a model is chosen. */
export const subjectOf = ({ caller }: Exchange): Subject => ({
  organisation: caller.tenant,
  team: caller.team,
  person: caller.person,
  application: caller.application,
  key: caller.keyId,
  keyName: caller.name,
  model: null,
  destination: null,
})

/** Surfaces whose answers are not written token by token. */
const WITHOUT_OUTPUT: ReadonlySet<SurfaceName> = new Set([
  'openai-embeddings',
  'openai-moderations',
  'openai-media',
  'rerank',
  'ollama-embed',
])

export const sizeOf = (
  { size }: Exchange,
  request: SurfaceRequest,
  inputTokens: number,
): RequestSize => ({
  model: request.requestedModel,
  inputTokens,
  outputLimit: WITHOUT_OUTPUT.has(request.surface) ? 0 : (size?.outputLimit ?? null),
  bytes: size?.bytes ?? 0,
  stream: request.stream,
})

/** What an exchange came to: what was counted, or at least what was seen to be produced. */
export function useOf({ result, sentTo }: Asked): ActualUse {
  const usage = usageOf(result)
  const { bytes, pieces } = shownOf(result)
  const isWhole = result.kind === 'answered'
  // a destination that was cut off may have counted the beginning only
  const counted = isWhole ? usage.completionTokens : null
  const seen = pieces > 0 ? pieces : Math.ceil(bytes / BYTES_PER_TOKEN)
  return {
    sent: (result.kind !== 'refused' || result.usage !== undefined) && sentTo.length > 0,
    inputTokens: usage.promptTokens,
    outputTokens: counted,
    producedTokens: Math.max(seen, usage.completionTokens ?? 0),
    answerBytes: bytes,
  }
}

/** Nothing was sent, or it is not known what became of it. */
export const NOTHING_USED: ActualUse = {
  sent: false,
  inputTokens: null,
  outputTokens: null,
  producedTokens: 0,
  answerBytes: 0,
}

/** Bytes of an answer per token, roughly, where nobody counted. */
const BYTES_PER_TOKEN = 4

/** Destinations as one request sees them: each choice is under its quotas first, then in line for its place. */
export function limitedTraffic(traffic: Traffic, entered: Entered): Traffic {
  return {
    ...traffic,
    enter(choice, caller) {
      const [model, destination] = namesOf(choice)
      const placed = entered.enter(model, destination)
      if (isRefused(placed)) {
        if (entered.mayQueue(model, destination)) return 'busy'
        return { limited: placed.refusal ?? { code: 'rate-limited' } }
      }
      return following(traffic.enter(choice, caller, entered.priority), () => placed.leave())
    },
    async wait(choice, caller, signal) {
      const placed = await entered.wait(...namesOf(choice), signal)
      if (isRefused(placed)) return placed.refusal ? { limited: placed.refusal } : 'busy'
      const turn = await traffic.wait(choice, caller, signal, entered.priority)
      return following(turn, () => placed.leave())
    },
  }
}

const namesOf = ({ model, destination }: Choice): readonly [string, string] => [
  model.name,
  destination.id,
]

/** The turn, which gives back what is open under the quotas when it ends; at once where there is none. */
function following(turn: Turn | NoTurn, leave: () => void): Turn | NoTurn {
  if (hasNoTurn(turn)) {
    leave()
    return turn
  }
  return {
    firstByte: (afterMs) => turn.firstByte(afterMs),
    end(ending) {
      leave()
      turn.end(ending)
    },
  }
}

/** Leases ahead what the quotas of these choices may need. */
export const prepared = (entered: Entered, order: readonly Choice[]): Promise<void> | null =>
  entered.prepare(
    order.map((choice) => ({ model: choice.model.name, destination: choice.destination.id })),
  )
