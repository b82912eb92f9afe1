import { Secret } from '#config/secret.ts'
import type { Config } from '#config/types.ts'
import type { CredentialAdmin } from '#gateway/admin-ports.ts'
import type { Evidence } from '#identity/evidence.ts'
import type { Vault } from '#identity/vault.ts'
import { err, ok } from '#kernel/result.ts'
import type { LiveConfig } from './live-config.ts'
import type { Log } from './log.ts'
import { TENANT } from './core.ts'

const KIND = 'destination'
/** What a header can carry (RFC 9110, 5.5), without spaces; vendors' longest tokens are about 2 kB. */
const VALUE = /^[\x21-\x7e]{1,4096}$/
const ID = /^[\w.-]{1,100}$/

/** Credentials of destinations that were given through the admin API; they count before those of the file. */
export interface CredentialKeeper {
  readonly admin: CredentialAdmin
  /** A configuration as it was read, with these credentials in it. */
  readonly over: (config: Config) => Config
}

export interface CredentialParts {
  readonly vault: Vault
  readonly evidence: Evidence
  readonly log: Log
  readonly live: LiveConfig
  /** Calls back when another process may have changed them. */
  readonly onElsewhere: (listener: () => void) => void
  /** Those in force are others now. */
  readonly changed: () => void
}

/** Opens the sealed credentials; none of them can be read back through it. */
export async function keepCredentials(parts: CredentialParts): Promise<CredentialKeeper> {
  const { vault, evidence, log, live } = parts
  let known = new Map<string, { readonly secret: Secret | null; at: number; by: string }>()
  const read = async (): Promise<void> => {
    const found = await vault.list(KIND, TENANT)
    for (const { id, bytes } of found)
      if (bytes === null) log('error', { code: 'secret-unreadable', destination: id })
    known = new Map(
      found.map(({ id, bytes, at, by }) => [
        id,
        { secret: bytes && new Secret(bytes.toString('utf8')), at, by },
      ]),
    )
  }
  await read()
  let base = live.current.credentials
  const overlaid = (): Config['credentials'] => {
    const credentials = new Map(base)
    for (const [id, { secret }] of known) {
      if (secret) credentials.set(id, secret)
      // one that cannot be opened is none: the file's was replaced on purpose
      else credentials.delete(id)
    }
    return credentials
  }
  const changed = async (): Promise<void> => {
    await read()
    live.current = { ...live.current, credentials: overlaid() }
    parts.changed()
  }
  live.current = { ...live.current, credentials: overlaid() }
  parts.onElsewhere(() => {
    changed().catch(() => log('error', { code: 'ledger-unavailable', what: 'credentials' }))
  })
  const admin: CredentialAdmin = {
    list: () => [...known].map(([id, { secret, at, by }]) => ({ id, at, by, readable: !!secret })),
    async set(actor, id, value) {
      const expected = '1 to 4096 printable characters without spaces'
      if (!ID.test(id)) return err({ code: 'not-found', param: 'id' })
      if (!VALUE.test(value))
        return err({ code: 'invalid-value', param: 'value', detail: { expected } })
      const noted = await evidence(actor, 'credential-set', id)
      if (!noted.ok) return noted
      await vault.put(KIND, TENANT, id, Buffer.from(value), actor.keyId)
      await changed()
      return ok(undefined)
    },
    async remove(actor, id) {
      if (!known.has(id)) return err({ code: 'not-found', param: 'id' })
      const noted = await evidence(actor, 'credential-removed', id)
      if (!noted.ok) return noted
      await vault.remove(KIND, TENANT, id)
      await changed()
      return ok(undefined)
    },
  }
  const over = (config: Config): Config => {
    base = config.credentials
    return { ...config, credentials: overlaid() }
  }
  return { admin, over }
}
