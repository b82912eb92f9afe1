import {
  isOwnZone,
  type Attestation,
  type ServedModel,
  type WeightsStanding,
  type WeightsStop,
  type Zone,
} from '#kernel/destination.ts'
import type { DataClass } from '#kernel/label.ts'
import type { AdmissionFacts } from '../admission/facts.ts'

/** Where the weights of a served model stand. */
export interface ComponentWeights {
  readonly standing: WeightsStanding
  /** Why they serve nothing, whatever the policy; null: they may. */
  readonly stopped: WeightsStop | null
  /** How it is known that these weights run there; null: nobody says which they are. */
  readonly attested: Attestation | null
  /** SHA-256 in hexadecimal; null where nobody says. */
  readonly digest: string | null
  /** What is recorded of their admission; null: nothing. */
  readonly admission: AdmissionFacts | null
  /** Classes of data of which the policy asks more of weights than these are. */
  readonly notFor: readonly DataClass[]
}

/** What is known of admissions, and what the policy asks. */
export interface WeightsKnown {
  readonly admission: (digest: string) => AdmissionFacts | null
  readonly notFor: (standing: WeightsStanding) => readonly DataClass[]
}

/** Where the weights of a model stand; null for those that others run, of which nobody here can say anything. */
export function componentWeights(
  { weights, stopped, attested, digest }: ServedModel,
  zone: Zone,
  { admission, notFor }: WeightsKnown,
): ComponentWeights | null {
  if (!isOwnZone(zone) && weights === undefined && digest === undefined) return null
  const standing = weights ?? 'unverified'
  return {
    standing,
    stopped: stopped ?? null,
    attested: attested ?? null,
    digest: digest ?? null,
    admission: digest === undefined ? null : admission(digest),
    notFor: notFor(standing),
  }
}
