import type { Knowledge, Vulnerability } from './knowledge.ts'
import { knownVersion, productOf, type Product } from './products.ts'
import { ratingOf, type Rating } from './rating.ts'
import type { Affected, VulnerabilityRecord } from './record.ts'
import { compareVersions } from './version-order.ts'
import { lifts, type VexStatement } from './vex.ts'

/**
 * How a flaw stands to a version. possible: nobody knows which version runs, so each that there is counts. review: nobody
 * wrote down which versions have it, so a person has to look.
 */
export const STANDINGS = ['affected', 'possible', 'review', 'not-affected'] as const
export type Standing = (typeof STANDINGS)[number]

export interface Finding {
  readonly vulnerability: Vulnerability
  readonly standing: Standing
  readonly rating: Rating
  /** Whether it counts when traffic is decided. */
  readonly counts: boolean
  /** The newest statement of somebody who looked. */
  readonly vex: VexStatement | null
  /** The lowest version that has none of it, where one is known. */
  readonly fixed: string | null
}

/** What is known against one version of a product. */
export interface Assessment {
  /** Null: a product that nothing is known of. */
  readonly product: Product | null
  /** Null: not known. */
  readonly version: string | null
  /** Highest base score of what counts; 0 when nothing does; null when nobody looked at that product. */
  readonly cvss: number | null
  /** The worst first; what does not concern this version last. */
  readonly findings: readonly Finding[]
}

/** What is known against a product in a version; `version` null, or unreadable, stands for any that there is. */
export function assess(product: string, version: string | null, knowledge: Knowledge): Assessment {
  const known = productOf(product)
  const concerning = knowledge.byProduct.get(product)
  if (known === null || concerning === undefined) {
    return { product: known, version, cvss: null, findings: [] }
  }
  const readable = knownVersion(known, version)
  const findings = concerning
    .map((vulnerability) => findingOf(vulnerability, known, readable, knowledge.statements))
    .toSorted(worstFirst)
  const counting = findings.filter(({ counts }) => counts).map(({ rating }) => rating.cvss)
  return { product: known, version: readable, cvss: Math.max(0, ...counting), findings }
}

function findingOf(
  vulnerability: Vulnerability,
  product: Product,
  version: string | null,
  statements: readonly VexStatement[],
): Finding {
  const rating = ratingOf(vulnerability)
  const vex = newestStatement(vulnerability, product, version, statements)
  const own = vulnerability.records
    .map((record) => ({ record, standing: standingOf(record, product, version) }))
    .toSorted((left, right) => rank(left.standing) - rank(right.standing))
  const recorded = own[0]?.standing ?? 'not-affected'
  const standing =
    vex === null
      ? recorded
      : lifts(vex)
        ? 'not-affected'
        : vex.state === 'affected'
          ? 'affected'
          : recorded
  const isSure =
    vex?.state === 'affected' ||
    own.some(({ record, standing: of }) => of === standing && record.basis === 'read')
  const counts = (standing === 'affected' || standing === 'possible') && isSure
  return {
    vulnerability,
    standing,
    rating,
    counts,
    vex,
    fixed: fixedVersion(vulnerability, product, version),
  }
}

const rank = (standing: Standing): number => STANDINGS.indexOf(standing)

function worstFirst(left: Finding, right: Finding): number {
  const counting = Number(right.counts) - Number(left.counts)
  if (counting !== 0) return counting
  const standing = rank(left.standing) - rank(right.standing)
  return standing === 0 ? right.rating.cvss - left.rating.cvss : standing
}

/** How one record stands to a version: the worst of what it says of that product. */
export function standingOf(
  { affected }: Pick<VulnerabilityRecord, 'affected'>,
  product: Product,
  version: string | null,
): Standing {
  const all = affected
    .filter((one) => one.product === product.id)
    .map((one) => standingIn(one, product, version))
  return all.toSorted((left, right) => rank(left) - rank(right))[0] ?? 'not-affected'
}

function standingIn(affected: Affected, { scheme }: Product, version: string | null): Standing {
  const { ranges, versions, isKnown } = affected
  if (!isKnown) return 'review'
  if (version === null) return 'possible'
  const isOne = versions.some(
    (one) => one === version || compareVersions(scheme, one, version) === 0,
  )
  if (isOne) return 'affected'
  let isUnsure = false
  for (const { introduced, fixed, lastAffected } of ranges) {
    // what cannot be compared cannot be ruled out
    const from = introduced === '0' ? 1 : compareVersions(scheme, version, introduced)
    const to = fixed === null ? -1 : compareVersions(scheme, version, fixed)
    const last = lastAffected === null ? 0 : compareVersions(scheme, version, lastAffected)
    if ((from !== null && from < 0) || (to !== null && to >= 0) || (last !== null && last > 0)) {
      continue
    }
    if (from === null || to === null || last === null) isUnsure = true
    else return 'affected'
  }
  return isUnsure ? 'possible' : 'not-affected'
}

function newestStatement(
  { id, aliases }: Vulnerability,
  product: Product,
  version: string | null,
  statements: readonly VexStatement[],
): VexStatement | null {
  const names = new Set([id, ...aliases].map((name) => name.toLowerCase()))
  const speaks = (statement: VexStatement): boolean =>
    statement.product === product.id &&
    statement.vulnerabilities.some((name) => names.has(name.toLowerCase())) &&
    (statement.version === null ||
      (version !== null && compareVersions(product.scheme, statement.version, version) === 0))
  return statements.filter(speaks).toSorted(newestFirst)[0] ?? null
}

/** Of two of one moment the one that lifts nothing comes first; one whose time cannot be read is older than any. */
function newestFirst(left: VexStatement, right: VexStatement): number {
  const [a = 0, b = 0] = [left, right].map(({ timestamp }) => Date.parse(timestamp) || 0)
  return b - a || Number(lifts(left)) - Number(lifts(right))
}

/** The lowest version above the one that runs in which the flaw is fixed. */
function fixedVersion(
  { records }: Vulnerability,
  product: Product,
  version: string | null,
): string | null {
  const fixes = records
    .flatMap(({ affected }) => affected)
    .filter((one) => one.product === product.id)
    .flatMap(({ ranges }) => ranges.flatMap(({ fixed }) => (fixed === null ? [] : [fixed])))
    .filter(
      (fixed) => version === null || (compareVersions(product.scheme, fixed, version) ?? 1) > 0,
    )
    .toSorted((left, right) => compareVersions(product.scheme, left, right) ?? 0)
  // with no version known, only the highest one is sure to be free of it
  return (version === null ? fixes.at(-1) : fixes[0]) ?? null
}
