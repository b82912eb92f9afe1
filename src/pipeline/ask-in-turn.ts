import { isOwnZone } from '#kernel/destination.ts'
import type { Exchange, Receipt } from '#kernel/exchange.ts'
import type { Refusal } from '#kernel/refusal.ts'
import type { Choice, Verdict } from '#kernel/verdict.ts'
import type { SurfaceRequest } from '#protocols/surface.ts'
import { attempt, type Attempt } from './attempt.ts'
import type { House, Recorded, Reply } from './ports.ts'

export interface Asking {
  readonly exchange: Exchange
  readonly request: SurfaceRequest
  readonly verdict: Verdict
  readonly recorded: Recorded
  readonly receipt: Receipt
  readonly reply: Reply
  readonly signal: AbortSignal
}

export interface Asked {
  readonly result: Attempt
  /** Names the destination that was asked last. */
  readonly receipt: Receipt
}

/** Asks the destinations of the verdict in their order until one has shown something or none is left. */
export async function askInTurn(house: House, asking: Asking): Promise<Asked> {
  let asked: Asked = {
    result: refused({ code: 'no-eligible-destination' }),
    receipt: asking.receipt,
  }
  for (const choice of asking.verdict.allowed) {
    const receipt = { ...asking.receipt, destination: choice.destination.id }
    asked = await askOne(house, asking, choice, receipt)
    if (asked.result.kind !== 'refused' || !asked.result.retry || asking.signal.aborted)
      return asked
  }
  return asked
}

async function askOne(
  house: House,
  asking: Asking,
  choice: Choice,
  receipt: Receipt,
): Promise<Asked> {
  if (!isOwnZone(choice.zone)) {
    const durable = await asking.recorded.durable
    if (!durable.ok) return { result: refused(durable.error), receipt }
  }
  const outgoing = asking.request.forDestination(choice.destination.dialect, choice.model)
  // another destination of the verdict may speak what this one cannot
  if (!outgoing.ok) return { result: { ...refused(outgoing.error), retry: true }, receipt }
  const { path, headers, body, dropped, reader } = outgoing.value
  const bytes = Buffer.from(JSON.stringify(body))
  const passage = house.gate.issue(asking.verdict, choice, bytes, house.clock())
  if (!passage.ok) return { result: refused(passage.error), receipt }
  const told = { ...receipt, dropped }
  const result = await attempt(
    {
      passage: passage.value,
      options: {
        path,
        headers,
        stream: asking.request.stream,
        requestId: asking.exchange.id,
        cacheScope: asking.exchange.caller.keyId,
      },
      reader,
      receipt: told,
      reply: asking.reply,
      signal: asking.signal,
    },
    house,
  )
  return { result, receipt: told }
}

const refused = (refusal: Refusal): Extract<Attempt, { kind: 'refused' }> => ({
  kind: 'refused',
  refusal,
  said: null,
  retry: false,
})
