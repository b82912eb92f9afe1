import type { EpochMs } from '#kernel/units.ts'
import type { Kept } from './book.ts'
import type { CompanyKey } from './company-key.ts'
import type { AdmissionRecord } from './record.ts'
import { standingOf, validExceptions } from './standing.ts'

/** A set of weights in a list; all but the first two are null where nothing is recorded. */
export interface AdmissionRowView {
  readonly name: string
  /** SHA-256 in hexadecimal; null: weights that only the configuration speaks of. */
  readonly digest: string | null
  readonly format: string | null
  readonly bytes: number | null
  readonly state: AdmissionRecord['state'] | null
  /** Where they stand for service now. */
  readonly weights: string
  readonly stopped: string | null
  readonly source: AdmissionRecord['source'] | null
  readonly scan: { readonly verdict: string; readonly scanner: string; readonly at: EpochMs } | null
  readonly licence: { readonly id: string | null; readonly verdict: string } | null
  /** Whether their files are in the store of this machine. */
  readonly isHere: boolean
  /** What serves them, and how that is known. */
  readonly served: readonly {
    readonly destination: string
    readonly model: string
    readonly attested: string
  }[]
}

/** All that is recorded of a set of weights. */
export interface AdmissionView extends AdmissionRowView {
  readonly record: Omit<AdmissionRecord, 'approval' | 'exceptions'> & {
    readonly approval: (Omit<NonNullable<AdmissionRecord['approval']>, 'bundle'> & Signed) | null
    readonly exceptions: readonly (Omit<AdmissionRecord['exceptions'][number], 'signature'> & {
      readonly isValid: boolean
    })[]
  }
}

interface Signed {
  /** Of the key that signed it, SHA-256 in hexadecimal. */
  readonly key: string
  readonly isValid: boolean
}

/** A record in a list. */
export function rowView(
  kept: Kept,
  key: CompanyKey,
  now: EpochMs,
  { isHere, hasRevoked }: { readonly isHere: boolean; readonly hasRevoked: boolean },
): AdmissionRowView {
  const { record, digest } = kept
  if (record === null) {
    const unread = { name: digest.slice(0, 16), digest, state: null, isHere, served: [] }
    return { ...NOTHING, ...unread, stopped: 'quarantined' }
  }
  const standing = standingOf(record, key, now)
  const { weights, stopped } = hasRevoked
    ? ({ weights: 'unverified', stopped: 'revoked' } as const)
    : standing
  const { name, format, bytes, state, source, scan, licence } = record
  return {
    name,
    digest,
    format,
    bytes,
    state,
    weights,
    stopped,
    source,
    scan: scan && { verdict: scan.verdict, scanner: scan.scanner, at: scan.at },
    licence: licence && { id: licence.id, verdict: licence.verdict },
    isHere,
    served: [],
  }
}

const NOTHING = {
  format: null,
  bytes: null,
  weights: 'unverified',
  stopped: null,
  source: null,
  scan: null,
  licence: null,
} as const

/** Weights of which nothing is recorded. */
export const unrecordedView = (
  given: Pick<AdmissionRowView, 'name' | 'digest' | 'weights' | 'isHere'> &
    Partial<AdmissionRowView>,
): AdmissionRowView => ({ ...NOTHING, state: null, served: [], ...given })

/** Everything of a record but the bytes of its signatures. */
export function fullView(
  row: AdmissionRowView,
  record: AdmissionRecord,
  key: CompanyKey,
  now: EpochMs,
): AdmissionView {
  const valid = new Set(validExceptions(record, key, now))
  const { approval, exceptions, ...rest } = record
  return {
    ...row,
    record: {
      ...rest,
      approval: approval && {
        by: approval.by,
        person: approval.person,
        at: approval.at,
        reason: approval.reason,
        key: key.fingerprint,
        isValid: row.weights === 'approved' || standingOf(record, key, now).weights === 'approved',
      },
      exceptions: exceptions.map(({ signature: _, ...one }, at) => {
        const given = exceptions[at]
        return { ...one, isValid: given !== undefined && valid.has(given) }
      }),
    },
  }
}
