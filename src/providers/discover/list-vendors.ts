import type { Destination } from '#kernel/destination.ts'
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
})
