import { isOwnZone, type ServedModel } from '#kernel/destination.ts'
import type { Facts, Figures } from '#kernel/verdict.ts'
import { isOrder } from './document.ts'
import type { Candidate } from './requirement.ts'
import type { Prefer, Preference } from './rule.ts'

/** Tokens an answer is assumed to have when two prices are compared. */
const ASSUMED_OUTPUT_TOKENS = 256

/** Euro that a request of so many tokens costs at a model; null where the price is not known, which is not free. */
export function costOf(tokens: number, { price }: ServedModel): number | null {
  return price ? (tokens * price.input + ASSUMED_OUTPUT_TOKENS * price.output) / 1_000_000 : null
}

/** Requests are ordered by size in steps of two, so that an order is made once for many of them. */
export const sizeOf = ({ inputTokensEstimate: tokens }: Facts): number =>
  tokens <= 1 ? 0 : Math.ceil(Math.log2(Math.min(tokens, 2 ** 40)))

/** What is preferred, whatever the weights; one that weighs nothing is not. */
export const preferencesOf = (prefer: Prefer): readonly Preference[] =>
  isOrder(prefer)
    ? prefer
    : // the keys of a checked document are preferences
      (Object.keys(prefer) as Preference[]).filter((one) => (prefer[one] ?? 0) > 0).toSorted()

/** Whether an order is made anew for each request: by who asks, by what was measured, or by weighing what is. */
export const isMoving = (prefer: Prefer): boolean =>
  !isOrder(prefer) ||
  prefer.some((one) => one === 'first-token' || one === 'throughput' || one === 'sticky')

/** What a figure may hang on. */
export interface OrderFacts {
  readonly tokens: number
  readonly measured?: Facts['measured']
}

export const placeName = ({ destination, model }: Pick<Candidate, 'destination' | 'model'>) =>
  `${destination.id}/${model.name}`

const measuredAt = ({ measured }: OrderFacts, candidate: Candidate): Figures | undefined =>
  measured?.[placeName(candidate)]

/** Of these more is better. */
const MORE: ReadonlySet<Preference> = new Set(['speed', 'openness', 'quality', 'throughput'])

/** Null is not known, and comes last. */
const FIGURES: Readonly<
  Record<Preference, (candidate: Candidate, facts: OrderFacts) => number | null>
> = {
  cost: ({ model }, { tokens }) => costOf(tokens, model),
  speed: ({ model }) => model.tokensPerSecond ?? null,
  openness: ({ model }) => model.openness ?? null,
  home: ({ zone }) => (isOwnZone(zone) ? 0 : 1),
  quality: ({ model }) => model.quality ?? null,
  energy: ({ model }) => model.energy ?? null,
  'first-token': (candidate, facts) => measuredAt(facts, candidate)?.firstByteMs ?? null,
  throughput: (candidate, facts) =>
    measuredAt(facts, candidate)?.tokensPerSecond ?? candidate.model.tokensPerSecond ?? null,
  // a matter of the key and the place together, not a figure of the place
  sticky: () => null,
}

/** As a number of which less is better, and infinity where it is not known. */
export function rankOf(preference: Preference, candidate: Candidate, facts: OrderFacts): number {
  const figure = FIGURES[preference](candidate, facts)
  if (figure === null) return Infinity
  return MORE.has(preference) ? -figure : figure
}

/** The figures of one candidate, by what is preferred. */
export const figuresOf = (
  candidate: Candidate,
  preferences: readonly Preference[],
  facts: OrderFacts,
): Readonly<Record<string, number | null>> =>
  Object.fromEntries(
    preferences
      .filter((one) => one !== 'sticky')
      .map((one) => [one, FIGURES[one](candidate, facts)]),
  )

/** Places of candidates from the best to the worst, for requests of one size. Enabled ones come before discovered ones; what is equal stays in the order of the configuration. */
export function orderOf(
  candidates: readonly Candidate[],
  preferences: readonly Preference[],
  size: number,
): Uint32Array {
  const tokens = size === 0 ? 1 : 2 ** size
  const rows = candidates.map((candidate, place) => ({
    place,
    figures: [
      candidate.destination.state === 'enabled' ? 0 : 1,
      ...preferences.map((one) => rankOf(one, candidate, { tokens })),
    ],
  }))
  rows.sort((a, b) => {
    for (const [at, figure] of a.figures.entries()) {
      const other = b.figures[at] ?? 0
      // subtraction would turn two infinities into NaN
      if (figure !== other) return figure < other ? -1 : 1
    }
    return a.place - b.place
  })
  return Uint32Array.from(rows, ({ place }) => place)
}
