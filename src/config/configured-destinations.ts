import type { Destination } from '#kernel/destination.ts'
import { rowsOf } from './config-file.ts'
import { destinationOf, destinationProblems } from './destination-rows.ts'
import type { Reading } from './reading.ts'
import { breakerOf, limitsOf, timeoutsOf } from './resilience-sections.ts'
import { DestinationRow } from './schema.ts'
import { resolveSecret, type SecretSources } from './secret-references.ts'
import type { Secret } from './secret.ts'
import type { BreakerSettings, DestinationLimits, DestinationTimeouts } from './types.ts'

/** The destinations of the file, with what belongs to each apart. */
export interface ConfiguredDestinations {
  readonly destinations: readonly Destination[]
  readonly credentials: ReadonlyMap<string, Secret>
  readonly timeouts: ReadonlyMap<string, DestinationTimeouts>
  readonly limits: ReadonlyMap<string, DestinationLimits>
  readonly breakers: ReadonlyMap<string, BreakerSettings>
}

/** Reads the rows that have the right shape; the others are already complained of. */
export function readDestinations({
  file,
  env,
  readFile,
  location,
  complain,
}: Reading): ConfiguredDestinations {
  const destinations: Destination[] = []
  const credentials = new Map<string, Secret>()
  const timeouts = new Map<string, DestinationTimeouts>()
  const limits = new Map<string, DestinationLimits>()
  const breakers = new Map<string, BreakerSettings>()
  const sources = { env, readFile, folder: location.folder }
  for (const [i, raw] of rowsOf(file, ['destinations']).entries()) {
    const parsed = DestinationRow.safeParse(raw)
    checkKey(raw, i, sources, complain, credentials)
    if (!parsed.success) continue
    const row = parsed.data
    for (const { code, path, detail } of destinationProblems(row)) {
      complain({ code, path: ['destinations', i, ...path], detail })
    }
    if (destinations.some(({ id }) => id === row.id)) {
      complain({ code: 'duplicate-id', path: ['destinations', i, 'id'], detail: { id: row.id } })
    }
    destinations.push(destinationOf(row))
    if (row.timeouts) timeouts.set(row.id, timeoutsOf(row.timeouts))
    if (row.limits) limits.set(row.id, limitsOf(row.limits))
    if (row.breaker) breakers.set(row.id, breakerOf(row.breaker))
  }
  return { destinations, credentials, timeouts, limits, breakers }
}

/** A key is looked at even where the rest of its row is wrong: one written out must be refused at once. */
function checkKey(
  row: unknown,
  i: number,
  sources: SecretSources,
  complain: Reading['complain'],
  credentials: Map<string, Secret>,
): void {
  if (typeof row !== 'object' || row === null || !('key' in row)) return
  if (typeof row.key !== 'string') return
  const path = ['destinations', i, 'key']
  const resolved = resolveSecret(row.key, sources)
  if (!resolved.ok) return complain({ ...resolved.error, path })
  if (resolved.value.warning) complain({ ...resolved.value.warning, path })
  if ('id' in row && typeof row.id === 'string') credentials.set(row.id, resolved.value.secret)
}
