import { z } from 'zod'
import { resolveProduct } from '../products.ts'
import type { Range } from '../record.ts'
import { wordedRange } from './cve-ranges.ts'
import { Text } from './fields.ts'

const FullName = z.looseObject({
  name: z.string(),
  product_id: z.string(),
  product_identification_helper: z
    .looseObject({ cpe: Text, purl: Text, purls: z.array(z.string()).catch([]) })
    .optional()
    .catch(undefined),
})
type FullName = z.infer<typeof FullName>

interface Branch {
  readonly category: string
  readonly name: string
  readonly branches?: readonly Branch[] | undefined
  readonly product?: FullName | undefined
}

const Branch: z.ZodType<Branch> = z.looseObject({
  category: z.string(),
  name: z.string(),
  branches: z
    .array(z.lazy(() => Branch))
    .optional()
    .catch(undefined),
  product: FullName.optional().catch(undefined),
})

export const ProductTree = z.looseObject({
  branches: z.array(Branch).catch([]),
  full_product_names: z.array(FullName).catch([]),
  relationships: z
    .array(
      z.looseObject({
        product_reference: z.string(),
        full_product_name: FullName,
      }),
    )
    .catch([]),
})

/** One entry of a product tree, as far as it is a product known here. */
export interface CsafProduct {
  readonly product: string
  readonly version: string | null
  /** Where the entry is a range of versions. */
  readonly range: Range[] | null
  /** As a part of another product: a build of somebody's, of which alone it may be said that it is mended. */
  readonly isPart?: boolean
}

/** Deepest nesting of branches that is looked at. */
const DEEPEST = 30

/** The entries of a tree by their ids. */
export function productsOf(tree: z.infer<typeof ProductTree>): Map<string, CsafProduct> {
  const found = new Map<string, CsafProduct>()
  const add = (name: FullName, way: Way): void => {
    const product = productOf(name, way)
    if (product !== null) found.set(name.product_id, product)
  }
  const walk = (branches: readonly Branch[], way: Way, depth: number): void => {
    if (depth > DEEPEST) return
    for (const { category, name, branches: below, product } of branches) {
      const next = { ...way, [category]: name }
      if (product !== undefined) add(product, next)
      walk(below ?? [], next, depth + 1)
    }
  }
  walk(tree.branches, {}, 0)
  for (const name of tree.full_product_names) add(name, {})
  // a product as part of another is still that product, as far as its flaws go
  for (const { product_reference, full_product_name } of tree.relationships) {
    const part = found.get(product_reference)
    if (part !== undefined) found.set(full_product_name.product_id, { ...part, isPart: true })
  }
  return found
}

/** Names on the way down to an entry, by category. */
type Way = Readonly<Record<string, string>>

function productOf(name: FullName, way: Way): CsafProduct | null {
  const { cpe, purl, purls = [] } = name.product_identification_helper ?? {}
  const named = [...(purl === undefined ? [] : [purl]), ...purls]
  const words = way['product_name'] ?? name.name
  const resolved =
    named.map((one) => resolveProduct({ kind: 'purl', purl: one })).find((one) => one !== null) ??
    (cpe === undefined ? null : resolveProduct({ kind: 'cpe', cpe })) ??
    resolveProduct({ kind: 'words', vendor: way['vendor'] ?? '', product: words })
  if (!resolved) return null
  const range = way['product_version_range']
  if (range !== undefined) {
    const ranges = rangesOfVers(range)
    return { product: resolved.product.id, version: null, range: ranges ?? [] }
  }
  const version = way['product_version'] ?? resolved.version
  return {
    product: resolved.product.id,
    version: version?.replace(/^v(?=\d)/i, '') ?? null,
    range: null,
  }
}

/** `vers:pypi/>=0.8.3|<0.14.1`, and the plain words of many publishers (`<0.14.1`); null for what is neither. */
function rangesOfVers(text: string): Range[] | null {
  const worded = text.startsWith('vers:') ? null : wordedRange(text)
  if (worded !== null) return [worded]
  const constraints = text
    .replace(/^vers:[^/]+\//, '')
    .split(/[|,]/)
    .map((one) => /^\s*(>=|<=|<|>|=|!=)?\s*v?([0-9A-Za-z*][^\s|,]*)\s*$/.exec(one))
  if (constraints.some((one) => one === null)) return null
  const ranges: Range[] = []
  let introduced: string | null = null
  for (const [, sign = '=', version = ''] of constraints.filter((one) => one !== null)) {
    if (version === '*') return [{ introduced: '0', fixed: null, lastAffected: null }]
    if (sign === '>=' || sign === '>') introduced = version
    else if (sign === '=') ranges.push({ introduced: version, fixed: null, lastAffected: version })
    else if (sign === '<' || sign === '<=') {
      const [fixed, lastAffected] = sign === '<' ? [version, null] : [null, version]
      ranges.push({ introduced: introduced ?? '0', fixed, lastAffected })
      introduced = null
    }
  }
  if (introduced !== null) ranges.push({ introduced, fixed: null, lastAffected: null })
  return ranges
}
