import { z } from 'zod'
import { resolveProduct } from '../products.ts'
import { plainText, type Origin, type Read } from '../record.ts'
import { JUSTIFICATIONS, VEX_STATES, type VexStatement } from '../vex.ts'
import { Text } from './fields.ts'

const Component = z.looseObject({
  '@id': Text,
  identifiers: z.looseObject({ purl: Text, cpe22: Text, cpe23: Text }).optional().catch(undefined),
})
type Component = z.infer<typeof Component>

const Statement = z.looseObject({
  // version 0.0.1 gave the name alone
  vulnerability: z.union([
    z.string(),
    z.looseObject({ name: z.string(), aliases: z.array(z.string()).catch([]) }),
  ]),
  products: z.array(z.union([z.string(), Component])).catch([]),
  status: z.enum(VEX_STATES),
  justification: z.enum(JUSTIFICATIONS).optional(),
  impact_statement: Text,
  action_statement: Text,
  status_notes: Text,
  timestamp: Text,
  last_updated: Text,
})

/** A document of OpenVEX 0.2.0. */
const OpenVex = z.looseObject({
  '@context': z.string().startsWith('https://openvex.dev/ns'),
  author: z.string(),
  timestamp: z.string(),
  last_updated: Text,
  statements: z.array(Statement),
})

export const isOpenVex = (value: unknown): boolean =>
  z.looseObject({ '@context': z.string().startsWith('https://openvex.dev/ns') }).safeParse(value)
    .success

/** The statements of a document about products that are known here; null when it is none. */
export function readOpenVex(value: unknown, { source }: Origin): Read<VexStatement> | null {
  const read = OpenVex.safeParse(value)
  if (!read.success) return null
  const document = read.data
  const found: VexStatement[] = []
  let others = 0
  for (const statement of document.statements) {
    const { vulnerability } = statement
    const names =
      typeof vulnerability === 'string'
        ? [vulnerability]
        : [vulnerability.name, ...vulnerability.aliases]
    for (const product of statement.products) {
      const resolved = productOf(typeof product === 'string' ? { '@id': product } : product)
      if (resolved === null) {
        others += 1
        continue
      }
      const words =
        statement.impact_statement ?? statement.action_statement ?? statement.status_notes
      found.push({
        schema: 'ecluse-vex/1',
        vulnerabilities: names.map((name) => name.split('/').at(-1) ?? name),
        product: resolved.product.id,
        version: resolved.version,
        state: statement.status,
        justification: statement.justification ?? null,
        statement: words === undefined ? null : plainText(words),
        author: plainText(document.author, 200),
        timestamp:
          statement.last_updated ??
          statement.timestamp ??
          document.last_updated ??
          document.timestamp,
        source,
      })
    }
  }
  return { found, others }
}

function productOf(component: Component): ReturnType<typeof resolveProduct> {
  const { identifiers } = component
  const id = component['@id']
  const purls = [identifiers?.purl, id].filter((one) => one?.startsWith('pkg:') === true)
  const cpes = [identifiers?.cpe23, identifiers?.cpe22].filter((one) => one !== undefined)
  return (
    purls.map((purl) => resolveProduct({ kind: 'purl', purl: purl ?? '' })).find(isFound) ??
    cpes.map((cpe) => resolveProduct({ kind: 'cpe', cpe })).find(isFound) ??
    null
  )
}

const isFound = <T>(one: T | null): one is T => one !== null
