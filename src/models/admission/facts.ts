import { createHash } from 'node:crypto'
import type { AdmissionState } from '#kernel/admission.ts'
import { canonicalJson, type JsonObject } from '#kernel/canonical-json.ts'
import type { EpochMs } from '#kernel/units.ts'
import { SYSTEM } from './change-record.ts'
import type { CompanyKey } from './company-key.ts'
import type { AdmissionRecord, EvidenceKind, RecordedLicence } from './record.ts'
import { validExceptions } from './standing.ts'

/** What kind of who decided, so that lists and bills of materials name nobody. */
export type DecidedBy = 'system' | 'owner' | 'person' | 'key'

/** What a record of admission says, without the names of those who decided. */
export interface AdmissionFacts {
  readonly state: AdmissionState
  /** Since when it is in this state, and by whom. */
  readonly since: EpochMs | null
  readonly by: DecidedBy | null
  /** How it is known that the bytes are their publisher's. */
  readonly evidence: EvidenceKind | null
  readonly licence: RecordedLicence['verdict'] | null
  /** Exceptions that hold now, and until when. */
  readonly exceptions: readonly { readonly kinds: readonly string[]; readonly until: EpochMs }[]
  /** SHA-256 in hexadecimal of the record, canonical JSON: two of the same say the same. */
  readonly record: string
}

/** The facts of a record at one moment. */
export function factsOf(record: AdmissionRecord, key: CompanyKey, now: EpochMs): AdmissionFacts {
  const { state, evidence, licence, changes } = record
  const other = changes.findLastIndex((change) => change.state !== state)
  const last = changes[other + 1] ?? null
  return {
    state,
    since: last?.at ?? null,
    by: last && decidedBy(last),
    evidence: evidence?.kind ?? null,
    licence: licence?.verdict ?? null,
    exceptions: validExceptions(record, key, now).map(({ kinds, expiresAt }) => ({
      kinds,
      until: expiresAt,
    })),
    record: createHash('sha256')
      .update(canonicalJson(plain(record)))
      .digest('hex'),
  }
}

function decidedBy({
  by,
  person,
}: {
  readonly by: string
  readonly person: string | null
}): DecidedBy {
  if (by === SYSTEM.by) return 'system'
  if (person !== null) return 'person'
  return by === 'local' ? 'owner' : 'key'
}

/** A record is plain data, read from JSON by its schema. */
const plain = (record: AdmissionRecord): JsonObject => ({ ...record })
