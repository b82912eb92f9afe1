import { join } from 'node:path'
import type { RandomBytes } from '#kernel/ports.ts'
import { err, ok, type Result } from '#kernel/result.ts'
import { asRootSecret, type RootSecret } from './derive-key.ts'
import type { SecretProblem } from './problem.ts'
import { readSecretFile, writeSecretFile } from './secret-file.ts'

export interface RootSecretOptions {
  /** The data directory; it must exist. */
  readonly home: string
  /** The value of ECLUSE_MASTER_KEY; empty counts as absent. */
  readonly masterKey?: string | undefined
  readonly randomBytes: RandomBytes
}

const MIN_BYTES = 32
const HEX = /^(?:[0-9a-fA-F]{2})+$/
const BASE64 = /^[A-Za-z0-9+/_-]+={0,2}$/

/** The root secret: ECLUSE_MASTER_KEY when set, else `master.key` (0600), made at the first start. */
export function rootSecret(options: RootSecretOptions): Result<RootSecret, SecretProblem> {
  const { home, masterKey, randomBytes } = options
  if (masterKey !== undefined && masterKey.trim() !== '') {
    return parseRootSecret(masterKey.trim(), 'ECLUSE_MASTER_KEY')
  }
  const path = join(home, 'master.key')
  const found = readSecretFile(path)
  if (!found.ok) return found
  if (found.value !== null) return parseRootSecret(found.value, path)
  const made = Buffer.from(randomBytes(MIN_BYTES)).toString('base64')
  const written = writeSecretFile(path, made, { replace: false })
  if (!written.ok) return written
  // Another process may have been first: what the file holds is what counts.
  const kept = readSecretFile(path)
  return kept.ok ? parseRootSecret(kept.value ?? '', path) : kept
}

/** A root secret as text: hexadecimal when it can be, base64 or base64url otherwise. `where` is told in a refusal. */
export function parseRootSecret(text: string, where: string): Result<RootSecret, SecretProblem> {
  if (!BASE64.test(text)) return err({ code: 'secret-malformed', where, found: '' })
  const bytes = Buffer.from(text, HEX.test(text) ? 'hex' : 'base64')
  if (bytes.length < MIN_BYTES) return err({ code: 'secret-too-short', where, found: '' })
  return ok(asRootSecret(Uint8Array.from(bytes)))
}
