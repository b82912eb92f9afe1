import { z } from 'zod'
import {
  plainText,
  type Affected,
  type Origin,
  type Read,
  type RecordedScore,
  type VulnerabilityRecord,
} from '../record.ts'
import { JUSTIFICATIONS, type Justification, type VexState, type VexStatement } from '../vex.ts'
import { Cvss, Text } from './fields.ts'
import { madeRecord } from './made-record.ts'
import { productsOf, ProductTree, type CsafProduct } from './csaf-products.ts'

const Ids = z.array(z.string()).catch([])

const Scores = z.looseObject({ cvss_v2: Cvss, cvss_v3: Cvss, cvss_v4: Cvss })

const Vulnerability = z.looseObject({
  cve: Text,
  ids: z.array(z.looseObject({ text: z.string() })).catch([]),
  title: Text,
  cwe: z.looseObject({ id: z.string() }).optional().catch(undefined),
  notes: z.array(z.looseObject({ category: z.string(), text: z.string() })).catch([]),
  scores: z.array(Scores).catch([]),
  /** As of 2.1. */
  metrics: z.array(z.looseObject({ content: Scores.optional().catch(undefined) })).catch([]),
  product_status: z
    .looseObject({
      known_affected: Ids,
      first_affected: Ids,
      last_affected: Ids,
      known_not_affected: Ids,
      fixed: Ids,
      first_fixed: Ids,
      recommended: Ids,
      under_investigation: Ids,
    })
    .optional()
    .catch(undefined),
  flags: z.array(z.looseObject({ label: z.string(), product_ids: Ids })).catch([]),
  threats: z
    .array(z.looseObject({ category: z.string(), details: z.string(), product_ids: Ids }))
    .catch([]),
})
type Vulnerability = z.infer<typeof Vulnerability>

/** A document of the Common Security Advisory Framework 2.0 (also 2.1, for what both have). */
const Csaf = z.looseObject({
  document: z.looseObject({
    csaf_version: z.string(),
    category: z.string(),
    title: z.string(),
    publisher: z.looseObject({ name: z.string() }),
    tracking: z.looseObject({
      id: z.string(),
      current_release_date: z.string(),
      initial_release_date: z.string(),
    }),
    references: z.array(z.looseObject({ url: z.string() })).catch([]),
  }),
  product_tree: ProductTree.optional().catch(undefined),
  vulnerabilities: z.array(Vulnerability).catch([]),
})
type Csaf = z.infer<typeof Csaf>

export const isCsaf = (value: unknown): boolean =>
  z.looseObject({ document: z.looseObject({ csaf_version: z.string() }) }).safeParse(value).success

export interface CsafRead {
  readonly records: Read<VulnerabilityRecord>
  readonly statements: Read<VexStatement>
}

/** The flaws of an advisory, and what it says of single products; null when it is none. */
export function readCsaf(value: unknown, origin: Origin): CsafRead | null {
  const read = Csaf.safeParse(value)
  if (!read.success) return null
  const csaf = read.data
  const products = csaf.product_tree === undefined ? new Map() : productsOf(csaf.product_tree)
  const records: VulnerabilityRecord[] = []
  const statements: VexStatement[] = []
  let others = 0
  for (const [at, vulnerability] of csaf.vulnerabilities.entries()) {
    const record = recordOf(vulnerability, at, csaf, products, origin)
    const said = statementsOf(vulnerability, csaf, products, origin)
    if (record !== null) records.push(record)
    statements.push(...said)
    if (record === null && said.length === 0) others += 1
  }
  return { records: { found: records, others }, statements: { found: statements, others: 0 } }
}

type Products = ReadonlyMap<string, CsafProduct>

const namesOf = ({ cve, ids }: Vulnerability): string[] => [
  ...(cve === undefined ? [] : [cve]),
  ...ids.map(({ text }) => text),
]

