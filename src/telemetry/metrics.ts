import type { Observation } from './observation.ts'
import { codeOf, endingOf } from './observation.ts'
import { CounterTally, HistogramTally } from './tally.ts'

/** Upper bounds in seconds: from a refusal on the box to a long answer of a slow model. */
export const ANSWER_SECONDS = [
  0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300,
] as const
/** Upper bounds in seconds: our own work, which should stay below a millisecond. */
export const STAGE_SECONDS = [
  0.00001, 0.000025, 0.00005, 0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.05, 0.1, 0.5,
  1,
] as const

/** Stands for what a request never had, such as the destination of a refused one. */
const NONE = 'none'

/** Counts and distributions of the data plane. Every label value is from a closed list or from the configuration. */
export interface TrafficTallies {
  /** surface, class, zone, destination, outcome */
  readonly requests: CounterTally
  /** surface, code */
  readonly refusals: CounterTally
  /** direction, destination */
  readonly tokens: CounterTally
  /** type */
  readonly findings: CounterTally
  /** kind, of what was found in answers */
  readonly answerFindings: CounterTally
  /** action: the strictest of what was done about one answer */
  readonly guardedAnswers: CounterTally
  readonly classifiedBytes: CounterTally
  /** surface, zone, outcome; seconds */
  readonly duration: HistogramTally
  /** surface, zone; seconds */
  readonly firstByte: HistogramTally
  /** stage; seconds */
  readonly stages: HistogramTally
}

export const emptyTallies = (): TrafficTallies => ({
  requests: new CounterTally(),
  refusals: new CounterTally(),
  tokens: new CounterTally(),
  findings: new CounterTally(),
  answerFindings: new CounterTally(),
  guardedAnswers: new CounterTally(),
  classifiedBytes: new CounterTally(),
  duration: new HistogramTally(ANSWER_SECONDS),
  firstByte: new HistogramTally(ANSWER_SECONDS),
  stages: new HistogramTally(STAGE_SECONDS),
})

/** Counts one request that has ended. */
export function countRequest(tallies: TrafficTallies, seen: Observation): void {
  const { decision, outcome } = seen
  const surface = seen.surface ?? NONE
  const zone = decision?.zone ?? NONE
  const destination = outcome?.destination ?? decision?.destination ?? NONE
  const ending = endingOf(seen)
  tallies.requests.add(1, surface, decision?.class ?? NONE, zone, destination, ending)
  const code = codeOf(seen)
  if (code !== null) tallies.refusals.add(1, surface, code)
  tallies.duration.observe(seen.durationMs / 1000, surface, zone, ending)
  if (seen.firstByteMs !== null && ending !== 'refused')
    tallies.firstByte.observe(seen.firstByteMs / 1000, surface, zone)
  for (const { stage, ms } of seen.stages) {
    // what the destination took is told by the time to first byte, with its zone
    if (stage !== 'first-byte') tallies.stages.observe(ms / 1000, stage)
  }
  if (decision) {
    tallies.classifiedBytes.add(seen.bytes)
    for (const [type, count] of Object.entries(decision.findings)) tallies.findings.add(count, type)
  }
  if (outcome) countTokens(tallies.tokens, outcome, destination)
  if (outcome?.answerDone) tallies.guardedAnswers.add(1, outcome.answerDone)
  for (const [kind, count] of Object.entries(outcome?.answerFound ?? {}))
    tallies.answerFindings.add(count, kind)
}

type Outcome = NonNullable<Observation['outcome']>

function countTokens(tokens: CounterTally, outcome: Outcome, destination: string): void {
  const { promptTokens, completionTokens, cachedTokens, reasoningTokens } = outcome
  if (promptTokens) tokens.add(promptTokens, 'input', destination)
  if (completionTokens) tokens.add(completionTokens, 'output', destination)
  if (cachedTokens) tokens.add(cachedTokens, 'cached-input', destination)
  if (reasoningTokens) tokens.add(reasoningTokens, 'reasoning-output', destination)
}
