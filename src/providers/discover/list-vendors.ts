import type { Quirks, Destination, Zone } from '#kernel/destination.ts'
import { hasAddress, keyVariables, VENDORS, type VendorRow } from '../vendors.ts'

/** Vendors whose usual key is at hand; nothing was sent to them. */
export interface ListedVendors<Key> {
  readonly destinations: readonly Destination[]
  /** By destination id. */
  readonly credentials: ReadonlyMap<string, Key>
  /** The variable each key was found in, by destination id. */
  readonly variables: ReadonlyMap<string, string>
}

/** Names of all variables that may hold a listed vendor's key. */
export const vendorKeyVariables = (): readonly string[] => [
  ...new Set(listable().flatMap(keyVariables)),
]

/** One listed destination per remote vendor with a complete address whose key is among those given (by variable name). */
export function listVendors<Key>(keys: ReadonlyMap<string, Key>): ListedVendors<Key> {
  const destinations: Destination[] = []
  const credentials = new Map<string, Key>()
  const variables = new Map<string, string>()
  for (const vendor of listable()) {
    for (const variable of keyVariables(vendor)) {
      const key = keys.get(variable)
      if (key === undefined) continue
      destinations.push(listed(vendor))
      credentials.set(vendor.id, key)
      variables.set(vendor.id, variable)
      break
    }
  }
  return { destinations, credentials, variables }
}

// the destination contract carries bearer keys only
const listable = (): readonly VendorRow[] =>
  VENDORS.filter(
    (vendor) => vendor.kind !== 'local' && vendor.auth.scheme === 'bearer' && hasAddress(vendor),
  )

const listed = (vendor: VendorRow): Destination => ({
  id: vendor.id,
  dialect: 'openai',
  address: { kind: 'url', baseUrl: vendor.baseUrl },
  zone: vendor.zone,
  jurisdiction: vendor.jurisdiction.country,
  clearance: 'public',
  state: 'listed',
  origin: 'environment',
  models: [],
  ...(vendor.quirks ? { quirks: vendor.quirks } : {}),
})

/** What a person should know before enabling a listed vendor; null: not known, which is not no. */
export interface VendorNotes {
  readonly name: string
  /** The variable that usually holds its key. */
  readonly keyVariable: string | null
  /** Days that texts are kept by default. */
  readonly retentionDays: number | null
  /** Whether texts train its models by default. */
  readonly trains: boolean | null
}

/** Notes on the vendor that a listed destination stands for. */
export function vendorNotes(id: string): VendorNotes | undefined {
  const vendor = VENDORS.find((row) => row.id === id)
  return (
    vendor && {
      name: vendor.name,
      keyVariable: keyVariables(vendor)[0] ?? null,
      retentionDays: vendor.retention.days,
      trains: vendor.training.byDefault,
    }
  )
}

const HOSTS = VENDORS.filter(({ kind }) => kind !== 'local').map((vendor) => ({
  vendor,
  // a pattern such as https://{region}.host/v1 stands for every name below the fixed part
  suffix: /^https:\/\/(?:[^/]*\})?([^/{}]+)/.exec(vendor.baseUrl)?.[1] ?? '',
  whole: !/^https:\/\/[^/]*\{/.test(vendor.baseUrl),
}))

/** The remote vendor that a host name belongs to: its own host, or one below it. */
export function vendorOfHost(
  host: string,
): { name: string; zone: Zone; quirks: Quirks | undefined } | undefined {
  const name = host.toLowerCase().replace(/\.$/, '')
  const owner = HOSTS.find(({ suffix, whole }) =>
    whole ? name === suffix || name.endsWith(`.${suffix}`) : name.endsWith(suffix),
  )
  return owner && { name: owner.vendor.name, zone: owner.vendor.zone, quirks: owner.vendor.quirks }
}
