import { listVendors, vendorKeyVariables } from '#providers/discover/list-vendors.ts'
import type { ListedVendors } from '#providers/discover/list-vendors.ts'
import type { Destination } from '#kernel/destination.ts'
import { given } from './locate.ts'
import type { ConfigProblem } from './problems.ts'
import { checkedSecret } from './secret-references.ts'
import type { Secret } from './secret.ts'
import type { Environment } from './types.ts'

/** A root or first key, or the address of the database, from a variable; null when it is not set. */
export function secretVariable(
  env: Environment,
  variable: 'ECLUSE_BOOTSTRAP_KEY' | 'ECLUSE_MASTER_KEY' | 'ECLUSE_DATABASE_URL',
): { secret: Secret | null; problems: readonly ConfigProblem[] } {
  const text = given(env[variable])
  if (text === undefined) return { secret: null, problems: [] }
  const checked = checkedSecret(text)
  if (checked.ok) return { secret: checked.value.secret, problems: [] }
  return { secret: null, problems: [{ code: checked.error.code, path: variable }] }
}

/** Vendors whose usual key variable holds a usable key, less those the file already names or addresses. */
export function environmentVendors(
  env: Environment,
  configured: readonly Destination[],
): ListedVendors<Secret> {
  const keys = new Map<string, Secret>()
  for (const variable of vendorKeyVariables()) {
    const checked = checkedSecret(env[variable] ?? '')
    if (checked.ok) keys.set(variable, checked.value.secret)
  }
  const found = listVendors(keys)
  const ids = new Set(configured.map(({ id }) => id))
  const origins = new Set(configured.map(originOf))
  const known = (destination: Destination): boolean =>
    ids.has(destination.id) || origins.has(originOf(destination))
  const destinations = found.destinations.filter((destination) => !known(destination))
  const kept = new Set(destinations.map(({ id }) => id))
  const only = <V>(map: ReadonlyMap<string, V>): ReadonlyMap<string, V> =>
    new Map([...map].filter(([id]) => kept.has(id)))
  return { destinations, credentials: only(found.credentials), variables: only(found.variables) }
}

const originOf = ({ address }: Destination): string =>
  address.kind === 'url' ? new URL(address.baseUrl).origin : `unix:${address.path}`
