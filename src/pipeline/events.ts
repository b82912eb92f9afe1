import type { Exchange } from '#kernel/exchange.ts'
import type { Finding } from '#kernel/label.ts'
import type { Refusal } from '#kernel/refusal.ts'
import type { Milliseconds } from '#kernel/units.ts'
import type { Facts, Health, Verdict } from '#kernel/verdict.ts'
import type { DecisionEvent, OutcomeEvent } from '#ledger/event.ts'
import type { SurfaceRequest } from '#protocols/surface.ts'
import { usageOf, type Attempt } from './attempt.ts'

interface Decided {
  readonly exchange: Exchange
  readonly request: SurfaceRequest
  readonly facts: Facts
  readonly verdict: Verdict
  readonly findings: readonly Finding[]
  readonly refusal: Refusal | null
  readonly health: Health
}

/** The evidence of one decision: types and figures, no text. An unknown model name is text of the caller, so it is left out. */
export function decisionEvent(of: Decided): DecisionEvent {
  const { verdict, facts, refusal } = of
  const { chosen, label } = verdict
  return {
    type: 'decision',
    v: 1,
    surface: of.request.surface,
    key: of.exchange.caller.keyId,
    model: refusal?.code === 'unknown-model' ? 'unknown' : facts.requestedModel,
    class: label.class,
    categories: label.categories,
    undetermined: label.undetermined,
    findings: countByType(of.findings),
    destination: chosen?.destination.id ?? null,
    served: chosen?.model.name ?? null,
    zone: chosen?.zone ?? null,
    refusal: refusal?.code ?? null,
    zones: facts.zones ?? null,
    inputTokens: facts.inputTokensEstimate,
    policy: verdict.policyVersion,
    catalogue: verdict.catalogueVersion,
    health: unready(of.health),
  }
}

export function outcomeEvent(
  decision: string,
  destination: string | null,
  result: Attempt,
  totalMs: Milliseconds,
): OutcomeEvent {
  const code = 'refusal' in result ? result.refusal.code : null
  return {
    type: 'outcome',
    v: 1,
    decision,
    destination,
    status: result.kind === 'refused' && destination !== null ? 'failed' : STATUS[result.kind],
    code,
    ...usageOf(result),
    firstByteMs: result.kind === 'refused' ? null : result.firstByteMs,
    totalMs,
  }
}

/** A refusal before any destination was asked is a refusal; afterwards it is a failure. */
const STATUS: Readonly<Record<Attempt['kind'], OutcomeEvent['status']>> = {
  answered: 'answered',
  refused: 'refused',
  interrupted: 'failed',
  cancelled: 'cancelled',
}

function countByType(findings: readonly Finding[]): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const { type } of findings) counts[type] = (counts[type] ?? 0) + 1
  return counts
}

function unready(health: Health): Record<string, 'not-ready' | 'down'> {
  const states: Record<string, 'not-ready' | 'down'> = {}
  for (const [id, state] of Object.entries(health)) if (state !== 'ready') states[id] = state
  return states
}
