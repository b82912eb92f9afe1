import { z } from 'zod'
import { productOf, resolveProduct } from '../products.ts'
import {
  BASES,
  type Affected,
  type Origin,
  type Range,
  type Read,
  type RecordedScore,
  type VulnerabilityRecord,
} from '../record.ts'
import { compareVersions, type VersionScheme } from '../version-order.ts'
import { writtenRange } from './cve-ranges.ts'
import { References, Text, Texts } from './fields.ts'
import { madeRecord } from './made-record.ts'

const Version = z.string().max(128)

const Event = z.looseObject({
  introduced: Version.optional(),
  fixed: Version.optional(),
  last_affected: Version.optional(),
})

/** What our own rows say beside the schema: which versions in the words of a scheme that OSV does not have. */
const OwnAffected = z
  .looseObject({
    product: z.string(),
    match: z.array(z.looseObject({ introduced: Version, fixed: Version.nullable() })),
    rangeStatus: z.string(),
  })
  .optional()
  .catch(undefined)

/** What GitHub says of a range without an end: the newest versions that were looked at. */
const Newest = z.looseObject({ last_known_affected_version_range: Text }).catch({})

const Severity = z.looseObject({ type: z.string(), score: z.string() })

const OsvAffected = z.looseObject({
  package: z.looseObject({ ecosystem: Text, name: Text, purl: Text }).optional().catch(undefined),
  ranges: z.array(z.looseObject({ type: z.string(), events: z.array(Event) })).catch([]),
  versions: z.array(Version).catch([]),
  severity: z.array(Severity).catch([]),
  database_specific: z.unknown().optional(),
})

/** A record of the Open Source Vulnerability format, 1.7.5; what it may hold besides is ignored. */
const Osv = z.looseObject({
  id: z.string(),
  modified: z.string(),
  published: Text,
  withdrawn: Text,
  aliases: Texts,
  upstream: Texts,
  summary: Text,
  details: Text,
  severity: z.array(Severity).catch([]),
  affected: z.array(OsvAffected).catch([]),
  references: References,
  database_specific: z
    .looseObject({
      severity: Text,
      cwe_ids: Texts,
      cwe: Texts,
      exposure: Texts,
      requires: Text,
      note: Text,
      provenance: z
        .looseObject({ status: z.enum(BASES), retrieved: z.string() })
        .optional()
        .catch(undefined),
      scores: z
        .array(
          z.looseObject({
            vector: z.string(),
            score: z.number().nullable(),
            by: z.string().nullable(),
          }),
        )
        .optional()
        .catch(undefined),
    })
    .optional()
    .catch(undefined),
})
type Osv = z.infer<typeof Osv>

export const isOsv = (value: unknown): boolean => Osv.safeParse(value).success

/** One record of OSV; null when it is none. */
export function readOsv(value: unknown, origin: Origin): Read<VulnerabilityRecord> | null {
  const read = Osv.safeParse(value)
  if (!read.success) return null
  const osv = read.data
  const affected = osv.affected.flatMap(affectedOf)
  if (affected.length === 0) return { found: [], others: 1 }
  const own = osv.database_specific
  return {
    found: [
      madeRecord(
        {
          id: osv.id,
          // a package of somebody's may answer for several flaws, which that makes no single one
          aliases: [
            ...new Set([...osv.aliases, ...(osv.upstream.length === 1 ? osv.upstream : [])]),
          ],
          summary: osv.summary ?? osv.details ?? osv.id,
          published: osv.published ?? null,
          modified: osv.modified,
          withdrawn: osv.withdrawn !== undefined,
          affected,
          scores: scoresOf(osv),
          severityWord: own?.severity ?? null,
          cwe: [...(own?.cwe_ids ?? []), ...(own?.cwe ?? [])],
          exposure: own?.exposure ?? [],
          requires: own?.requires ?? null,
          note: own?.note ?? null,
          references: osv.references,
          basis: own?.provenance?.status ?? 'read',
          retrieved: own?.provenance?.retrieved ?? origin.retrieved,
        },
        origin,
      ),
    ],
    others: 0,
  }
}

