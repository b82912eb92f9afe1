import type { VulnerabilityRecord } from './record.ts'
import type { VexStatement } from './vex.ts'

/** One flaw: every record that speaks of it, whatever it calls it. */
export interface Vulnerability {
  /** The number of the CVE list where it has one. */
  readonly id: string
  /** Its other names. */
  readonly aliases: readonly string[]
  readonly records: readonly VulnerabilityRecord[]
}

/** Everything known of flaws: what is shipped, and what was imported. */
export interface Knowledge {
  /** By id, newest first. */
  readonly vulnerabilities: readonly Vulnerability[]
  readonly byProduct: ReadonlyMap<string, readonly Vulnerability[]>
  readonly statements: readonly VexStatement[]
}

/** Records that share a name are of one flaw; what is withdrawn is left out. */
export function knowledgeOf(
  records: readonly VulnerabilityRecord[],
  statements: readonly VexStatement[],
): Knowledge {
  const standing = records.filter(({ withdrawn }) => !withdrawn)
  const vulnerabilities = grouped(standing).toSorted((left, right) => newestFirst(left, right))
  const byProduct = new Map<string, Vulnerability[]>()
  for (const vulnerability of vulnerabilities) {
    const products = vulnerability.records.flatMap(({ affected }) => affected)
    for (const product of new Set(products.map((one) => one.product))) {
      const known = byProduct.get(product)
      if (known) known.push(vulnerability)
      else byProduct.set(product, [vulnerability])
    }
  }
  return { vulnerabilities, byProduct, statements }
}

function grouped(records: readonly VulnerabilityRecord[]): Vulnerability[] {
  const parent = new Map<string, string>()
  const root = (name: string): string => {
    let top = name
    for (let up = parent.get(top); up !== undefined && up !== top; up = parent.get(top)) top = up
    parent.set(name, top)
    return top
  }
  for (const { id, aliases } of records) {
    for (const alias of aliases) parent.set(root(alias), root(id))
  }
  const groups = new Map<string, VulnerabilityRecord[]>()
  for (const record of records) {
    const top = root(record.id)
    const group = groups.get(top)
    if (group) group.push(record)
    else groups.set(top, [record])
  }
  return [...groups.values()].map((group) => {
    const names = [...new Set(group.flatMap(({ id, aliases }) => [id, ...aliases]))].toSorted()
    const id = names.find((name) => name.startsWith('CVE-')) ?? group[0]?.id ?? ''
    return { id, aliases: names.filter((name) => name !== id), records: group }
  })
}

const publishedOf = ({ records }: Vulnerability): string =>
  records.map(({ published, modified }) => published ?? modified ?? '').toSorted()[0] ?? ''

function newestFirst(left: Vulnerability, right: Vulnerability): number {
  const [a, b] = [publishedOf(left), publishedOf(right)]
  if (a !== b) return a < b ? 1 : -1
  return left.id < right.id ? -1 : 1
}

/** The flaw of a name; null when nothing is known of it. */
export const vulnerabilityOf = (
  name: string,
  { vulnerabilities }: Knowledge,
): Vulnerability | null =>
  vulnerabilities.find(
    ({ id, aliases }) =>
      id.toLowerCase() === name.toLowerCase() ||
      aliases.some((alias) => alias.toLowerCase() === name.toLowerCase()),
  ) ?? null
