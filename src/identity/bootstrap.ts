import type { KeyObject } from 'node:crypto'
import { join } from 'node:path'
import { SCOPES } from '#kernel/permission.ts'
import type { Clock, RandomBytes } from '#kernel/ports.ts'
import { err, ok, type Result } from '#kernel/result.ts'
import { newKeyText, readKeyText } from './api-key-text.ts'
import { foreignKeyId } from './authenticate.ts'
import { keyedDigest } from './derive-key.ts'
import { firstKey } from './keys.ts'
import type { KeyStore } from './ports.ts'
import type { SecretProblem } from './problem.ts'
import { readSecretFile, writeSecretFile } from './secret-file.ts'

export interface BootstrapOptions {
  readonly store: Pick<KeyStore, 'hasAdministrator' | 'insert'>
  /** The data directory; it must exist. */
  readonly home: string
  readonly tenant: string
  /** The value of ECLUSE_BOOTSTRAP_KEY; empty counts as absent. */
  readonly bootstrapKey?: string | undefined
  /** What the digests of keys are made with. */
  readonly hmacKey: KeyObject
  readonly clock: Clock
  readonly randomBytes: RandomBytes
}

/** What the first start did; `key` only where it was made here, to be shown on a terminal and nowhere else. */
export type Bootstrapped =
  | { readonly kind: 'present' }
  | { readonly kind: 'registered'; readonly keyId: string }
  | {
      readonly kind: 'created'
      readonly keyId: string
      readonly path: string
      readonly key: string
    }

const BOOTSTRAP_KEY = /^[\x21-\x7e]{24,200}$/

/** Sees to it that there is an administrator: by ECLUSE_BOOTSTRAP_KEY or by a new key in `admin.key`, and only while there is none. */
export async function bootstrap(
  options: BootstrapOptions,
): Promise<Result<Bootstrapped, SecretProblem>> {
  const { store, home, clock, randomBytes } = options
  if (await store.hasAdministrator(clock())) return ok({ kind: 'present' })
  const given = options.bootstrapKey?.trim() ?? ''
  if (given !== '') {
    if (!isStrong(given)) {
      return err({ code: 'bootstrap-key-weak', where: 'ECLUSE_BOOTSTRAP_KEY', found: '' })
    }
    const keyId = await register(options, given)
    if (keyId !== null) return ok({ kind: 'registered', keyId })
    // Known and revoked: it stays revoked, whatever the environment says.
  }
  const path = join(home, 'admin.key')
  const kept = readSecretFile(path)
  if (!kept.ok) return kept
  if (kept.value !== null && isOurs(kept.value)) {
    // A start that was cut short wrote the file and not the database.
    const keyId = await register(options, kept.value)
    if (keyId !== null) return ok({ kind: 'created', keyId, path, key: kept.value })
  }
  const { key } = newKeyText(randomBytes)
  // The file first: a key in the database that nobody knows would lock everybody out.
  const written = writeSecretFile(path, key, { replace: true })
  if (!written.ok) return written
  const keyId = await register(options, key)
  return keyId === null
    ? err({ code: 'secret-unreadable', where: path, found: 'conflict' })
    : ok({ kind: 'created', keyId, path, key })
}

/** Stores an administrator's key with every scope; null when its id is taken, for instance by itself, revoked. */
async function register(options: BootstrapOptions, key: string): Promise<string | null> {
  const { store, tenant, hmacKey, clock } = options
  const digest = keyedDigest(hmacKey, key)
  const text = readKeyText(key)
  const id = text.kind === 'ours' ? text.id : foreignKeyId(digest)
  const wanted = { tenant, name: 'first administrator', scopes: SCOPES }
  return (await store.insert({ ...firstKey(wanted, id, clock()), digest })) ? id : null
}

const isOurs = (key: string): boolean => readKeyText(key).kind === 'ours'

/** One of our own, or long enough not to be guessed; a mistyped one of ours could never sign in. */
const isStrong = (key: string): boolean =>
  BOOTSTRAP_KEY.test(key) && readKeyText(key).kind !== 'mistyped'
