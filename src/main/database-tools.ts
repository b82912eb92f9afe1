import { mkdirSync, statSync } from 'node:fs'
import { resolve } from 'node:path'
import type { CopyDone, CopyWatch, DatabaseStatus, DatabaseTools } from '#cli/database-tools.ts'
import type { Said } from '#cli/terminal.ts'
import { err, ok, type Result } from '#kernel/result.ts'
import { verifyLedger } from '#ledger/verify.ts'
import { openBackup, writeBackup, type BackupProblem } from '#store/copy/backup-file.ts'
import { copyAll, type CopyProblem } from '#store/copy/copy.ts'
import type { CopySource, CopyTarget } from '#store/copy/ports.ts'
import type { Store } from '#store/ports.ts'
import { describeStoreProblem, type StoreProblem } from '#store/problem.ts'
import * as file from '#store/sqlite/copy.ts'
import { acquireHomeLock } from '#store/sqlite/home-lock.ts'
import { newestVersion } from '#store/sqlite/migrate.ts'
import { MIGRATIONS } from '#store/sqlite/migrations/all.ts'
import { loadProcessConfig } from '#config.ts'
import type { Config, ConfigFlags } from '#config/types.ts'
import { both, lockProblem } from './problem-said.ts'
import { homePaths } from './home-paths.ts'
import { openConfiguredStore, serverOptions } from './open-store.ts'

/** A database that a configuration names. */
interface Place {
  readonly name: string
  source(): Promise<Result<CopySource, StoreProblem>>
  target(version: number): Promise<Result<CopyTarget, StoreProblem>>
  store(): Promise<Result<Store, StoreProblem>>
  bytes(store: Store): Promise<number>
}

/** What `ecluse db` does, on the database that this configuration names. */
export function databaseTools(config: Config, flags: ConfigFlags): DatabaseTools {
  return {
    status: async () => status(await placeOf(config)),
    backup: async (path, watch) => backup(await placeOf(config), resolve(path), watch),
    restore: (path, watch) =>
      alone(config, async () => {
        const place = await placeOf(config)
        const opened = await openBackup(resolve(path), newestVersion(MIGRATIONS))
        if (!opened.ok) return err(BACKUP_WORDS[opened.error](path))
        return copy(opened.value, path, place, watch)
      }),
    move: (to, watch) =>
      alone(config, async () => {
        const other = to === 'sqlite' ? ok(config) : otherConfig(flags, to)
        if (!other.ok) return other
        const database = to === 'sqlite' ? null : other.value.database
        const [from, target] = [await placeOf(config), await placeOf({ ...other.value, database })]
        if (from.name === target.name) return err(SAME_PLACE)
        const busy = await inUse(from)
        if (busy) return err(busy)
        const source = await from.source()
        if (!source.ok) return problem(source.error)
        return copy(source.value, from.name, target, watch)
      }),
  }
}

async function placeOf(config: Config): Promise<Place> {
  const path = homePaths(config.home).database
  const store = () => openConfiguredStore(config, path, { readOnly: true })
  if (config.database === null) {
    return {
      name: path,
      source: () => Promise.resolve(file.openCopySource(path)),
      target: (version) => Promise.resolve(file.openCopyTarget(path, version)),
      store,
      bytes: () => Promise.resolve(statSync(path).size),
    }
  }
  const server = await import('#store/postgres/copy.ts')
  const { placeOf: nameOf } = await import('#store/postgres/open-problem.ts')
  const options = serverOptions(config.database)
  return {
    name: nameOf(options.url) ?? '?',
    source: () => server.openCopySource(options),
    target: (version) => server.openCopyTarget(options, version),
    store,
    bytes: () => server.schemaBytes(options),
  }
}

/** While no gateway of this data directory runs. */
async function alone<T>(
  config: Config,
  work: () => Promise<Result<T, Said>>,
): Promise<Result<T, Said>> {
  const { run } = homePaths(config.home)
  mkdirSync(run, { recursive: true, mode: 0o700 })
  const lock = acquireHomeLock(run, { pid: process.pid, listen: '-', startedAt: Date.now() })
  if (!lock.ok) return err(lockProblem(lock.error))
  try {
    return await work()
  } finally {
    lock.value.release()
  }
}

/** A gateway that goes on writing would leave what it writes behind. */
async function inUse(place: Place): Promise<Said | null> {
  const opened = await place.store()
  if (!opened.ok) return both((language) => describeStoreProblem(opened.error, language))
  try {
    const [first] = (await opened.value.leases?.holders()) ?? []
    if (!first) return null
    return {
      en: `A gateway is writing to ${place.name}: ${first.holder}. Stop every gateway first; one that was killed counts for half a minute.`,
      fr: `Une passerelle écrit dans ${place.name} : ${first.holder}. Arrêtez d'abord chaque passerelle ; une passerelle tuée compte encore une demi-minute.`,
    }
  } finally {
    await opened.value.close()
  }
}

