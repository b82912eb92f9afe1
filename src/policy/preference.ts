import type { Facts } from '#kernel/verdict.ts'
import { isOwnZone, type ServedModel } from '#kernel/destination.ts'
import type { Candidate } from './requirement.ts'
import type { Preference } from './rule.ts'

/** Tokens an answer is assumed to have when two prices are compared. */
const ASSUMED_OUTPUT_TOKENS = 256

/** Euro that a request of so many tokens costs at a model; null where the price is not known, which is not free. */
export function costOf(tokens: number, { price }: ServedModel): number | null {
  return price ? (tokens * price.input + ASSUMED_OUTPUT_TOKENS * price.output) / 1_000_000 : null
}

/** Requests are ordered by size in steps of two, so that an order is made once for many of them. */
export const sizeOf = ({ inputTokensEstimate: tokens }: Facts): number =>
  tokens <= 1 ? 0 : Math.ceil(Math.log2(Math.min(tokens, 2 ** 40)))

/** Less is better; an unknown figure comes last. */
const FIGURES: Readonly<Record<Preference, (candidate: Candidate, tokens: number) => number>> = {
  cost: ({ model }, tokens) => costOf(tokens, model) ?? Infinity,
  speed: ({ model }) => -(model.tokensPerSecond ?? 0),
  openness: ({ model }) => -(model.openness ?? 0),
  home: ({ zone }) => (isOwnZone(zone) ? 0 : 1),
}

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
      ...preferences.map((one) => FIGURES[one](candidate, tokens)),
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
