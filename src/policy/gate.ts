import type { Destination } from '#kernel/destination.ts'
import type { Duties } from '#kernel/duties.ts'
import { classRank, combineLabels, type Label } from '#kernel/label.ts'
import { createPassageMint, type Passage, type PassageBody } from '#kernel/passage.ts'
import type { Refusal } from '#kernel/refusal.ts'
import { err, ok, type Result } from '#kernel/result.ts'
import type { EpochMs, Milliseconds } from '#kernel/units.ts'
import type { Choice, Facts, Health, Verdict } from '#kernel/verdict.ts'
import { decide } from './decide.ts'
import type { Catalogue, Policy } from './document.ts'

/** How long a passage may wait for its connection. */
const PASSAGE_LIFETIME_MS: Milliseconds = 60_000

/** The one place that decides, and the one place that lets content out. */
export interface Gate {
  readonly policy: () => Policy
  readonly catalogue: () => Catalogue
  /** The policy that decides a request, where not all have the same. */
  readonly policyFor: (facts: Facts) => Policy
  decide(facts: Facts, health: Health): Verdict
  /** A passage for one choice of a verdict that this gate gave; anything else is refused. */
  issue(verdict: Verdict, choice: Choice, body: PassageBody, now: EpochMs): Result<Passage, Refusal>
  /** A passage into the place where answers wait for a person; refused unless a rule asks for that, and none that nothing is kept. */
  hold(
    verdict: Verdict,
    place: KeepingPlace,
    body: PassageBody,
    now: EpochMs,
  ): Result<Passage, Refusal>
  /**
   * A passage into the place where texts are kept, sealed; refused unless what is kept is permitted for this verdict.
   * `found` is the label of the text itself, where it is another than the one that was decided about: the higher counts.
   */
  keep(
    verdict: Verdict,
    place: KeepingPlace,
    body: PassageBody,
    now: EpochMs,
    found?: Label,
  ): Result<Passage, Refusal>
  /**
   * A passage for what was kept of another exchange, to whoever asks now: refused unless the verdict on the asker lets
   * its own answer come from there, and what is kept may be kept there still.
   */
  show(
    verdict: Verdict,
    kept: KeptTerms,
    exit: { readonly from: KeepingPlace; readonly to: KeepingPlace },
    body: PassageBody,
    now: EpochMs,
  ): Result<Passage, Refusal>
}

/** Whether a person must read the answer, always or for what it holds. */
const isRead = ({ review, answers, opinions }: Verdict['duties']): boolean =>
  review ||
  Object.values(answers).includes('review') ||
  opinions.some(({ onNo, onError }) => onNo === 'review' || onError === 'review')

/** Where texts are kept, as an exit. */
export interface KeepingPlace {
  readonly destination: string
  readonly origin: string
}

/** What something that was kept carries with it for ever. */
export interface KeptTerms {
  readonly tenant: string
  /** Of what was asked and of what was answered, together. */
  readonly label: Label
  readonly policyVersion: string
  /** Who answered. */
  readonly destination: string
  readonly model: string
}

/** Whether texts of a label, under these duties, may be kept in a place. */
export type MayKeep = (label: Label, place: KeepingPlace, duties: Duties) => boolean

/**
 * Policy and catalogue are read at each decision, so that a reload takes effect at once and a verdict in force stays.
 * `policyFor` says which policy decides a request where not all have the same.
 */
export function createGate(
  policy: () => Policy,
  catalogue: () => Catalogue,
  mayKeep: MayKeep = () => false,
  policyFor: (facts: Facts) => Policy = policy,
): Gate {
  const mint = createPassageMint()
  const given = new WeakMap<Verdict, Facts>()
  return {
    policy,
    catalogue,
    policyFor,
    decide(facts, health) {
      const verdict = decide(facts, policyFor(facts), catalogue(), health)
      given.set(verdict, facts)
      return verdict
    },
    issue(verdict, choice, body, now) {
      if (!given.has(verdict) || !verdict.allowed.includes(choice))
        return err({ code: 'passage-refused' })
      const terms = {
        destination: choice.destination.id,
        origin: originOf(choice.destination),
        label: choice.masked?.label ?? verdict.label,
        policyVersion: verdict.policyVersion,
        expiresAt: now + PASSAGE_LIFETIME_MS,
      }
      return ok(mint(terms, body))
    },
    hold(verdict, place, body, now) {
      const { label, policyVersion, duties } = verdict
      if (!given.has(verdict) || duties.noStore || !isRead(duties))
        return err({ code: 'passage-refused' })
      const expiresAt = now + PASSAGE_LIFETIME_MS
      return ok(mint({ ...place, label, policyVersion, expiresAt }, body))
    },
    keep(verdict, place, body, now, found) {
      const { policyVersion, duties } = verdict
      const label = found ? combineLabels(verdict.label, found) : verdict.label
      if (!given.has(verdict) || duties.noStore || !mayKeep(label, place, duties))
        return err({ code: 'passage-refused' })
      const expiresAt = now + PASSAGE_LIFETIME_MS
      return ok(mint({ ...place, label, policyVersion, expiresAt }, body))
    },
    show(verdict, kept, { from, to }, body, now) {
      const facts = given.get(verdict)
      if (!facts || !mayBeShown(verdict, facts, kept)) return err({ code: 'passage-refused' })
      if (!mayKeep(kept.label, from, verdict.duties)) return err({ code: 'passage-refused' })
      const { label, policyVersion } = kept
      return ok(mint({ ...to, label, policyVersion, expiresAt: now + PASSAGE_LIFETIME_MS }, body))
    },
  }
}

/** Whoever asks now could have had this very answer from where it came, under the policy it was given by. */
function mayBeShown(verdict: Verdict, { tenant, limits }: Facts, kept: KeptTerms): boolean {
  const { label } = verdict
  const highest = limits?.maxClass ?? 'restricted'
  return (
    kept.tenant === tenant &&
    kept.policyVersion === verdict.policyVersion &&
    classRank(label.class) <= classRank(kept.label.class) &&
    classRank(kept.label.class) <= classRank(highest) &&
    label.categories.every((category) => kept.label.categories.includes(category)) &&
    verdict.allowed.some(
      ({ destination, model }) => destination.id === kept.destination && model.name === kept.model,
    )
  )
}

const origins = new WeakMap<Destination, string>()

/** What a passage binds to: scheme, host and port of a URL, or the path of a socket. Read once for each destination. */
export function originOf(destination: Destination): string {
  const known = origins.get(destination)
  if (known !== undefined) return known
  const { address } = destination
  const origin = address.kind === 'url' ? new URL(address.baseUrl).origin : `unix:${address.path}`
  origins.set(destination, origin)
  return origin
}
