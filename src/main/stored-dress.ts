import { existsSync } from 'node:fs'
import { evidenceKeys } from '#identity/evidence-keys.ts'
import type { Destination } from '#kernel/destination.ts'
import { AdmissionBook } from '#models/admission/book.ts'
import { companyKey } from '#models/admission/company-key.ts'
import { dressed } from '#models/admission/dress.ts'
import type { AdmissionStore } from '#models/admission/ports.ts'
import type { Store } from '#store/ports.ts'
import type { Config } from '#config/types.ts'
import { PINNED } from './board-destination.ts'
import { randomBytes } from './core.ts'
import { homePaths } from './home-paths.ts'
import { readSecrets } from './open-secrets.ts'

/**
 * Where weights stand by what is stored, for a command that holds nothing: no server is asked what it runs. Without the
 * root secret no approval can be told to be ours, and none counts.
 */
export async function storedDress(
  config: Config,
  store: Store | null,
): Promise<(destination: Destination) => Destination> {
  const book = new AdmissionBook(store?.admissions ?? NO_RECORDS)
  await book.read()
  const seed = store === null ? null : await seedOf(config, store)
  const parts = {
    book,
    key: companyKey(seed ?? randomBytes(48)),
    now: Date.now,
    pinned: PINNED,
    isEnrolling: false,
    reported: () => null,
  }
  return (destination) => dressed(destination, parts)
}

async function seedOf(config: Config, store: Store): Promise<Uint8Array | null> {
  if (config.masterKey === null && !existsSync(homePaths(config.home).masterKey)) return null
  try {
    const secrets = await readSecrets(config, store, Date.now)
    return secrets.ok ? evidenceKeys(secrets.value.apiKeys).models : null
  } catch {
    // a database that is only read cannot be given what is missing in it
    return null
  }
}

const NO_RECORDS: AdmissionStore = {
  list: () => Promise.resolve([]),
  get: () => Promise.resolve(null),
  put: () => Promise.resolve(false),
}
