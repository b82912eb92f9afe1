import { existsSync } from 'node:fs'
import type { EvidenceReader } from '#cli/command.ts'
import type { Said } from '#cli/terminal.ts'
import { evidenceKeys } from '#identity/evidence-keys.ts'
import { err, ok, type Result } from '#kernel/result.ts'
import { signerOf, type Signer } from '#ledger/evidence/signing.ts'
import { hex, sameBytes } from '#ledger/hash.ts'
import type { Store } from '#store/ports.ts'
import { describeStoreProblem } from '#store/problem.ts'
import type { Config } from '#config/types.ts'
import { homePaths } from './home-paths.ts'
import { readSecrets } from './open-secrets.ts'
import { openConfiguredStore } from './open-store.ts'
import { both } from './problem-said.ts'

/** As of one moment, so that what a gateway writes meanwhile is not taken for a change; or, to follow it, as of each read. */
export async function readEvidence(
  config: Config,
  reads: 'moment' | 'live' = 'moment',
): Promise<Result<EvidenceReader, Said>> {
  const opened = await openConfiguredStore(config, homePaths(config.home).database, {
    readOnly: true,
    moment: reads === 'moment',
  })
  if (!opened.ok) return err(both((language) => describeStoreProblem(opened.error, language)))
  return ok(evidenceOf(opened.value, config))
}

/** What the root secret gives; a machine that only reads the evidence may not have it, and gets none made. */
async function signersOf(config: Config, generations: number): Promise<readonly Signer[] | null> {
  const { database, masterKey } = homePaths(config.home)
  if (config.masterKey === null && !existsSync(masterKey)) return null
  // a store of its own: a write that is refused would end the transaction of the others' reads
  const store = await openConfiguredStore(config, database, { readOnly: true })
  if (!store.ok) return null
  try {
    const secrets = await readSecrets(config, store.value, Date.now)
    if (!secrets.ok) return null
    const { seedOf } = evidenceKeys(secrets.value.apiKeys)
    return Array.from({ length: generations }, (_, i) => signerOf(seedOf(i + 1)))
  } catch {
    // a database that is only read cannot be given what is missing in it
    return null
  } finally {
    await store.value.close()
  }
}

/** The newest key of the checkpoints, when this machine's root secret gives that very key; the first one before there is any. */
async function newestSigner(config: Config, store: Store): Promise<Signer | null> {
  const keys = await store.evidence.keys()
  const signer = (await signersOf(config, Math.max(1, keys.length)))?.at(-1)
  const newest = keys.at(-1)
  if (!signer || !newest) return signer ?? null
  return sameBytes(signer.key, newest.key) ? signer : null
}

const evidenceOf = (store: Store, config: Config): EvidenceReader => ({
  ...store.ledger,
  signed: store.evidence,
  knownKeys: async (generations) =>
    (await signersOf(config, generations))?.map(({ key }) => key) ?? null,
  async sign(write) {
    const signer = await newestSigner(config, store)
    if (!signer) return null
    const text = write(hex(signer.key))
    return { text, signature: hex(signer.sign(text)) }
  },
  decisions: (query) => store.decisions.decisions(query),
  document: async (kind, version) => (await store.documents.get(kind, version))?.json ?? null,
  close: () => store.close(),
})
