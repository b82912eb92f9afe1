import { createCipheriv, createDecipheriv, createSecretKey, type KeyObject } from 'node:crypto'
import type { Clock, RandomBytes } from '#kernel/ports.ts'
import type { Refusal } from '#kernel/refusal.ts'
import { err, ok, type Result } from '#kernel/result.ts'
import type { ContentStore } from '../ports.ts'

/** What a passage into the vault is issued for: it is an exit like any other. */
export const VAULT = { destination: 'content-vault', origin: 'vault:local' } as const

/** Of AES-256-GCM (NIST SP 800-38D), bytes. */
const KEY = 32
const NONCE = 12
const TAG = 16

/** The same for answers that wait for a person. */
export const REVIEW_DESK = { destination: 'review-desk', origin: 'vault:reviews' } as const

export interface VaultOptions {
  readonly store: ContentStore
  /** Wraps the keys of owners; 32 bytes derived from the root secret. */
  readonly wrappingKey: Uint8Array
  readonly clock: Clock
  readonly randomBytes: RandomBytes
}

/** Whose text it is, and of which decision. */
export interface ContentOwner {
  readonly tenant: string
  /** `key:ID`, or `subject:DIGEST`. */
  readonly owner: string
  readonly decision: string
}

/** Texts under keys that can be destroyed: one key for each owner, so that erasing it erases every copy, backups too. */
export function createVault({ store, wrappingKey, clock, randomBytes }: VaultOptions) {
  const wrapping = createSecretKey(wrappingKey)
  const keyOf = async (tenant: string, owner: string): Promise<KeyObject | null> => {
    const about = `ecluse data key v1\n${tenant}\n${owner}`
    const fresh = seal(wrapping, about, randomBytes(NONCE), randomBytes(KEY))
    const wrapped = await store.ownerKey(tenant, owner, fresh)
    return wrapped && unwrapped(wrapping, tenant, owner, wrapped)
  }
  return {
    /** The texts of a request, sealed; refuses an owner whose key was destroyed. */
    async keep(bytes: Uint8Array, of: ContentOwner): Promise<Result<void, Refusal>> {
      const at = clock()
      const { tenant, owner, decision } = of
      const key = await keyOf(tenant, owner)
      if (!key) return err({ code: 'passage-refused' })
      const sealed = seal(key, aboutContent(of), randomBytes(NONCE), bytes)
      await store.put({ decision, part: 'request', tenant, owner, at, sealed })
      return ok(undefined)
    },
    /** An answer that waits for a person, sealed; refuses an owner whose key was destroyed. */
    async hold(bytes: Uint8Array, of: ContentOwner): Promise<Result<Uint8Array, Refusal>> {
      const key = await keyOf(of.tenant, of.owner)
      if (!key) return err({ code: 'passage-refused' })
      return ok(seal(key, aboutHeld(of), randomBytes(NONCE), bytes))
    },
    /** What was sealed of an answer that waits; null when its owner was erased, or it is not what was sealed. */
    release(of: ContentOwner, wrapped: Uint8Array | null, sealed: Uint8Array): Uint8Array | null {
      const key = wrapped && unwrapped(wrapping, of.tenant, of.owner, wrapped)
      return key && unseal(key, aboutHeld(of), sealed)
    },
    /** The text of a decision; null when none is kept, or its owner was erased. */
    async read(tenant: string, decision: string): Promise<Uint8Array | null> {
      const [content] = await store.get(tenant, decision)
      if (!content?.wrapped) return null
      const key = unwrapped(wrapping, tenant, content.owner, content.wrapped)
      return key && unseal(key, aboutContent(content), content.sealed)
    },
  }
}
export type Vault = ReturnType<typeof createVault>

const aboutContent = ({ tenant, owner, decision }: ContentOwner): string =>
  `ecluse content v1\n${tenant}\n${owner}\n${decision}`

const aboutHeld = ({ tenant, owner, decision }: ContentOwner): string =>
  `ecluse held answer v1\n${tenant}\n${owner}\n${decision}`

function unwrapped(
  wrapping: KeyObject,
  tenant: string,
  owner: string,
  wrapped: Uint8Array,
): KeyObject | null {
  const key = unseal(wrapping, `ecluse data key v1\n${tenant}\n${owner}`, wrapped)
  return key && createSecretKey(key)
}

/** Nonce, tag, ciphertext; what it is about is bound to it and not in it. */
function seal(key: KeyObject, about: string, nonce: Uint8Array, bytes: Uint8Array): Uint8Array {
  const cipher = createCipheriv('aes-256-gcm', key, nonce)
  cipher.setAAD(Buffer.from(about))
  const text = [cipher.update(bytes), cipher.final()]
  return Uint8Array.from(Buffer.concat([nonce, cipher.getAuthTag(), ...text]))
}

function unseal(key: KeyObject, about: string, sealed: Uint8Array): Uint8Array | null {
  if (sealed.length < NONCE + TAG) return null
  const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(0, NONCE))
  decipher.setAAD(Buffer.from(about))
  decipher.setAuthTag(sealed.subarray(NONCE, NONCE + TAG))
  try {
    const text = [decipher.update(sealed.subarray(NONCE + TAG)), decipher.final()]
    return Uint8Array.from(Buffer.concat(text))
  } catch {
    // the tag does not hold
    return null
  }
}
