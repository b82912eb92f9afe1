import { taskOfSurface } from '#kernel/destination.ts'
import type { CacheReceipt, Exchange, Receipt } from '#kernel/exchange.ts'
import { combineLabels } from '#kernel/label.ts'
import type { TextPart } from '#kernel/text-part.ts'
import type { Choice, Facts, Verdict } from '#kernel/verdict.ts'
import { callerFacts, countByType } from '#policy/facts.ts'
import type { SurfaceRequest } from '#protocols/surface.ts'
import { isRefused } from '#quotas/admission.ts'
import { openBill, type Bill } from './bill.ts'
import { askInTurn } from './ask-in-turn.ts'
import { notSent, type Asked, type Asking } from './ask-once.ts'
import { showKept, type Decided } from './cached.ts'
import { lookThrough, readRefusal } from './answer-guard.ts'
import { heldBack, isHeld } from './hold-back.ts'
import { decideFor, narrowed } from './decide-for.ts'
import { decisionEvent, outcomeEvent } from './events.ts'
import { barredByKey, limitsOf } from './key-limits.ts'
import { limitedTraffic, NOTHING_USED, prepared, sizeOf, subjectOf, useOf } from './limits.ts'
import { noDestination } from './no-destination.ts'
import { measuredLately, recordedLatency, usesMeasured } from '#policy/latency.ts'
import type { Classified, House, Recorded, Reply } from './ports.ts'
import { isPending, judged, type Consult, type Consultation } from './second-opinion.ts'
import { TakingReply } from './taking-reply.ts'

/** Characters per token, roughly; orders by cost and nothing else. */
const CHARACTERS_PER_TOKEN = 4

/**
 * One request through the house: classify, decide, record, ask, record. The decision is on the disk before a byte
 * leaves for a zone that is not ours; a destination outside the verdict is never asked, whatever fails.
 */
export async function serve(
  house: House,
  exchange: Exchange,
  request: SurfaceRequest,
  reply: Reply,
  signal: AbortSignal,
): Promise<void> {
  const startedAt = house.now()
  const barred = barredByKey(exchange.caller, request, house.gate.catalogue())
  if (barred) return reply.refuse(barred, null, null)
  const parts = request.textParts()
  const inputTokens = estimated(parts)
  const entering = house.limits.enter(
    subjectOf(exchange),
    sizeOf(exchange, request, inputTokens),
    signal,
    exchange.narrowing.priority ?? null,
  )
  // a promise only where someone has to wait for their turn, or a lease
  const entered = entering instanceof Promise ? await entering : entering
  if (entered !== null && isRefused(entered)) {
    reply.limits(() => entered.told)
    if (entered.refusal) reply.refuse(entered.refusal, null, null)
    return
  }
  if (entered === null) {
    await serveEntered(house, { exchange, request, parts, inputTokens, reply, signal, startedAt })
    return
  }
  reply.limits(() => entered.told())
  const limited = { ...house, traffic: limitedTraffic(house.traffic, entered) }
  const visit = { exchange, request, parts, inputTokens, reply, signal, startedAt }
  let asked: Asked | null = null
  try {
    asked = await serveEntered(limited, visit, (order) => prepared(entered, order))
  } finally {
    entered.end(asked ? useOf(asked) : NOTHING_USED, asked?.receipt.destination ?? null)
  }
}

/** Leases ahead what quotas of these choices may need. */
type Prepare = (order: readonly Choice[]) => Promise<void> | null

interface Visit {
  readonly exchange: Exchange
  readonly request: SurfaceRequest
  readonly parts: readonly TextPart[]
  readonly inputTokens: number
  readonly reply: Reply
  readonly signal: AbortSignal
  readonly startedAt: number
  /** A question of ours to a model that judges an answer; absent where a caller asks. */
  readonly consultation?: Consultation
}

/** A request that its limits let in; null when it could not be recorded. */
async function serveEntered(
  house: House,
  visit: Visit,
  prepare: Prepare = () => null,
): Promise<Asked | null> {
  const { exchange, request, parts } = visit
  const classified = house.classify(parts)
  const { label: read, findings } = narrowed(
    exchange,
    // a small text is classified already: nothing waits
    classified instanceof Promise ? await classified : classified,
  )
  const { consultation } = visit
  const label = consultation ? combineLabels(read, consultation.least) : read
  const { health, progress } = house.readiness()
  const plain = withLatency(factsOf(visit, { label, findings }), visit, house)
  const deciding = decideFor(house, visit, { plain, classified: { label, findings }, health })
  // a promise only where something is masked
  const { facts, verdict, masking } = deciding instanceof Promise ? await deciding : deciding
  const decided: Decided = {
    id: house.newId(),
    exchange,
    request,
    facts,
    verdict,
    findings,
    health,
  }
  const looking = house.cache?.open({ ...decided, parts, signal: visit.signal }) ?? null
  if (!looking) return askDecided(house, visit, { ...decided, masking, progress }, prepare)
  const found = looking instanceof Promise ? await looking : looking
  if (found.kind === 'hit') {
    house.keep?.({ exchange, verdict, decision: decided.id, parts })
    return showKept(house, decided, visit, found)
  }
  const told = { ...decided, masking, progress, cache: { state: found.kind } }
  if (found.kind === 'bypass') return askDecided(house, visit, told, prepare)
  const reply = new TakingReply(visit.reply, found.taking)
  try {
    const asked = await askDecided(house, { ...visit, reply }, told, prepare)
    if (asked) reply.settle(asked)
    return asked
  } finally {
    found.taking.done()
  }
}

