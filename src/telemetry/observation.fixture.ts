import type { DecisionEvent, OutcomeEvent } from '#ledger/event.ts'
import type { Observation } from './observation.ts'

const DECISION: DecisionEvent = {
  type: 'decision',
  v: 1,
  surface: 'openai-chat',
  key: 'key-1',
  model: 'auto',
  class: 'internal',
  categories: ['personal'],
  undetermined: false,
  findings: { EMAIL_ADDRESS: 2 },
  destination: 'cloud',
  served: 'm',
  zone: 'managed',
  refusal: null,
  zones: null,
  inputTokens: 9,
  policy: 'p1',
  catalogue: 'c1',
  health: {},
}

const OUTCOME: OutcomeEvent = {
  type: 'outcome',
  v: 1,
  decision: 'd-1',
  destination: 'cloud',
  status: 'answered',
  code: null,
  promptTokens: 7,
  completionTokens: 4,
  firstByteMs: 20,
  totalMs: 40,
  cachedTokens: 3,
}

/** One request as it is seen at its end: answered by a managed destination in 41 ms. */
export const observation = (
  change: Partial<Observation> = {},
  outcome: Partial<OutcomeEvent> = {},
): Observation => ({
  request: 'r-1',
  route: '/v1/chat/completions',
  surface: 'openai-chat',
  stream: false,
  status: 200,
  bytes: 1000,
  startedAt: 1_700_000_000_000,
  durationMs: 41,
  firstByteMs: 40.5,
  stages: [
    { stage: 'auth', ms: 0.25 },
    { stage: 'read', ms: 0.25 },
    { stage: 'classify', ms: 0.5 },
    { stage: 'first-byte', ms: 39.5 },
  ],
  decisionId: 'd-1',
  decision: DECISION,
  outcome: { ...OUTCOME, ...outcome },
  refusal: null,
  parent: null,
  ...change,
})

/** A request that was refused before anything was decided. */
export const refusedEarly: Observation = observation({
  surface: null,
  status: 401,
  firstByteMs: 0.4,
  stages: [{ stage: 'first-byte', ms: 0.4 }],
  decisionId: null,
  decision: null,
  outcome: null,
  refusal: 'missing-key',
})