async function status(place: Place): Promise<Result<DatabaseStatus, Said>> {
  const [opened, source] = [await place.store(), await place.source()]
  if (!opened.ok) {
    if (source.ok) await source.value.close()
    return problem(opened.error)
  }
  if (!source.ok) return problem(source.error)
  const { value: store } = opened
  try {
    const rows: Record<string, number> = {}
    for (const table of source.value.tables) rows[table.name] = await source.value.count(table)
    const heads = await store.ledger.heads()
    return ok({
      kind: source.value.kind,
      place: place.name,
      version: source.value.version,
      bytes: await place.bytes(store),
      rows,
      chains: heads.map(({ writer, seq }) => ({ writer, records: seq })),
      writing: (await store.leases?.holders()) ?? [],
    })
  } finally {
    await source.value.close()
    await store.close()
  }
}

async function backup(
  place: Place,
  path: string,
  watch: CopyWatch,
): Promise<Result<CopyDone, Said>> {
  const source = await place.source()
  if (!source.ok) return problem(source.error)
  try {
    const written = await writeBackup(source.value, path, { ...watch, at: Date.now() })
    return written ? ok({ from: place.name, to: path, ...written }) : err(INTERRUPTED)
  } catch (error) {
    return err(failed(path, error))
  } finally {
    await source.value.close()
  }
}

/** Copies, finishes, and verifies what is in the new place. */
async function copy(
  source: CopySource,
  from: string,
  to: Place,
  watch: CopyWatch,
): Promise<Result<CopyDone, Said>> {
  let target: CopyTarget | null = null
  try {
    const opened = await to.target(source.version)
    if (!opened.ok) return problem(opened.error)
    target = opened.value
    const copied = await copyAll(source, target, watch)
    if (!copied.ok) return err(copyWords(copied.error))
    await target.finish()
    await target.close()
    target = null
    const store = await to.store()
    if (!store.ok) return problem(store.error)
    const report = await verifyLedger(store.value.ledger).finally(() => store.value.close())
    if (!report.ok) return err(notVerified(report.firstProblem))
    return ok({ from, to: to.name, rows: copied.value, verified: report.records })
  } catch (error) {
    return err(failed(to.name, error))
  } finally {
    await target?.close()
    await source.close()
  }
}

function otherConfig(flags: ConfigFlags, path: string): Result<Config, Said> {
  const loaded = loadProcessConfig({ ...flags, config: path })
  if (loaded.ok) return loaded
  const [first] = loaded.error
  const what = `${first?.code ?? '?'} ${first?.path ?? ''}`
  return err({
    en: `The configuration ${path} cannot be used: ${what}.`,
    fr: `La configuration ${path} est inutilisable : ${what}.`,
  })
}

const problem = (found: StoreProblem): Result<never, Said> =>
  err(both((language) => describeStoreProblem(found, language)))

/** The system's code alone: a message of a server may quote what it was sent. */
function failed(place: string, error: unknown): Said {
  const code = error instanceof Error && 'code' in error ? String(error.code) : 'internal-error'
  return {
    en: `${place} could not be written (${code}). Check the room on the disk and the rights, then repeat the command.`,
    fr: `${place} n'a pas pu être écrit (${code}). Vérifiez la place sur le disque et les droits, puis répétez la commande.`,
  }
}

const notVerified = (found: { writer: string; seq: number; problem: string } | null): Said => ({
  en: `Everything was copied, but the ledger does not verify: ${found?.problem} at ${found?.writer}#${found?.seq}. Verify the old place too (ecluse audit verify).`,
  fr: `Tout a été copié, mais le registre ne se vérifie pas : ${found?.problem} à ${found?.writer}#${found?.seq}. Vérifiez aussi l'ancien endroit (ecluse audit verify).`,
})

const SAME_PLACE: Said = {
  en: 'Both configurations name the same database; ECLUSE_DATABASE_URL counts for both.',
  fr: 'Les deux configurations nomment la même base ; ECLUSE_DATABASE_URL vaut pour les deux.',
}

const INTERRUPTED: Said = {
  en: 'Interrupted. What was copied stays; repeat the command to go on.',
  fr: 'Interrompu. Ce qui a été copié reste ; répétez la commande pour continuer.',
}

const copyWords = ({ code, detail }: CopyProblem): Said =>
  code === 'interrupted'
    ? INTERRUPTED
    : code === 'tables-differ'
      ? {
          en: `The two places do not have the same tables: ${detail}.`,
          fr: `Les deux endroits n'ont pas les mêmes tables : ${detail}.`,
        }
      : {
          en: `What arrived of ${detail} is not what was sent. The copy cannot be used; remove it and repeat the command.`,
          fr: `Ce qui est arrivé de ${detail} n'est pas ce qui est parti. La copie est inutilisable ; retirez-la et répétez la commande.`,
        }

const BACKUP_WORDS: Readonly<Record<BackupProblem, (path: string) => Said>> = {
  missing: (path) => ({ en: `There is no file ${path}.`, fr: `Il n'y a pas de fichier ${path}.` }),
  'not-a-backup': (path) => ({
    en: `${path} is not a backup made by \`ecluse db backup\`.`,
    fr: `${path} n'est pas une sauvegarde faite par \`ecluse db backup\`.`,
  }),
  newer: (path) => ({
    en: `${path} was written by a newer version. Install that version; nothing was changed.`,
    fr: `${path} a été écrite par une version plus récente. Installez-la ; rien n'a été modifié.`,
  }),
  damaged: (path) => ({
    en: `${path} is damaged or incomplete; nothing was changed. Take another backup.`,
    fr: `${path} est abîmée ou incomplète ; rien n'a été modifié. Prenez une autre sauvegarde.`,
  }),
}
