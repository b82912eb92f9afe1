import { randomBytes as osRandomBytes } from 'node:crypto'
import { existsSync, renameSync } from 'node:fs'
import { describeSecretProblem, type SecretProblem } from '#identity/problem.ts'
import { commitRotation, resealAll } from '#identity/rotate-root.ts'
import { parseRootSecret, rootSecret } from '#identity/root-secret.ts'
import { writeSecretFile } from '#identity/secret-file.ts'
import { checkRootSecret } from '#identity/secret-fingerprint.ts'
import type { Said } from '#cli/terminal.ts'
import { err, ok, type Result } from '#kernel/result.ts'
import type { Config } from '#config/types.ts'
import { createLedgerWriter } from '#ledger/writer.ts'
import { describeStoreProblem } from '#store/problem.ts'
import { acquireHomeLock } from '#store/sqlite/home-lock.ts'
import type { Store } from '#store/ports.ts'
import { evidenceIn, OWNER } from './core.ts'
import { both, lockProblem } from './problem-said.ts'
import { homePaths } from './home-paths.ts'
import { openChains } from './chains.ts'
import { openConfiguredStore } from './open-store.ts'
import { resealOwnTerms, settleOwnTerms, settleRootFile } from './secret-files.ts'
import { openClock } from './shared-clock.ts'
import { uuid7 } from './uuid7.ts'

export interface RotatedSecret {
  /** Secrets that were sealed anew. */
  readonly sealed: number
  /** Counted from 1. */
  readonly generation: number
  /** Where the new secret is; null when it comes from the environment. */
  readonly file: string | null
}

const SECRET_BYTES = 32
const randomBytes = (length: number): Uint8Array => osRandomBytes(length)
const problemSaid = (problem: SecretProblem): Said =>
  both((language) => describeSecretProblem(problem, language))

/**
 * Exchanges the root secret while nothing runs: first everything is sealed anew beside what is there, then one statement
 * puts the new secret in force, then the files follow. Cut short at any point, the next start finishes it or forgets it.
 */
export async function rotateSecret(
  config: Config,
  given: string | null,
): Promise<Result<RotatedSecret, Said>> {
  const paths = homePaths(config.home)
  const lock = acquireHomeLock(paths.run, { pid: process.pid, listen: '-', startedAt: Date.now() })
  if (!lock.ok) return err(lockProblem(lock.error))
  try {
    const opened = await openConfiguredStore(config, paths.database)
    if (!opened.ok) return err(both((language) => describeStoreProblem(opened.error, language)))
    try {
      return await opened.value.alone('root-secret', () => rotate(config, opened.value, given))
    } finally {
      await opened.value.close()
    }
  } finally {
    lock.value.release()
  }
}

async function rotate(
  config: Config,
  store: Store,
  given: string | null,
): Promise<Result<RotatedSecret, Said>> {
  const { home } = config
  const { masterKey } = homePaths(home)
  // other machines have no lock here, and would go on sealing under the old secret
  const [other] = (await store.leases?.holders()) ?? []
  if (other) return err(stillRunning(other.holder))
  await settleRootFile(home, store.documents)
  const old = rootSecret({ home, masterKey: config.masterKey?.reveal(), randomBytes })
  if (!old.ok) return err(problemSaid(old.error))
  const checked = await checkRootSecret(store.documents, old.value, Date.now())
  if (!checked.ok) return err(problemSaid(checked.error))
  settleOwnTerms(home, old.value)
  const isFromEnvironment = config.masterKey !== null
  if (isFromEnvironment && given === null) return err(NEEDS_SECRET)
  const text = given ?? Buffer.from(randomBytes(SECRET_BYTES)).toString('base64')
  const to = parseRootSecret(text, 'stdin')
  if (!to.ok) return err(problemSaid(to.error))
  const noted = await evidence(store, homePaths(home).spool)
  if (!noted.ok) return noted
  const next = `${masterKey}.next`
  if (!isFromEnvironment) {
    const written = writeSecretFile(next, text, { replace: true })
    if (!written.ok) return err(problemSaid(written.error))
  }
  const rotation = {
    sealed: store.sealed,
    documents: store.documents,
    clock: Date.now,
    randomBytes,
    from: { root: old.value, generation: checked.value },
    to: to.value,
  }
  const sealed = await resealAll(rotation)
  if (!sealed.ok) return err(problemSaid(sealed.error))
  if (!resealOwnTerms(home, old.value, to.value, randomBytes)) return err(UNREADABLE_TERMS)
  if (!(await commitRotation(rotation))) return err(RACED)
  if (existsSync(next)) renameSync(next, masterKey)
  settleOwnTerms(home, to.value)
  const file = isFromEnvironment ? null : masterKey
  return ok({ sealed: sealed.value, generation: checked.value + 1, file })
}

/** The ledger knows of the rotation before it happens. */
async function evidence(store: Store, spool: string): Promise<Result<void, Said>> {
  const chains = await openChains(
    store,
    spool,
    () => {},
    () => '',
  )
  const head = await chains.open('gateway')
  const { clock, stop } = await openClock(store)
  const newId = uuid7(clock, randomBytes)
  const parts = { store: chains, writer: head.writer, clock, newId, randomBytes, head }
  const ledger = createLedgerWriter(parts)
  const noted = await evidenceIn(ledger)(OWNER, 'root-secret-rotated', 'root-secret')
  await ledger.close()
  await chains.closeAll()
  stop()
  return noted.ok ? noted : err(NO_LEDGER)
}

const stillRunning = (holder: string): Said => ({
  en: `A gateway still runs on this database (${holder}): stop all of them first. One that was killed counts for half a minute.`,
  fr: `Une passerelle tourne encore sur cette base (${holder}) : arrêtez-les toutes d'abord. Une passerelle tuée compte encore une demi-minute.`,
})
const NEEDS_SECRET: Said = {
  en: 'The root secret comes from ECLUSE_MASTER_KEY: give the new one on standard input (`openssl rand -base64 32`), and start with it afterwards.',
  fr: "Le secret racine vient d'ECLUSE_MASTER_KEY : donnez le nouveau sur l'entrée standard (`openssl rand -base64 32`), et démarrez ensuite avec lui.",
}
const UNREADABLE_TERMS: Said = {
  en: "The company's own terms cannot be read with the present secret; nothing was changed.",
  fr: "Les termes propres de l'entreprise sont illisibles avec le secret actuel ; rien n'a été changé.",
}
const RACED: Said = {
  en: 'Another process exchanged the root secret at the same moment.',
  fr: 'Un autre processus a échangé le secret racine au même moment.',
}
const NO_LEDGER: Said = {
  en: 'The rotation could not be recorded; nothing was changed.',
  fr: "La rotation n'a pas pu être consignée ; rien n'a été changé.",
}