function recordOf(
  vulnerability: Vulnerability,
  at: number,
  { document }: Csaf,
  products: Products,
  origin: Origin,
): VulnerabilityRecord | null {
  const status = vulnerability.product_status
  const ids = [
    ...(status?.known_affected ?? []),
    ...(status?.first_affected ?? []),
    ...(status?.last_affected ?? []),
  ]
  const affected = ids.flatMap((id) => affectedOf(products.get(id)))
  if (affected.length === 0) return null
  const [name, ...aliases] = namesOf(vulnerability)
  const words = vulnerability.notes.find(
    ({ category }) => category === 'summary' || category === 'description',
  )
  const said = {
    id: name ?? `${document.tracking.id}-${at + 1}`,
    aliases,
    summary: vulnerability.title ?? words?.text ?? document.title,
    published: document.tracking.initial_release_date,
    modified: document.tracking.current_release_date,
    affected,
    scores: scoresOf(vulnerability, document.publisher.name),
    cwe: vulnerability.cwe === undefined ? [] : [vulnerability.cwe.id],
    references: document.references,
  }
  return madeRecord(said, origin)
}

function affectedOf(found: CsafProduct | undefined): Affected[] {
  if (found === undefined) return []
  const { product, version, range } = found
  // a range that cannot be read is one that a person has to look at
  if (range !== null) return [{ product, ranges: range, versions: [], isKnown: range.length > 0 }]
  // a name without a version stands for some of them
  return [
    { product, ranges: [], versions: version === null ? [] : [version], isKnown: version !== null },
  ]
}

function scoresOf({ scores, metrics }: Vulnerability, by: string): RecordedScore[] {
  const contents = metrics.flatMap(({ content }) => (content === undefined ? [] : [content]))
  const all = [...scores, ...contents].flatMap(({ cvss_v2, cvss_v3, cvss_v4 }) => [
    cvss_v4,
    cvss_v3,
    cvss_v2,
  ])
  const seen = new Map<string, RecordedScore>()
  for (const cvss of all) {
    if (cvss === undefined) continue
    const key = `${cvss.vectorString} ${cvss.baseScore}`
    seen.set(key, {
      vector: cvss.vectorString.slice(0, 256),
      recorded: cvss.baseScore,
      by: plainText(by, 100),
    })
  }
  return [...seen.values()]
}

function statementsOf(
  vulnerability: Vulnerability,
  { document }: Csaf,
  products: Products,
  { source }: Origin,
): VexStatement[] {
  const status = vulnerability.product_status
  const names = namesOf(vulnerability)
  if (status === undefined || names.length === 0) return []
  const states: readonly (readonly [VexState, readonly string[]])[] = [
    ['not_affected', status.known_not_affected],
    ['fixed', [...status.fixed, ...status.first_fixed]],
    ['under_investigation', status.under_investigation],
    ...(document.category === 'csaf_vex' ? ([['affected', status.known_affected]] as const) : []),
  ]
  return states.flatMap(([state, ids]) =>
    ids.flatMap((id) => {
      const found = products.get(id)
      // a range is in the record; a statement speaks of one version, or of all
      if (found === undefined || found.range !== null) return []
      // "fixed" of a product without a version would lift every version of it
      if (state === 'fixed' && found.version === null) return []
      // what somebody built into a product of theirs is mended there alone
      if (found.isPart === true && (state === 'fixed' || state === 'not_affected')) return []
      const { flags, threats } = vulnerability
      const label = flags.find(({ product_ids }) => product_ids.includes(id))?.label
      const why = threats.find(
        ({ category, product_ids }) => category === 'impact' && product_ids.includes(id),
      )
      return [
        {
          schema: 'ecluse-vex/1' as const,
          vulnerabilities: names,
          product: found.product,
          version: found.version,
          state,
          justification: justified(label),
          statement: why === undefined ? null : plainText(why.details),
          author: plainText(document.publisher.name, 200),
          timestamp: document.tracking.current_release_date,
          source,
        },
      ]
    }),
  )
}

const justified = (label: string | undefined): Justification | null =>
  JUSTIFICATIONS.find((one) => one === label) ?? null
