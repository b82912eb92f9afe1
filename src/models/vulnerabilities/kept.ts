import { createHash, randomUUID } from 'node:crypto'
import { mkdir, readdir, readFile, rename, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { VulnerabilityRecord } from './record.ts'
import { VexStatement } from './vex.ts'

/** What was imported into a data directory: one file each, so that two imports at once lose nothing. */
export interface Kept {
  readonly records: readonly VulnerabilityRecord[]
  readonly statements: readonly VexStatement[]
  /** Names of files that cannot be read: what they said is not known. */
  readonly broken: readonly string[]
}

const RECORDS = 'records'
const STATEMENTS = 'vex'

/** Largest file of ours, in bytes. */
const LARGEST = 1_000_000

/** What an import brings. */
export interface Brought extends Pick<Kept, 'records' | 'statements'> {
  /** Numbers of flaws that their list takes back: what was imported under them before is withdrawn. */
  readonly rejected?: readonly string[]
}

/** Writes records and statements; what was there under the same name is replaced. */
export async function keep(
  folder: string,
  { records, statements, rejected = [] }: Brought,
): Promise<void> {
  for (const name of [RECORDS, STATEMENTS]) {
    await mkdir(join(folder, name), { recursive: true, mode: 0o700 })
  }
  for (const record of records) {
    await replace(join(folder, RECORDS, nameOf(record)), record)
  }
  for (const statement of statements) {
    const { vulnerabilities, product, version, author, source } = statement
    const name = digest(JSON.stringify([vulnerabilities[0], product, version, author, source]))
    await replace(join(folder, STATEMENTS, `${name.slice(0, 32)}.json`), statement)
  }
  await withdraw(join(folder, RECORDS), new Set(rejected))
}

/** Marks what was imported under a number that its list takes back, from whatever source. */
async function withdraw(folder: string, rejected: ReadonlySet<string>): Promise<void> {
  if (rejected.size === 0) return
  const { found } = await readAll(folder, (value) => VulnerabilityRecord.parse(value))
  for (const record of found)
    if (!record.withdrawn && rejected.has(record.id))
      await replace(join(folder, nameOf(record)), { ...record, withdrawn: true })
}

/** One flaw may be recorded by several sources, and each is kept. */
const nameOf = ({ id, source }: VulnerabilityRecord): string =>
  `${fileName(id)}.${digest(source).slice(0, 8)}.json`

const digest = (text: string): string => createHash('sha256').update(text).digest('hex')

/** Ids have letters, digits and `-._:`; a colon is no part of a file name everywhere. */
const fileName = (id: string): string => id.replaceAll(':', '~')

async function replace(path: string, value: unknown): Promise<void> {
  const beside = `${path}.${randomUUID()}.tmp`
  await writeFile(beside, `${JSON.stringify(value)}\n`, { mode: 0o600 })
  await rename(beside, path)
}

/** Everything that was imported. A folder that is not there holds nothing. @throws for one that cannot be read */
export async function readKept(folder: string): Promise<Kept> {
  const records = await readAll(join(folder, RECORDS), (value) => VulnerabilityRecord.parse(value))
  const statements = await readAll(join(folder, STATEMENTS), (value) => VexStatement.parse(value))
  return {
    records: records.found,
    statements: statements.found,
    broken: [...records.broken, ...statements.broken],
  }
}

async function readAll<T>(
  folder: string,
  parse: (value: unknown) => T,
): Promise<{ readonly found: readonly T[]; readonly broken: readonly string[] }> {
  const names = (await namesIn(folder)).filter((name) => name.endsWith('.json'))
  const found: T[] = []
  const broken: string[] = []
  for (const name of names.toSorted()) {
    try {
      const path = join(folder, name)
      if ((await stat(path)).size > LARGEST) throw new RangeError('too large')
      found.push(parse(JSON.parse(await readFile(path, 'utf8'))))
    } catch {
      broken.push(name)
    }
  }
  return { found, broken }
}

/** Nothing where there is no such folder. @throws for one that cannot be read: what it holds would count as unsaid */
const namesIn = (folder: string): Promise<readonly string[]> =>
  readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return []
    throw error
  })

/**
 * Changes whenever something was imported or taken away; null when nothing ever was. Files are counted besides the time
 * of the folder: a clock of files has steps of some milliseconds, and an import may go on within the one it was seen in.
 */
export async function keptStamp(folder: string): Promise<string | null> {
  const stamps = await Promise.all([RECORDS, STATEMENTS].map((name) => stampOf(join(folder, name))))
  return stamps.every((one) => one === null) ? null : stamps.join(' ')
}

async function stampOf(folder: string): Promise<string | null> {
  try {
    const { length } = await readdir(folder)
    return `${(await stat(folder)).mtimeMs}:${length}`
  } catch {
    return null
  }
}
