import type { Exchange, Receipt } from '#kernel/exchange.ts'
import type { Finding } from '#kernel/label.ts'
import type { PassageBody } from '#kernel/passage.ts'
import type { Facts, Health, Verdict } from '#kernel/verdict.ts'
import { recordedLatency } from '#policy/latency.ts'
import type { Hit } from '#caches/answer-cache.ts'
import { CALLER } from '#caches/ports.ts'
import type { SurfaceRequest } from '#protocols/surface.ts'
import { notSent, type Asked } from './ask-once.ts'
import { decisionEvent, outcomeEvent } from './events.ts'
import type { House, Reply } from './ports.ts'

/** A request that was decided, with what the evidence says of it. */
export interface Decided {
  readonly id: string
  readonly exchange: Exchange
  readonly request: SurfaceRequest
  readonly facts: Facts
  readonly verdict: Verdict
  readonly findings: readonly Finding[]
  readonly health: Health
}

interface Side {
  readonly reply: Reply
  readonly signal: AbortSignal
  readonly startedAt: number
}

/** Shows an answer that was kept: the decision is recorded as any other, and the outcome says that nothing was sent. */
export async function showKept(
  house: House,
  decided: Decided,
  { reply, signal, startedAt }: Side,
  hit: Hit,
): Promise<Asked | null> {
  const { id, exchange, verdict, facts } = decided
  const { tenant } = exchange.caller
  const latency = facts.measured ? recordedLatency(facts, house.gate.policyFor(facts)) : null
  const said = { first: hit.choice, refusal: null, held: null, latency }
  const event = decisionEvent({ ...decided, ...said })
  const recorded = house.record(event, { tenant, id })
  if (!recorded.ok) {
    reply.refuse(recorded.error, null, null)
    return null
  }
  const receipt: Receipt = {
    decision: id,
    leaf: recorded.value.leaf,
    class: verdict.label.class,
    undetermined: verdict.label.undetermined,
    destination: hit.terms.destination,
    dropped: hit.terms.dropped,
    cache: { state: 'hit', ageSeconds: hit.ageSeconds },
    ...(verdict.duties.disclose ? { isDisclosed: true as const } : {}),
  }
  const body = hit.passage.open({ ...CALLER, now: house.clock() })
  const asked = body.ok
    ? await shown({ reply, signal, receipt }, hit, body.value)
    : notSent(body.error, receipt)
  const outcome = outcomeEvent(id, asked, house.now() - startedAt, FREE)
  house.record(outcome, { tenant })
  if (asked.result.kind === 'refused') reply.refuse(asked.result.refusal, receipt, null)
  return asked
}

/** Nobody charges for what was kept. */
const FREE = { costMicro: 0, currency: 'EUR', energyMwh: 0 }

async function shown(
  { reply, signal, receipt }: Pick<Side, 'reply' | 'signal'> & { readonly receipt: Receipt },
  { terms, ageSeconds }: Hit,
  { contentType, bytes }: PassageBody,
): Promise<Asked> {
  const { usage, frames, destination: from } = terms
  const firstByteMs = 0
  let sent = 0
  if (frames === null) {
    reply.whole(contentType, receipt, bytes)
    sent = bytes.length
  } else {
    reply.head(contentType, receipt)
    for (const length of frames) {
      if (signal.aborted) break
      const isRoom = reply.write(bytes.subarray(sent, sent + length))
      sent += length
      if (!isRoom) await drained(reply, signal)
    }
    if (!signal.aborted) reply.end()
  }
  const shownSoFar = { bytes: sent, pieces: frames?.length ?? 0 }
  const of = { usage, firstByteMs, shown: shownSoFar }
  return {
    result: signal.aborted ? { kind: 'cancelled', ...of } : { kind: 'answered', ...of },
    receipt,
    sentTo: [],
    cached: { ageSeconds, from },
  }
}

/** Until the caller has read on, or has left. */
function drained(reply: Reply, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve()
    const go = (): void => {
      signal.removeEventListener('abort', go)
      resolve()
    }
    signal.addEventListener('abort', go, { once: true })
    reply.onDrain(go)
  })
}