function scoresOf(osv: Osv): RecordedScore[] {
  const own = osv.database_specific?.scores
  if (own !== undefined)
    return own.map(({ vector, score, by }) => ({ vector, recorded: score, by }))
  const all = [...osv.severity, ...osv.affected.flatMap(({ severity }) => severity)]
  const vectors = new Set(
    all.filter(({ type }) => type.startsWith('CVSS_')).map((one) => one.score),
  )
  return [...vectors].map((vector) => ({ vector, recorded: null, by: null }))
}

function affectedOf(row: z.infer<typeof OsvAffected>): Affected[] {
  const own = OwnAffected.parse(row.database_specific)
  if (own !== undefined) {
    const product = productOf(own.product)
    if (product === null) return []
    const ranges = own.match.map(({ introduced, fixed }) => ({
      introduced,
      fixed,
      lastAffected: null,
    }))
    const isKnown = own.rangeStatus === 'as recorded'
    return [{ product: product.id, ranges, versions: row.versions, isKnown }]
  }
  const { ecosystem, name, purl } = row.package ?? {}
  const found =
    (ecosystem !== undefined && name !== undefined
      ? resolveProduct({ kind: 'package', ecosystem, name })
      : null) ?? (purl === undefined ? null : resolveProduct({ kind: 'purl', purl }))
  if (found === null) return []
  const { last_known_affected_version_range: newest } = Newest.parse(row.database_specific)
  const ranges = row.ranges
    .filter(({ type }) => type === 'SEMVER' || type === 'ECOSYSTEM')
    .flatMap(({ events }) => rangesOf(events, found.product.scheme))
    .map((range) => endedBy(range, newest))
  const isKnown = ranges.length > 0 || row.versions.length > 0
  return [{ product: found.product.id, ranges, versions: row.versions, isKnown }]
}

/** A range without an end, of which the newest version that was looked at is told beside it (`<= 0.8.4`), ends there. */
function endedBy(range: Range, newest: string | undefined): Range {
  if (newest === undefined || range.fixed !== null || range.lastAffected !== null) return range
  const { fixed, lastAffected } = writtenRange(newest) ?? { fixed: null, lastAffected: null }
  return { ...range, fixed, lastAffected }
}

/** Each introduction goes to the next end. A document may have its events in any order: that of the versions counts. */
function rangesOf(all: readonly z.infer<typeof Event>[], scheme: VersionScheme): Range[] {
  const events = all.toSorted((a, b) => orderOf(a, b, scheme))
  const ranges: Range[] = []
  let introduced: string | null = null
  for (const event of events) {
    if (event.introduced !== undefined) {
      if (introduced !== null) ranges.push({ introduced, fixed: null, lastAffected: null })
      introduced = event.introduced
    }
    const [fixed, lastAffected] = [event.fixed ?? null, event.last_affected ?? null]
    if (fixed === null && lastAffected === null) continue
    ranges.push({ introduced: introduced ?? '0', fixed, lastAffected })
    introduced = null
  }
  if (introduced !== null) ranges.push({ introduced, fixed: null, lastAffected: null })
  return ranges
}

const versionOf = ({ introduced, fixed, last_affected: last }: z.infer<typeof Event>): string =>
  introduced ?? fixed ?? last ?? ''

/** At one version: what ends there, what begins there, what ends with it. */
const placeOf = ({ fixed, introduced }: z.infer<typeof Event>): number =>
  fixed !== undefined ? 0 : introduced !== undefined ? 1 : 2

/** What cannot be compared stays where it stands. */
function orderOf(
  a: z.infer<typeof Event>,
  b: z.infer<typeof Event>,
  scheme: VersionScheme,
): number {
  const [left, right] = [versionOf(a), versionOf(b)]
  if (left === right) return placeOf(a) - placeOf(b)
  if (a.introduced === '0' || b.introduced === '0') return a.introduced === '0' ? -1 : 1
  return compareVersions(scheme, left, right) ?? 0
}
