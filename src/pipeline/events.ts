import type { Exchange } from '#kernel/exchange.ts'
import type { Finding } from '#kernel/label.ts'
import type { Refusal } from '#kernel/refusal.ts'
import type { Milliseconds } from '#kernel/units.ts'
import type { Choice, Facts, Health, MaskedFacts, Verdict } from '#kernel/verdict.ts'
import type { DecisionEvent, MaskedEvidence, OutcomeEvent } from '#ledger/event.ts'
import { countByType } from '#policy/facts.ts'
import type { SurfaceRequest } from '#protocols/surface.ts'
import type { Asked } from './ask-once.ts'
import { usageOf, type Attempt } from './attempt.ts'

interface Decided {
  readonly exchange: Exchange
  readonly request: SurfaceRequest
  readonly facts: Facts
  readonly verdict: Verdict
  /** The choice that is asked first. */
  readonly first: Choice | null
  readonly findings: readonly Finding[]
  readonly refusal: Refusal | null
  readonly health: Health
  /** What budgets hold for it, by the names of periods; null when nothing. */
  readonly held: DecisionEvent['held'] | null
  /** What time had a say in; null where it had none. */
  readonly latency: DecisionEvent['latency'] | null
  /** The decision whose answer a model is asked about; absent where a caller asks. */
  readonly opinionOn?: string | undefined
}

/** The evidence of one decision: types and figures, no text. An unknown model name is text of the caller, so it is left out. */
export function decisionEvent(of: Decided): DecisionEvent {
  const { verdict, facts, refusal, first } = of
  const { label } = verdict
  const { caller } = of.exchange
  return {
    type: 'decision',
    v: 1,
    surface: of.request.surface,
    key: caller.keyId,
    model: refusal?.code === 'unknown-model' ? 'unknown' : facts.requestedModel,
    class: label.class,
    categories: label.categories,
    undetermined: label.undetermined,
    findings: facts.findings ?? countByType(of.findings),
    destination: first?.destination.id ?? null,
    served: first?.model.name ?? null,
    zone: first?.zone ?? null,
    refusal: refusal?.code ?? null,
    zones: facts.zones ?? null,
    inputTokens: facts.inputTokensEstimate,
    policy: verdict.policyVersion,
    catalogue: verdict.catalogueVersion,
    health: unready(of.health),
    ...(facts.limits ? { limits: facts.limits } : {}),
    ...belonging(facts),
    ...(of.held ? { held: of.held } : {}),
    ...(of.latency ? { latency: of.latency } : {}),
    ...(of.opinionOn ? { opinionOn: of.opinionOn } : {}),
    ...(facts.masked ? { masked: facts.masked.map(maskedView) } : {}),
  }
}

/** What is left of the label where it is masked; what was masked, the policy says. */
const maskedView = ({ zones, duty, label, findings }: MaskedFacts): MaskedEvidence => ({
  zones,
  types: duty.types,
  of: duty.categories,
  class: label?.class ?? null,
  categories: label?.categories ?? [],
  undetermined: label?.undetermined ?? false,
  findings,
})

/** Whom the key belongs to, so that rules that speak of them can be replayed. */
function belonging({ caller }: Facts): Partial<DecisionEvent> {
  if (!caller) return {}
  const { key: _, ...ids } = caller
  return ids
}

/** What an outcome says of cost. */
export type BillFields = Pick<
  OutcomeEvent,
  'costMicro' | 'currency' | 'energyMwh' | 'countedTokens' | 'settled'
>

/** The evidence of what came of it: where the content went, how it ended, and figures. */
export function outcomeEvent(
  decision: string,
  { result, receipt, sentTo, cached }: Asked,
  totalMs: Milliseconds,
  bill: BillFields = {},
): OutcomeEvent {
  const usage = usageOf(result)
  // what was kept was sent nowhere
  const destination = cached ? null : receipt.destination
  const code = 'refusal' in result ? result.refusal.code : null
  return {
    type: 'outcome',
    v: 1,
    decision,
    destination,
    status: result.kind === 'refused' && destination !== null ? 'failed' : STATUS[result.kind],
    code,
    promptTokens: usage.promptTokens,
    completionTokens: usage.completionTokens,
    firstByteMs: result.kind === 'refused' ? null : result.firstByteMs,
    totalMs,
    ...(usage.cachedTokens === null ? {} : { cachedTokens: usage.cachedTokens }),
    ...(usage.reasoningTokens === null ? {} : { reasoningTokens: usage.reasoningTokens }),
    ...(sentTo.length < 2 ? {} : { sentTo }),
    ...(receipt.dropped.length === 0 ? {} : { dropped: knownNames(receipt.dropped) }),
    ...(cached ? { cached: cached.ageSeconds, cachedFrom: cached.from } : {}),
    ...answerFields(receipt),
    ...bill,
    ...(receipt.opinion ? { opinion: receipt.opinion } : {}),
    ...(receipt.masked ? { masked: receipt.masked() } : {}),
  }
}

function answerFields({ answer }: Asked['receipt']): Partial<OutcomeEvent> {
  if (!answer) return {}
  const { found, done } = answer()
  return { answerDone: done, ...(Object.keys(found).length === 0 ? {} : { answerFound: found }) }
}

/** A refusal before any destination was asked is a refusal; afterwards it is a failure. */
const STATUS: Readonly<Record<Attempt['kind'], OutcomeEvent['status']>> = {
  answered: 'answered',
  refused: 'refused',
  interrupted: 'failed',
  cancelled: 'cancelled',
}

/** Parameters of the protocols; any other name is text of the caller. */
const PARAMETERS: ReadonlySet<string> = new Set(
  'logit_bias logprobs top_logprobs top_k top_p min_p seed stop user metadata store n reasoning reasoning_effort thinking presence_penalty frequency_penalty repetition_penalty parallel_tool_calls tool_choice tools strict response_format modalities audio prediction service_tier safe_prompt prompt_cache_key verbosity cache_control system container context_management mcp_servers truncation include text.verbosity reasoning.effort max_tool_calls guided_json detail thinking.budget_tokens max_tokens.default-4096 reasoning.budgetTokens isError safetySettings cachedContent keep_alive options format think raw template suffix best_of echo file input_audio document video image'.split(
    ' ',
  ),
)

const knownNames = (names: readonly string[]): readonly string[] => [
  ...new Set(names.map((name) => (PARAMETERS.has(name) ? name : 'other'))),
]

function unready(health: Health): Record<string, 'not-ready' | 'down'> {
  const states: Record<string, 'not-ready' | 'down'> = {}
  for (const [id, state] of Object.entries(health)) if (state !== 'ready') states[id] = state
  return states
}
