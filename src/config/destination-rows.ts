import {
  isOwnZone,
  type Destination,
  type DestinationTerms,
  type EngineName,
  type ServedModel,
  type Zone,
} from '#kernel/destination.ts'
import { vendorOfHost } from '#providers/discover/list-vendors.ts'
import { isLoopback } from './listen-address.ts'
import type { PathProblem } from './problems.ts'
import type { DestinationRow } from './schema.ts'

/** Ids that mean something in headers and model names. */
const RESERVED_IDS: readonly string[] = ['auto', 'none', 'embedded']

/** What a row says that cannot be true, whatever the rest of the file says. Paths count from the row. */
export function destinationProblems(row: DestinationRow): readonly PathProblem[] {
  const url = new URL(row.url)
  const problems: PathProblem[] = []
  if (RESERVED_IDS.includes(row.id)) {
    problems.push({ code: 'reserved-id', path: ['id'], detail: { id: row.id } })
  }
  if (url.username !== '' || url.password !== '') {
    problems.push({ code: 'credentials-in-url', path: ['url'] })
  }
  const named = duplicates(row.models.map(({ name }) => name))
  for (const [i, id] of named) {
    problems.push({ code: 'duplicate-id', path: ['models', i, 'name'], detail: { id } })
  }
  problems.push(...zoneProblems(row.zone, ['zone'], url))
  for (const [i, { zone }] of row.models.entries()) {
    if (zone) problems.push(...zoneProblems(zone, ['models', i, 'zone'], url))
  }
  if (row.jurisdiction === 'local' && !isOwnZone(row.zone)) {
    problems.push({ code: 'jurisdiction-is-local', path: ['jurisdiction'] })
  }
  if (row.apis && row.apis.length > 0 && row.dialect !== 'openai') {
    problems.push({ code: 'apis-of-other-dialect', path: ['apis'] })
  }
  if (url.protocol === 'http:' && !isLoopback(url.hostname) && !isOwnZone(row.zone)) {
    problems.push({ code: 'plain-http', path: ['url'] })
  }
  return problems
}

/** An own zone opens the door to the most sensitive text, so it is not taken on trust where we know better. */
function zoneProblems(zone: Zone, path: PathProblem['path'], url: URL): readonly PathProblem[] {
  if (!isOwnZone(zone)) return []
  const vendor = vendorOfHost(url.hostname)
  if (vendor) {
    const detail = { vendor: vendor.name, zone: vendor.zone }
    return [{ code: 'zone-of-known-vendor', path, detail }]
  }
  const elsewhere = zone === 'device' && !isLoopback(url.hostname)
  return elsewhere ? [{ code: 'zone-not-this-machine', path }] : []
}

/** Position and text of each value that an earlier one already had. */
export function duplicates(values: readonly string[]): readonly (readonly [number, string])[] {
  const seen = new Set<string>()
  return [...values.entries()].filter(([, value]) => {
    const again = seen.has(value)
    seen.add(value)
    return again
  })
}

/** A checked row as the rest of the house knows destinations. */
export const destinationOf = (row: DestinationRow): Destination => ({
  id: row.id,
  dialect: row.dialect,
  ...(row.auth ? { auth: row.auth } : {}),
  address: { kind: 'url', baseUrl: row.url.replace(/\/+$/, '') },
  zone: row.zone,
  jurisdiction: row.jurisdiction ?? (isOwnZone(row.zone) ? 'local' : 'unknown'),
  clearance: row.clearance?.class ?? 'public',
  ...(row.clearance?.never ? { withheld: row.clearance.never } : {}),
  ...(row.terms ? { terms: termsOf(row.terms) } : {}),
  ...(row.apis && row.apis.length > 0 ? { apis: row.apis } : {}),
  ...quirksOf(row),
  ...(row.engine ? { engine: engineOf(row.engine) } : {}),
  state: row.enabled ? 'enabled' : 'disabled',
  origin: 'config',
  models: row.models.map(servedModel),
})

const engineOf = ({ name, version }: NonNullable<DestinationRow['engine']>): EngineName => ({
  name,
  ...(version === undefined ? {} : { version }),
})

const termsOf = (terms: NonNullable<DestinationRow['terms']>): DestinationTerms => ({
  ...(terms.retention_days !== undefined && { retentionDays: terms.retention_days }),
  ...(terms.training !== undefined && { training: terms.training }),
  ...(terms.certifications !== undefined && { certifications: terms.certifications }),
})

/** A known vendor's OpenAI surface has its own words; another server at an address of our own is what its row says. */
function quirksOf(row: DestinationRow): Pick<Destination, 'quirks'> {
  const quirks =
    row.dialect === 'openai' ? vendorOfHost(new URL(row.url).hostname)?.quirks : undefined
  return quirks ? { quirks } : {}
}

type ModelRow = DestinationRow['models'][number]

const servedModel = (row: ModelRow): ServedModel => ({
  name: row.name,
  upstream: row.upstream ?? row.name,
  ...(row.zone !== undefined && { zone: row.zone }),
  ...(row.price !== undefined && { price: row.price }),
  ...(row.tokens_per_second !== undefined && { tokensPerSecond: row.tokens_per_second }),
  ...(row.context !== undefined && { contextTokens: row.context }),
  ...(row.licence !== undefined && { licence: row.licence }),
  ...(row.openness !== undefined && { openness: row.openness }),
  ...(row.weights !== undefined && { weights: row.weights }),
  ...(row.digest !== undefined && { digest: row.digest.replace(/^sha256:/, '') }),
  ...(row.cvss !== undefined && { cvss: row.cvss }),
  ...(row.quality !== undefined && { quality: row.quality }),
  ...(row.energy !== undefined && { energy: row.energy }),
})
