import { readWhole, writeWhole } from '#store/whole-file.ts'
import type { SharedFileStore } from '#store/ports.ts'
import { sealedVersion } from './own-terms.ts'

/** The name of the company's own terms among the files that gateways share. */
const NAME = 'own-terms'

/** Brings the file of this data directory to what all gateways have, or gives them what only this one has. True when the file is another one now. @throws what the disk or the database says */
export async function pullOwnTerms(
  files: SharedFileStore,
  path: string,
  { mayGive = false } = {},
): Promise<boolean> {
  const [shared, own] = [await files.get(NAME), readWhole(path)]
  if (shared === null) {
    if (own && mayGive) await files.put(NAME, null, { version: sealedVersion(own), bytes: own })
    return false
  }
  if (own && sealedVersion(own) === shared.version) return false
  writeWhole(path, shared.bytes)
  return true
}

/** Gives all gateways a new file; false when another one gave them one in between. An empty version stands for none. */
export const pushOwnTerms = (
  files: SharedFileStore,
  before: string,
  bytes: Uint8Array,
): Promise<boolean> =>
  files.put(NAME, before === '' ? null : before, { version: sealedVersion(bytes), bytes })
