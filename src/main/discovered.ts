import type { Destination } from '#kernel/destination.ts'
import { createLoopbackGet } from '#providers/discover/loopback-get.ts'
import {
  DISCOVERY_TIMEOUT_MS,
  discoverLocal,
  withoutConfigured,
} from '#providers/discover/discover-local.ts'

/** Model servers on the usual ports of this machine that the configuration does not name already. */
export async function discovered(
  configured: readonly Destination[],
): Promise<readonly Destination[]> {
  const get = createLoopbackGet(DISCOVERY_TIMEOUT_MS)
  return withoutConfigured(
    await discoverLocal({ get, timeoutMs: DISCOVERY_TIMEOUT_MS }),
    configured,
  )
}
