import { VulnerabilityRecord, type Origin } from '../record.ts'
import { VexStatement } from '../vex.ts'
import { isCsaf, readCsaf } from './csaf.ts'
import { isCve, readCve } from './cve.ts'
import { isCycloneDx, readCycloneDxVex } from './cyclonedx-vex.ts'
import { isOpenVex, readOpenVex } from './openvex.ts'
import { isOsv, readOsv } from './osv.ts'

/** What kinds of documents are read. */
export const DOCUMENT_KINDS = ['osv', 'csaf', 'cve', 'openvex', 'cyclonedx'] as const
export type DocumentKind = (typeof DOCUMENT_KINDS)[number]

export interface ReadDocument {
  readonly kind: DocumentKind
  readonly records: readonly VulnerabilityRecord[]
  readonly statements: readonly VexStatement[]
  /** Flaws and statements about products that are not known here. */
  readonly others: number
  /** Numbers of flaws that their list takes back. */
  readonly rejected: readonly string[]
}

/** Reads a document of any of the kinds; null when it is none of them, a broken one, or one whose names and texts are out of bounds. */
export function readDocument(value: unknown, origin: Origin): ReadDocument | null {
  const read = readAny(value, origin)
  const isWithin =
    read?.records.every((record) => VulnerabilityRecord.safeParse(record).success) === true &&
    read.statements.every((statement) => VexStatement.safeParse(statement).success)
  return isWithin ? read : null
}

function readAny(value: unknown, origin: Origin): ReadDocument | null {
  if (isCsaf(value)) {
    const read = readCsaf(value, origin)
    return (
      read && {
        kind: 'csaf',
        records: read.records.found,
        statements: read.statements.found,
        others: read.records.others,
        rejected: [],
      }
    )
  }
  if (isCve(value)) return records('cve', readCve(value, origin))
  if (isOpenVex(value)) return statements('openvex', readOpenVex(value, origin))
  if (isCycloneDx(value)) return statements('cyclonedx', readCycloneDxVex(value, origin))
  return isOsv(value) ? records('osv', readOsv(value, origin)) : null
}

const records = (kind: DocumentKind, read: ReturnType<typeof readOsv>): ReadDocument | null =>
  read && {
    kind,
    records: read.found,
    statements: [],
    others: read.others,
    rejected: read.rejected ?? [],
  }

const statements = (
  kind: DocumentKind,
  read: ReturnType<typeof readOpenVex>,
): ReadDocument | null =>
  read && { kind, records: [], statements: read.found, others: read.others, rejected: [] }
