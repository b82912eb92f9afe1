import { taskOfSurface } from '#kernel/destination.ts'
import type { Exchange } from '#kernel/exchange.ts'
import { combineLabels, type Label } from '#kernel/label.ts'
import type { TextPart } from '#kernel/text-part.ts'
import type { Facts } from '#kernel/verdict.ts'
import { callerFacts, countByType } from '#policy/facts.ts'
import type { SurfaceRequest } from '#protocols/surface.ts'
import { askInTurn } from './ask-in-turn.ts'
import { notSent } from './ask-once.ts'
import { decisionEvent, outcomeEvent } from './events.ts'
import { barredByKey, limitsOf } from './key-limits.ts'
import { noDestination } from './no-destination.ts'
import type { Classified, House, Reply } from './ports.ts'

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
  const startedAt = house.clock()
  const barred = barredByKey(exchange.caller, request, house.gate.catalogue())
  if (barred) return reply.refuse(barred, null, null)
  const parts = request.textParts()
  const classified = house.classify(parts)
  const { label, findings } = narrowed(
    exchange,
    // a small text is classified already: nothing waits
    classified instanceof Promise ? await classified : classified,
  )
  const { health, progress } = house.readiness()
  const facts = factsOf(exchange, request, { label, findings }, parts)
  const verdict = house.gate.decide(facts, health)
  const id = house.newId()
  const refusal = verdict.chosen
    ? null
    : noDestination({
        verdict,
        catalogue: house.gate.catalogue(),
        facts,
        findings,
        progress,
        decision: id,
      })
  const order = house.traffic.order(verdict.allowed)
  const first = order[0] ?? null
  const event = decisionEvent({
    exchange,
    request,
    facts,
    verdict,
    first,
    findings,
    refusal,
    health,
  })
  const recorded = house.record(event, { tenant: exchange.caller.tenant, id })
  if (!recorded.ok) return reply.refuse(recorded.error, null, null)

  if (!refusal) house.keep?.({ exchange, verdict, decision: id, parts })
  const receipt = {
    decision: id,
    leaf: recorded.value.leaf,
    class: verdict.label.class,
    undetermined: verdict.label.undetermined,
    destination: null,
    dropped: [],
  }
  const asked = refusal
    ? notSent(refusal, receipt)
    : await askInTurn(
        house,
        { exchange, request, verdict, recorded: recorded.value, receipt, reply, signal },
        order,
      )
  const { result } = asked
  const totalMs = house.clock() - startedAt
  // the outcome is recorded before the refusal is shown, so that an audit line exists for everything a caller saw
  house.record(outcomeEvent(id, asked, totalMs), {
    tenant: exchange.caller.tenant,
  })
  if (result.kind === 'refused') reply.refuse(result.refusal, asked.receipt, result.said)
}

/** The label of the whole request; the caller may raise it, never lower it. */
function narrowed(exchange: Exchange, classified: Classified): Classified {
  const asked = exchange.narrowing.class
  if (!asked) return classified
  const raised: Label = { class: asked, categories: [], undetermined: false }
  return { findings: classified.findings, label: combineLabels(classified.label, raised) }
}

function factsOf(
  exchange: Exchange,
  request: SurfaceRequest,
  { label, findings }: Classified,
  parts: readonly TextPart[],
): Facts {
  const characters = parts.reduce((sum, part) => sum + part.text.length, 0)
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
    inputTokensEstimate: Math.ceil(characters / CHARACTERS_PER_TOKEN),
  }
}
