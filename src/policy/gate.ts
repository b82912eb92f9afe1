import type { Destination } from '#kernel/destination.ts'
import type { Label } from '#kernel/label.ts'
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
  /** A passage into the place where texts are kept, sealed; refused unless what is kept is permitted for this verdict. */
  keep(
    verdict: Verdict,
    place: KeepingPlace,
    body: PassageBody,
    now: EpochMs,
  ): Result<Passage, Refusal>
}

/** Whether a person must read the answer, always or for what it holds. */
const isRead = ({ review, answers }: Verdict['duties']): boolean =>
  review || Object.values(answers).includes('review')

/** Where texts are kept, as an exit. */
export interface KeepingPlace {
  readonly destination: string
  readonly origin: string
}

/**
 * Policy and catalogue are read at each decision, so that a reload takes effect at once and a verdict in force stays.
 * `policyFor` says which policy decides a request where not all have the same.
 */
export function createGate(
  policy: () => Policy,
  catalogue: () => Catalogue,
  mayKeep: (label: Label) => boolean = () => false,
  policyFor: (facts: Facts) => Policy = policy,
): Gate {
  const mint = createPassageMint()
  const given = new WeakSet<Verdict>()
  return {
    policy,
    catalogue,
    decide(facts, health) {
      const verdict = decide(facts, policyFor(facts), catalogue(), health)
      given.add(verdict)
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
    keep(verdict, place, body, now) {
      const { label, policyVersion } = verdict
      if (!given.has(verdict) || verdict.duties.noStore || !mayKeep(label))
        return err({ code: 'passage-refused' })
      const expiresAt = now + PASSAGE_LIFETIME_MS
      return ok(mint({ ...place, label, policyVersion, expiresAt }, body))
    },
  }
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