/** What was decided, and what the caller is told beside it. */
interface Told extends Decided {
  readonly masking: Asking['masking']
  readonly progress: string
  readonly cache?: CacheReceipt
}

/** Holds what it can cost, records the decision, and asks. */
async function askDecided(
  house: House,
  visit: Visit,
  told: Told,
  prepare: Prepare,
): Promise<Asked | null> {
  const { exchange, request, parts, reply, startedAt } = visit
  const { id, facts, verdict, findings, health, progress, cache } = told
  const unplaced = verdict.chosen
    ? null
    : noDestination({
        verdict,
        catalogue: house.gate.catalogue(),
        facts,
        findings,
        progress,
        decision: id,
      })
  const possible = house.traffic.order(verdict.allowed)
  const bill = openBill(house, { exchange, request, parts })
  const opening = bill.fund(possible)
  const funded = opening instanceof Promise ? await opening : opening
  const { order } = funded
  const refusal = unplaced ?? funded.refusal
  const event = decisionEvent({
    exchange,
    request,
    facts,
    verdict,
    first: order[0] ?? null,
    findings,
    refusal,
    health,
    held: bill.held(),
    latency: facts.measured ? recordedLatency(facts, house.gate.policyFor(facts)) : null,
    opinionOn: visit.consultation?.on,
  })
  const recorded = house.record(event, { tenant: exchange.caller.tenant, id })
  if (!recorded.ok) {
    bill.release()
    reply.refuse(recorded.error, null, null)
    return null
  }

  if (!refusal) house.keep?.({ exchange, verdict, decision: id, parts })
  const receipt = {
    ...receiptOf(id, recorded.value.leaf, verdict),
    ...bill.told(),
    ...(cache ? { cache } : {}),
  }
  await prepare(order)
  const tried = refusal
    ? notSent(refusal, receipt)
    : await sendInTurn(house, visit, told, { recorded: recorded.value, receipt, bill, order })
  const judging = isPending(tried)
    ? await judged(house, visit, { decision: id, verdict }, tried, consultIn(house, prepare))
    : tried
  // what waits for a person is kept before anybody is told so
  const asked = isHeld(judging)
    ? await heldBack(house, visit, verdict, id, judging)
    : readRefusal(house.scanners, { exchange, request, parts, verdict, decision: id }, judging)
  const { result } = asked
  const totalMs = house.now() - startedAt
  // the outcome is recorded before the refusal is shown, so that an audit line exists for everything a caller saw
  const ended = house.record(outcomeEvent(id, asked, totalMs, bill.total()), {
    tenant: exchange.caller.tenant,
  })
  bill.settle(ended.ok)
  if (result.kind === 'refused') reply.refuse(result.refusal, asked.receipt, result.said)
  return asked
}

interface Sending {
  readonly recorded: Recorded
  readonly receipt: Receipt
  readonly bill: Bill
  readonly order: readonly Choice[]
}

/** Sends it to one choice after the other, with somebody behind each who looks through what comes back. */
function sendInTurn(house: House, visit: Visit, told: Told, of: Sending): Promise<Asked> {
  const { exchange, request, parts } = visit
  const { id, verdict, masking } = told
  const { order, ...sending } = of
  // what a judge says is read by nobody but us
  const looking = visit.consultation
    ? null
    : lookThrough(house.scanners, { exchange, request, parts, verdict, decision: id })
  return askInTurn(house, { ...visit, ...sending, masking, verdict, lookThrough: looking }, order)
}

/** A question to a judge is served as any request, from where it was let in on: nothing of it is kept, and nobody judges it. */
const consultIn =
  ({ cache: _, keep: __, hold: ___, ...house }: House, prepare: Prepare): Consult =>
  (consultation) => {
    const { exchange, request, reply, signal } = consultation
    const parts = request.textParts()
    const inputTokens = estimated(parts)
    const startedAt = house.now()
    const of = { exchange, request, parts, inputTokens, reply, signal, startedAt, consultation }
    return serveEntered(house, of, prepare)
  }

const receiptOf = (decision: string, leaf: string, { label, duties }: Verdict): Receipt => ({
  decision,
  leaf,
  class: label.class,
  undetermined: label.undetermined,
  destination: null,
  dropped: [],
  ...(duties.disclose ? { isDisclosed: true as const } : {}),
})

/** Rough, from the length of the texts. */
function estimated(parts: readonly TextPart[]): number {
  const characters = parts.reduce((sum, part) => sum + part.text.length, 0)
  return Math.ceil(characters / CHARACTERS_PER_TOKEN)
}

/** With what decisions about time need; as they are where neither the caller nor the policy asks for any. */
function withLatency(facts: Facts, { exchange }: Visit, { gate, traffic, now }: House): Facts {
  const { maxLatencyMs } = exchange.narrowing
  if (maxLatencyMs === undefined && !usesMeasured(gate.policyFor(facts))) return facts
  return {
    ...facts,
    ...(maxLatencyMs === undefined ? {} : { maxLatencyMs }),
    ...(traffic.measured
      ? { measured: measuredLately(gate.catalogue(), traffic.measured, now()) }
      : {}),
  }
}

function factsOf({ exchange, request, inputTokens }: Visit, of: Classified): Facts {
  const { label, findings } = of
  const { zones } = exchange.narrowing
  const limits = limitsOf(exchange.caller)
  return {
    tenant: exchange.caller.tenant,
    label,
    requestedModel: request.requestedModel,
    task: taskOfSurface(request.surface),
    surface: request.surface,
    caller: callerFacts(exchange.caller),
    findings: countByType(findings),
    ...(zones ? { zones } : {}),
    ...(limits ? { limits } : {}),
    inputTokensEstimate: inputTokens,
  }
}
