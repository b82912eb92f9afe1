import { endedBy } from '#kernel/ended.ts'
import { isOwnZone } from '#kernel/destination.ts'
import type { Exchange, Receipt } from '#kernel/exchange.ts'
import type { Refusal } from '#kernel/refusal.ts'
import type { Choice, Verdict } from '#kernel/verdict.ts'
import { NO_USAGE } from '#protocols/answer-event.ts'
import type { SurfaceRequest } from '#protocols/surface.ts'
import type { LookThrough } from './answer-guard.ts'
import { attempt, type Attempt } from './attempt.ts'
import type { Bill } from './bill.ts'
import { endingOf } from './ending.ts'
import { bodyOf, type Prepared } from './outgoing.ts'
import type { RequestMasking } from './masking.ts'
import type { House, Recorded, Reply } from './ports.ts'
import type { Again } from './retry-plan.ts'
import type { Turn } from './traffic.ts'

export interface Asking {
  readonly exchange: Exchange
  readonly request: SurfaceRequest
  /** Null: nothing is masked. */
  readonly masking: RequestMasking | null
  readonly verdict: Verdict
  readonly recorded: Recorded
  readonly receipt: Receipt
  readonly reply: Reply
  readonly signal: AbortSignal
  readonly bill: Bill
  /** Who looks through answers; null where no rule asks for it. */
  readonly lookThrough?: LookThrough | null
}

export interface Asked {
  readonly result: Attempt
  /** Names the destination that was asked last. */
  readonly receipt: Receipt
  /** Every destination that the content was sent to, in order. */
  readonly sentTo: readonly string[]
  /** The answer was kept before: nothing was sent. */
  readonly cached?: { readonly ageSeconds: number; readonly from: string }
  /** Who looked through the answer; absent when nobody did. */
  readonly guard?: Prepared['guard']
  /** Where the answer waits for the opinion of another model; absent when none is asked. */
  readonly holding?: Prepared['holding']
}

/** Sends the request to one choice of the verdict, in the place it was given there, and gives the place back. */
export async function askOnce(
  house: House,
  asking: Asking,
  choice: Choice,
  outgoing: Prepared,
  turn: Turn,
): Promise<Asked> {
  const startedAt = house.now()
  const { path, headers, dropped, reader, masked, guard, holding } = outgoing
  const receipt = {
    ...asking.receipt,
    destination: choice.destination.id,
    dropped,
    ...(masked ? { masked } : {}),
    ...(guard ? { answer: () => guard.report() } : {}),
  }
  const entry = asking.bill.begin(choice)
  const charge = entry instanceof Promise ? await entry : entry
  if (!charge.ok) {
    turn.end({ kind: 'nothing' })
    return notSent(charge.error, asking.receipt, 'elsewhere')
  }
  try {
    if (!isOwnZone(choice.zone)) {
      const durable = await asking.recorded.durable
      if (!durable.ok) return notSent(durable.error, asking.receipt)
      const uncovered = asking.bill.uncovered()
      if (uncovered) return notSent(uncovered, asking.receipt)
    }
    if (asking.signal.aborted) return left(asking)
    const body = bodyOf(outgoing, house.random)
    const passage = house.gate.issue(asking.verdict, choice, body, house.clock())
    if (!passage.ok) return notSent(passage.error, asking.receipt)
    const result = await attempt(
      {
        passage: passage.value,
        options: {
          path,
          headers,
          stream: asking.request.stream,
          requestId: asking.exchange.id,
          cacheScope: asking.exchange.caller.keyId,
          weights: choice.model.digest,
        },
        reader,
        receipt,
        reply: asking.reply,
        signal: asking.signal,
        onFirstByte: (afterMs) => turn.firstByte(afterMs),
      },
      house,
    )
    turn.end(endingOf(result, house.now() - startedAt))
    charge.value.note(result, reader.written?.() ?? 0)
    const readers = { ...(guard ? { guard } : {}), ...(holding ? { holding } : {}) }
    return { result, receipt, sentTo: [choice.destination.id], ...readers }
  } finally {
    charge.value.end()
    turn.end({ kind: 'nothing' })
  }
}

/** A refusal before anything was sent. */
export const notSent = (refusal: Refusal, receipt: Receipt, again: Again = 'nowhere'): Asked => ({
  result: { kind: 'refused', refusal, said: null, again },
  receipt,
  sentTo: [],
})

/** The caller left before anything was sent, or may not go on. */
export function left({ receipt, signal }: Pick<Asking, 'receipt' | 'signal'>): Asked {
  const ended = endedBy(signal)
  if (ended) return notSent(ended, receipt)
  return { result: { kind: 'cancelled', usage: NO_USAGE, firstByteMs: null }, receipt, sentTo: [] }
}
