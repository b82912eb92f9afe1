import { z } from 'zod'
import { resolveProduct } from '../products.ts'
import type {
  Affected,
  Origin,
  Range,
  Read,
  RecordedScore,
  VulnerabilityRecord,
} from '../record.ts'
import { Cvss, References, Text } from './fields.ts'
import { madeRecord, scoresFrom } from './made-record.ts'

const Version = z.string().max(128).optional().catch(undefined)

const VersionRow = z.looseObject({
  version: Version,
  status: z.enum(['affected', 'unaffected', 'unknown']).catch('unknown'),
  lessThan: Version,
  lessThanOrEqual: Version,
})

const AffectedRow = z.looseObject({
  vendor: Text,
  product: Text,
  packageName: Text,
  collectionURL: Text,
  packageURL: Text,
  cpes: z.array(z.string()).catch([]),
  defaultStatus: z.enum(['affected', 'unaffected', 'unknown']).catch('unknown'),
  versions: z.array(VersionRow).catch([]),
})

const Metric = z.looseObject({ cvssV2_0: Cvss, cvssV3_0: Cvss, cvssV3_1: Cvss, cvssV4_0: Cvss })

const Container = z.looseObject({
  title: Text,
  descriptions: z.array(z.looseObject({ lang: z.string(), value: z.string() })).catch([]),
  affected: z.array(AffectedRow).catch([]),
  metrics: z.array(Metric).catch([]),
  problemTypes: z
    .array(z.looseObject({ descriptions: z.array(z.looseObject({ cweId: Text })).catch([]) }))
    .catch([]),
  references: References,
  providerMetadata: z.looseObject({ shortName: Text }).optional().catch(undefined),
})
type Container = z.infer<typeof Container>

/** A record of the CVE JSON format, 5.0 to 5.2. */
const Cve = z.looseObject({
  dataType: z.literal('CVE_RECORD'),
  cveMetadata: z.looseObject({
    cveId: z.string(),
    state: z.string(),
    datePublished: Text,
    dateUpdated: Text,
  }),
  containers: z.looseObject({ cna: Container, adp: z.array(Container).catch([]) }),
})

export const isCve = (value: unknown): boolean =>
  typeof value === 'object' &&
  value !== null &&
  'dataType' in value &&
  value.dataType === 'CVE_RECORD'

/** One record of the CVE list; null when it is none. What the enrichment says of scores and products counts beside what the author says. */
export function readCve(value: unknown, origin: Origin): Read<VulnerabilityRecord> | null {
  const read = Cve.safeParse(value)
  if (!read.success) return null
  const { cveMetadata, containers } = read.data
  const { cna, adp } = containers
  const all = [cna, ...adp]
  const affected = all.flatMap((container) => container.affected.flatMap(affectedOf))
  if (affected.length === 0) return { found: [], others: 1 }
  const words =
    cna.descriptions.find(({ lang }) => lang.toLowerCase().startsWith('en')) ?? cna.descriptions[0]
  return {
    found: [
      madeRecord(
        {
          id: cveMetadata.cveId,
          summary: cna.title ?? words?.value ?? cveMetadata.cveId,
          published: cveMetadata.datePublished ?? null,
          modified: cveMetadata.dateUpdated ?? null,
          withdrawn: cveMetadata.state === 'REJECTED',
          affected,
          scores: all.flatMap(scoresOf),
          cwe: [...new Set(all.flatMap(cweOf))],
          references: cna.references,
        },
        origin,
      ),
    ],
    others: 0,
  }
}

const cweOf = ({ problemTypes }: Container): string[] =>
  problemTypes.flatMap(({ descriptions }) =>
    descriptions.flatMap(({ cweId }) => (cweId === undefined ? [] : [cweId])),
  )

