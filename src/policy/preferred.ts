import type { Destination, ServedModel, Zone } from '#kernel/destination.ts'
import type { Choice, Facts } from '#kernel/verdict.ts'
import { figuresOf } from './preference.ts'
import type { Candidate } from './requirement.ts'
import type { Preference } from './rule.ts'

/** A choice of a policy that says what it prefers; the figures are written out when they are asked for. */
export class Preferred implements Choice {
  readonly destination: Destination
  readonly model: ServedModel
  readonly zone: Zone
  readonly costEuro: number | null
  readonly tokensPerSecond: number | null
  readonly masked?: NonNullable<Choice['masked']>
  readonly #preferences: readonly Preference[]
  readonly #facts: Facts

  constructor(
    { destination, model, zone }: Candidate,
    mask: Pick<Choice, 'masked'> | null,
    costEuro: number | null,
    preferences: readonly Preference[],
    facts: Facts,
  ) {
    this.destination = destination
    this.model = model
    this.zone = zone
    this.costEuro = costEuro
    if (mask?.masked) this.masked = mask.masked
    this.tokensPerSecond = model.tokensPerSecond ?? null
    this.#preferences = preferences
    this.#facts = facts
  }

  get figures(): Readonly<Record<string, number | null>> {
    const { inputTokensEstimate: tokens, measured } = this.#facts
    return figuresOf(this, this.#preferences, { tokens, ...(measured ? { measured } : {}) })
  }
}
