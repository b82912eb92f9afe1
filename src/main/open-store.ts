import type { ConnectionOptions } from 'node:tls'
import type { Result } from '#kernel/result.ts'
import type { Store } from '#store/ports.ts'
import type { StoreProblem } from '#store/problem.ts'
import { openStore } from '#store/sqlite/open.ts'
import type { Config, DatabaseSettings } from '#config/types.ts'

/** Opens what the configuration names: the server, or else the file at `path`. */
export async function openConfiguredStore(
  { database }: Pick<Config, 'database'>,
  path: string,
  options: { readonly readOnly?: boolean; readonly moment?: boolean } = {},
): Promise<Result<Store, StoreProblem>> {
  if (database === null) return openStore({ path, ...options })
  // loaded only where a server is configured
  const { openPostgres } = await import('#store/postgres/open.ts')
  return openPostgres({ ...serverOptions(database), ...options })
}

/** How the server is reached. */
export const serverOptions = ({ url, connections, tls }: DatabaseSettings) => ({
  url: url.reveal(),
  connections,
  ...(tls ? { tls: tlsOptions(tls) } : {}),
})

/** Null stands for the authorities of the system, and for no certificate of our own. */
const tlsOptions = ({
  ca,
  cert,
  key,
}: NonNullable<DatabaseSettings['tls']>): ConnectionOptions => ({
  rejectUnauthorized: true,
  ...(ca === null ? {} : { ca }),
  ...(cert === null ? {} : { cert }),
  ...(key === null ? {} : { key: key.reveal() }),
})