const scoresOf = ({ metrics, providerMetadata }: Container): RecordedScore[] =>
  metrics.flatMap(({ cvssV2_0, cvssV3_0, cvssV3_1, cvssV4_0 }) =>
    scoresFrom([cvssV4_0, cvssV3_1, cvssV3_0, cvssV2_0], providerMetadata?.shortName ?? null),
  )

function affectedOf(row: z.infer<typeof AffectedRow>): Affected[] {
  const found = productOfRow(row)
  if (found === null) return []
  const ranges: Range[] = []
  const versions: string[] = []
  for (const { version, status, lessThan, lessThanOrEqual } of row.versions) {
    if (status !== 'affected' || version === undefined) continue
    const [from, to, last] = [version, lessThan ?? null, lessThanOrEqual ?? null].map(bare)
    const introduced = isFirst(from) ? '0' : (from ?? '0')
    // GitHub writes the whole range into one field: `>= 0.8.3, < 0.14.1`
    const written = to === null && last === null ? writtenRange(version) : null
    if (written !== null) ranges.push(written)
    else if (to !== null || last !== null)
      ranges.push({ introduced, fixed: unbounded(to), lastAffected: unbounded(last) })
    else if (isFirst(from)) ranges.push({ introduced: '0', fixed: null, lastAffected: null })
    else if (from !== null && from !== undefined) versions.push(from)
  }
  if (ranges.length === 0 && versions.length === 0 && row.defaultStatus === 'affected') {
    ranges.push({ introduced: '0', fixed: null, lastAffected: null })
  }
  // "everything" without an end says that nobody wrote one down
  const isOpen = ({ introduced, fixed, lastAffected }: Range): boolean =>
    introduced === '0' && fixed === null && lastAffected === null
  const isKnown = (ranges.length > 0 || versions.length > 0) && !ranges.some(isOpen)
  return [{ product: found, ranges, versions, isKnown }]
}

function productOfRow(row: z.infer<typeof AffectedRow>): string | null {
  const { vendor, product, packageName, collectionURL, packageURL, cpes } = row
  const ecosystem = /pypi/i.test(collectionURL ?? '')
    ? 'PyPI'
    : /npmjs/i.test(collectionURL ?? '')
      ? 'npm'
      : null
  const found =
    (packageURL === undefined ? null : resolveProduct({ kind: 'purl', purl: packageURL })) ??
    (ecosystem !== null && packageName !== undefined
      ? resolveProduct({ kind: 'package', ecosystem, name: packageName })
      : null) ??
    cpes.map((cpe) => resolveProduct({ kind: 'cpe', cpe })).find((one) => one !== null) ??
    (product === undefined
      ? null
      : resolveProduct({ kind: 'words', vendor: vendor ?? '', product }))
  return found?.product.id ?? null
}

const bare = (text: string | null): string | null => text?.trim().replace(/^v(?=\d)/i, '') ?? null
const isFirst = (text: string | null | undefined): boolean =>
  text === null || text === undefined || /^(?:0|\*|-|n\/a|unspecified|all|)$/i.test(text)
const unbounded = (text: string | null | undefined): string | null =>
  text === null ||
  text === undefined ||
  text === '*' ||
  text === '' ||
  /^(?:latest|unspecified)$/i.test(text)
    ? null
    : text

/** `< 0.14.1`, `>= 0.8.3, < 0.14.1`, `<= 1.2`, `= 1.0`; null for what is no such range. */
function writtenRange(text: string): Range | null {
  const parts = text
    .split(',')
    .map((part) => /^(>=|<=|<|>|=)\s*v?([0-9A-Za-z][^\s,]*)$/.exec(part.trim()))
  if (parts.some((part) => part === null)) return null
  const of = (sign: string): string | null => parts.find((part) => part?.[1] === sign)?.[2] ?? null
  const exact = of('=')
  if (exact !== null) return { introduced: exact, fixed: null, lastAffected: exact }
  return {
    introduced: of('>=') ?? of('>') ?? '0',
    fixed: of('<'),
    lastAffected: of('<='),
  }
}
