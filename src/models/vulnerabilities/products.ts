import { readFileSync } from 'node:fs'
import { z } from 'zod'
import { isVersion, VERSION_SCHEMES } from './version-order.ts'

/** What a product is to a company: a thing that runs models, or something beside it. */
export const PRODUCT_ROLES = ['engine', 'gateway', 'interface', 'library', 'tool', 'guard'] as const

const Release = z.strictObject({ version: z.string().min(1), date: z.iso.date().optional() })

/** Numbers that a product tells of itself where its advisories and releases go by others. */
const OtherNumbers = z.strictObject({
  source: z.string(),
  retrieved: z.iso.date(),
  /** Exact versions only: what lies between, or beyond, stays unknown. */
  versions: z.record(z.string(), z.string()),
})

const Product = z.strictObject({
  id: z.string().min(1),
  name: z.string().min(1),
  role: z.enum(PRODUCT_ROLES),
  scheme: z.enum(VERSION_SCHEMES),
  packages: z.array(z.strictObject({ ecosystem: z.string(), name: z.string() })),
  /** `vendor:product` of CPE 2.3. */
  cpes: z.array(z.string()),
  /** As records of CVE name it, lower case. */
  names: z.array(z.string()),
  repository: z.url().nullable(),
  licence: z.string().nullable(),
  /** What it says of itself when it does not know: patterns. */
  unknownVersions: z.array(z.string()),
  otherNumbers: OtherNumbers.optional(),
  /** Newest first; not every one. */
  releases: z
    .strictObject({
      source: z.string(),
      retrieved: z.iso.date(),
      versions: z.array(Release).min(1),
    })
    .nullable(),
})
export type Product = z.infer<typeof Product>

const File = z.strictObject({
  retrieved: z.iso.date(),
  sources: z.record(z.string(), z.strictObject({ name: z.string(), retrieved: z.iso.date() })),
  products: z.array(Product),
})

let read: z.infer<typeof File> | undefined

/** Everything the product can tell versions and vulnerabilities of; read once. */
export function shippedProducts(): z.infer<typeof File> {
  const text = (): string => readFileSync(new URL('./products.json', import.meta.url), 'utf8')
  read ??= File.parse(JSON.parse(text()))
  return read
}

export const productOf = (id: string): Product | null =>
  shippedProducts().products.find((product) => product.id === id) ?? null

/**
 * A version that says something, in the numbers of the releases: readable, and none of those that a build without a
 * version gives itself.
 */
export function knownVersion(product: Product, version: string | null): string | null {
  const other = product.otherNumbers?.versions
  if (version !== null && other && Object.hasOwn(other, version)) return other[version] ?? null
  if (version === null || !isVersion(product.scheme, version)) return null
  return product.unknownVersions.some((pattern) => new RegExp(pattern).test(version))
    ? null
    : version
}

/** What documents name a product by. */
export type ProductName =
  | { readonly kind: 'package'; readonly ecosystem: string; readonly name: string }
  | { readonly kind: 'purl'; readonly purl: string }
  | { readonly kind: 'cpe'; readonly cpe: string }
  | { readonly kind: 'words'; readonly vendor: string; readonly product: string }

/** The product a name stands for, and the version that the name holds; null when it is none of ours. */
export function resolveProduct(
  name: ProductName,
): { readonly product: Product; readonly version: string | null } | null {
  if (name.kind === 'purl') return ofPurl(name.purl)
  const { products } = shippedProducts()
  if (name.kind === 'package') {
    const product = products.find(({ packages }) => packages.some((one) => isPackage(one, name)))
    return product ? { product, version: null } : null
  }
  if (name.kind === 'cpe') {
    const [vendor = '', product = '', version = '*'] = cpeParts(name.cpe)
    const found = products.find(({ cpes }) => cpes.includes(`${vendor}:${product}`))
    return found ? { product: found, version: /^[*-]?$/.test(version) ? null : version } : null
  }
  const words = name.product.trim().toLowerCase()
  const key = `${name.vendor.trim().toLowerCase()}:${words}`.replaceAll(' ', '_')
  const found = products.find(({ names, cpes }) => cpes.includes(key) || names.includes(words))
  return found ? { product: found, version: null } : null
}

function isPackage(
  known: { readonly ecosystem: string; readonly name: string },
  asked: { readonly ecosystem: string; readonly name: string },
): boolean {
  // `Alpine:v3.20`: a distribution patches for itself, and its versions are its own
  const { ecosystem } = asked
  return (
    known.ecosystem === ecosystem && plain(known.name, ecosystem) === plain(asked.name, ecosystem)
  )
}

/** PyPI takes `-`, `_` and `.` for one (PEP 503); GitHub and npm names have no capitals that count. */
const plain = (name: string, ecosystem: string): string =>
  ecosystem === 'PyPI' ? name.toLowerCase().replaceAll(/[-_.]+/g, '-') : name.toLowerCase()

const PURL_TYPES: Readonly<Record<string, string>> = { pypi: 'PyPI', npm: 'npm', golang: 'Go' }

function ofPurl(purl: string): ReturnType<typeof resolveProduct> {
  const found = /^pkg:\/{0,2}([A-Za-z0-9.+-]+)\/([^?#]+)/.exec(purl)
  if (!found?.[1] || !found[2]) return null
  const at = found[2].lastIndexOf('@')
  const path = at > 0 ? found[2].slice(0, at) : found[2]
  const version = at > 0 ? decoded(found[2].slice(at + 1)) : null
  const type = found[1].toLowerCase()
  const name = path.split('/').map(decoded).join('/')
  const ecosystem = PURL_TYPES[type]
  const { products } = shippedProducts()
  const product =
    ecosystem === undefined
      ? products.find(({ repository }) => isRepository(type, name, repository))
      : products.find(({ packages }) => packages.some((one) => isPackage(one, { ecosystem, name })))
  return product ? { product, version } : null
}

const isRepository = (type: string, name: string, repository: string | null): boolean =>
  type === 'github' && repository?.toLowerCase() === `https://github.com/${name.toLowerCase()}`

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

/** Vendor, product and version of a CPE 2.3 or 2.2 name; a quoted colon is no separator. */
function cpeParts(cpe: string): readonly string[] {
  const parts = cpe.split(/(?<!\\):/).map((part) => part.replaceAll('\\', ''))
  return cpe.startsWith('cpe:2.3:') ? parts.slice(3, 6) : parts.slice(2, 5)
}
