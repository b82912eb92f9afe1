import { z } from 'zod'
import { resolveProduct, type Product } from '../products.ts'
import type { Affected, Origin, Read, RecordedScore, VulnerabilityRecord } from '../record.ts'
import { affectedVersions, CpeApplicability, rangeOfMatch, VersionRow } from './cve-ranges.ts'
import { Cvss, References, Text } from './fields.ts'
import { madeRecord, scoresFrom } from './made-record.ts'

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
  cpeApplicability: CpeApplicability,
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
  const listed = all.flatMap((container) => container.affected.flatMap(affectedOf))
  const known = new Set(listed.filter(({ isKnown }) => isKnown).map(({ product }) => product))
  const named = all.flatMap(applicableIn).filter(({ product }) => !known.has(product))
  const told = new Set(named.filter(({ isKnown }) => isKnown).map(({ product }) => product))
  const affected = [...listed.filter(({ product }) => !told.has(product)), ...named]
  // it names no products any more; whatever was said under its number before is taken back
  if (cveMetadata.state === 'REJECTED')
    return { found: [], others: 0, rejected: [cveMetadata.cveId] }
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
  const { versions, defaultStatus } = row
  return affectedVersions({ product: found.id, scheme: found.scheme, versions, defaultStatus })
}

/** What the CPE names of a container say; asked only of products of which the list of versions says nothing. */
function applicableIn({ cpeApplicability }: Container): Affected[] {
  const matches = cpeApplicability.flatMap(({ nodes }) =>
    nodes.flatMap(({ negate, cpeMatch }) =>
      negate ? [] : cpeMatch.filter(({ vulnerable }) => vulnerable),
    ),
  )
  return matches.flatMap((match) => {
    const found = resolveProduct({ kind: 'cpe', cpe: match.criteria })
    if (found === null) return []
    const range = rangeOfMatch(match)
    const isKnown = range.fixed !== null || range.lastAffected !== null || range.introduced !== '0'
    return [{ product: found.product.id, ranges: [range], versions: [], isKnown }]
  })
}

function productOfRow(row: z.infer<typeof AffectedRow>): Product | null {
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
  return found?.product ?? null
}
