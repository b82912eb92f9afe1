import type { Attestation, Destination, ServedModel } from '#kernel/destination.ts'
import type { EpochMs } from '#kernel/units.ts'
import type { AdmissionBook } from './book.ts'
import type { CompanyKey } from './company-key.ts'
import { standingOf, type Standing } from './standing.ts'

/** What is known of weights beside their records. */
export interface DressParts {
  readonly book: AdmissionBook
  readonly key: CompanyKey
  readonly now: () => EpochMs
  /** Digests that ship with the product. */
  readonly pinned: ReadonlySet<string>
  /** Whether a record will be made by itself of weights that are here and have none. */
  readonly isEnrolling: boolean
  /** The digest that a server says it runs under a name; null where it says none. */
  readonly reported: (destination: string, upstream: string) => string | null
}

/** Where weights stand; null: nothing is recorded of them. */
export function standingBy(
  { book, key, now }: Pick<DressParts, 'book' | 'key' | 'now'>,
  digest: string,
): Standing | null {
  const kept = book.of(digest)
  if (kept === null) return null
  // what nobody can read clears nothing
  if (kept.record === null) return { weights: 'unverified', stopped: 'quarantined', until: null }
  return book.holdsRevoked(kept.record)
    ? { weights: 'unverified', stopped: 'revoked', until: null }
    : standingOf(kept.record, key, now())
}

/** A destination whose models say where their weights stand. */
export const dressed = (destination: Destination, parts: DressParts): Destination => ({
  ...destination,
  models: destination.models.map((model) => dressedModel(destination, model, parts)),
})

function dressedModel(
  { id, origin }: Destination,
  model: ServedModel,
  parts: DressParts,
): ServedModel {
  if (model.stopped !== undefined) return model
  if (origin === 'embedded') return ofOurs(model, parts)
  const reported = parts.reported(id, model.upstream)
  const digest = reported ?? model.digest
  const standing = digest === undefined ? null : standingBy(parts, digest)
  // it runs others than the configuration says, and nobody knows which
  if (
    reported !== null &&
    standing === null &&
    model.digest !== undefined &&
    reported !== model.digest
  )
    return { ...model, digest: reported, attested: 'reported', weights: 'unverified' }
  if (digest === undefined || standing === null) {
    const said = model.weights !== undefined || model.digest !== undefined
    return said ? { ...model, attested: 'configured' } : model
  }
  return stood(model, digest, standing, reported === null ? 'configured' : 'reported')
}

function ofOurs(model: ServedModel, parts: DressParts): ServedModel {
  const { digest } = model
  // not fetched yet
  if (digest === undefined) return model
  const standing = standingBy(parts, digest) ?? unrecorded(digest, parts)
  return stood(model, digest, standing, 'here')
}

/** Weights of the store without a record: those that ship with the product are known, others wait. */
const unrecorded = (digest: string, { pinned, isEnrolling }: DressParts): Standing =>
  pinned.has(digest)
    ? { weights: 'verified', stopped: null, until: null }
    : { weights: 'unverified', stopped: isEnrolling ? 'checking' : 'quarantined', until: null }

const stood = (
  model: ServedModel,
  digest: string,
  { weights, stopped }: Standing,
  attested: Attestation,
): ServedModel => ({
  ...model,
  digest,
  attested,
  weights,
  ...(stopped === null ? {} : { stopped }),
})
