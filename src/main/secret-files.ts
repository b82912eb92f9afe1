import { existsSync, renameSync, rmSync } from 'node:fs'
import { createSecretKey, randomBytes as osRandomBytes } from 'node:crypto'
import type { RootSecret } from '#identity/derive-key.ts'
import { ownTermsKeys, type Identity } from '#identity/identity.ts'
import { newNonce, seal, unseal } from '#identity/seal.ts'
import type { FingerprintStore } from '#identity/secret-fingerprint.ts'
import { fingerprintOf } from '#identity/secret-fingerprint.ts'
import { parseRootSecret } from '#identity/root-secret.ts'
import { readSecretFile } from '#identity/secret-file.ts'
import type { RandomBytes } from '#kernel/ports.ts'
import { readWhole, writeWhole } from '#store/whole-file.ts'
import { homePaths } from './home-paths.ts'
import { OWN_TERMS_PURPOSE } from './own-terms.ts'

/** What the digest key of the company's own terms is sealed for, once the root secret it came from is gone. */
const CARRIED_PURPOSE = 'ecluse/own-terms-key/1'

const filesOf = (home: string) => {
  const { ownTerms, masterKey } = homePaths(home)
  return {
    ownTerms,
    nextOwnTerms: `${ownTerms}.next`,
    carried: `${ownTerms}.key`,
    nextCarried: `${ownTerms}.key.next`,
    masterKey,
    nextMasterKey: `${masterKey}.next`,
  }
}

/** The company's own terms, and the key of their digests where it outlived its root secret. */
export const ownTermsFiles = (home: string) => {
  const { ownTerms: terms, carried: key } = filesOf(home)
  return { terms, key }
}

/** Tells which files of one of the two kinds this root secret opens. */
export const sealedWith = (root: RootSecret, what: 'own-terms' | 'own-terms-key') => {
  const { file } = ownTermsKeys(root)
  const purpose = what === 'own-terms' ? OWN_TERMS_PURPOSE : CARRIED_PURPOSE
  return (sealed: Uint8Array): boolean => unseal(file, purpose, sealed) !== null
}

/** The keys of the company's own terms: of the digests the carried one where there is one, because terms cannot be digested again. */
export function ownTermsKeysOf(root: RootSecret, home: string): Identity['ownTermsKeys'] {
  const derived = ownTermsKeys(root)
  const sealed = readWhole(filesOf(home).carried)
  if (sealed === null) return derived
  const bytes = unseal(derived.file, CARRIED_PURPOSE, sealed)
  // a key that opens nothing: the terms cannot be read, so every text is undetermined until they can
  return bytes
    ? { ...derived, digest: createSecretKey(bytes) }
    : { digest: derived.digest, file: createSecretKey(osRandomBytes(32)) }
}

/** Seals the company's own terms anew, beside the file that is in force; false when that cannot be read. */
export function resealOwnTerms(
  home: string,
  from: RootSecret,
  to: RootSecret,
  randomBytes: RandomBytes,
): boolean {
  const files = filesOf(home)
  const sealed = readWhole(files.ownTerms)
  if (sealed === null) return true
  const old = ownTermsKeysOf(from, home)
  const next = ownTermsKeys(to)
  const bytes = unseal(old.file, OWN_TERMS_PURPOSE, sealed)
  if (bytes === null) return false
  const digest = old.digest.export()
  writeWhole(files.nextCarried, seal(next.file, CARRIED_PURPOSE, newNonce(randomBytes), digest))
  writeWhole(files.nextOwnTerms, seal(next.file, OWN_TERMS_PURPOSE, newNonce(randomBytes), bytes))
  return true
}

/**
 * Finishes or forgets a rotation that was cut short: the database says which secret is in force, and the files follow.
 * Before the root secret is read.
 */
export async function settleRootFile(home: string, documents: FingerprintStore): Promise<void> {
  const { masterKey, nextMasterKey } = filesOf(home)
  if (!existsSync(nextMasterKey)) return
  const text = readSecretFile(nextMasterKey)
  const next = text.ok && text.value !== null ? parseRootSecret(text.value, nextMasterKey) : null
  const inForce = await documents.newest('root-secret')
  const isNext = next?.ok && inForce?.json === JSON.stringify(fingerprintOf(next.value))
  if (isNext) renameSync(nextMasterKey, masterKey)
  else rmSync(nextMasterKey, { force: true })
}

/** The same for the company's own terms, once the root secret in force is known. */
export function settleOwnTerms(home: string, root: RootSecret): void {
  const files = filesOf(home)
  const sealed = readWhole(files.nextOwnTerms)
  if (sealed === null) {
    rmSync(files.nextCarried, { force: true })
    return
  }
  const isOurs = unseal(ownTermsKeys(root).file, OWN_TERMS_PURPOSE, sealed) !== null
  if (isOurs) {
    // the key first: a start in between finds the terms still to come, and comes here again
    if (existsSync(files.nextCarried)) renameSync(files.nextCarried, files.carried)
    renameSync(files.nextOwnTerms, files.ownTerms)
  } else {
    rmSync(files.nextOwnTerms, { force: true })
    rmSync(files.nextCarried, { force: true })
  }
}
