import type { RootSecret } from '#identity/derive-key.ts'
import type { SharedFileStore } from '#store/ports.ts'
import { readWhole, writeWhole } from '#store/whole-file.ts'
import { sealedVersion } from './own-terms.ts'
import { ownTermsFiles, sealedWith } from './secret-files.ts'

/** The names of the company's own terms, and of the key of their digests, among the files that gateways share. */
const TERMS = 'own-terms'
const KEY = 'own-terms-key'

/**
 * Brings the files of this data directory to what all gateways have, or gives them what only this one has. After the root
 * secret was exchanged here, the files of the others cannot be opened any more, and ours take their place.
 */
export async function settleSharedTerms(
  files: SharedFileStore,
  home: string,
  root: RootSecret,
): Promise<void> {
  const { terms, key } = ownTermsFiles(home)
  // the key first: terms without it could be read and not be compared
  await settle(files, KEY, key, sealedWith(root, KEY))
  await settle(files, TERMS, terms, sealedWith(root, TERMS))
}

async function settle(
  files: SharedFileStore,
  name: string,
  path: string,
  opens: (sealed: Uint8Array) => boolean,
): Promise<void> {
  const [shared, own] = [await files.get(name), readWhole(path)]
  if (shared && own && sealedVersion(own) === shared.version) return
  if (shared && opens(shared.bytes)) writeWhole(path, shared.bytes)
  else if (own && opens(own)) {
    await files.put(name, shared?.version ?? null, { version: sealedVersion(own), bytes: own })
  }
}

/** Follows a change by another gateway; true when the file is another one now. @throws what the disk or the database says */
export async function pullOwnTerms(files: SharedFileStore, path: string): Promise<boolean> {
  const [shared, own] = [await files.get(TERMS), readWhole(path)]
  if (shared === null || (own && sealedVersion(own) === shared.version)) return false
  writeWhole(path, shared.bytes)
  return true
}

/** Gives all gateways a new file; false when another one gave them one in between. An empty version stands for none. */
export const pushOwnTerms = (
  files: SharedFileStore,
  before: string,
  bytes: Uint8Array,
): Promise<boolean> =>
  files.put(TERMS, before === '' ? null : before, { version: sealedVersion(bytes), bytes })
