import { mkdir, readdir, readFile, rename, stat, writeFile } from 'node:fs/promises'
import { basename, dirname, extname, join } from 'node:path'
import {
  NOTHING_IMPORTED,
  parseImported,
  type ImportedIndexes,
  type IndexRow,
  type OsaiRow,
} from './index-file.ts'
import { readIndexFile, type IndexFileProblem } from './read-index-file.ts'

/** Largest file of an index, bytes; the published ones have a few thousand. */
const LARGEST = 256 * 1024
const MOST_FILES = 10_000

/** A file that gave no row; `field` is a key of the format, never a value. */
export interface Skipped {
  readonly file: string
  readonly code: IndexFileProblem['code'] | 'unreadable' | 'too-large'
  readonly field: string | null
}

export interface ImportDone {
  readonly rows: number
  /** Rows of all imports together. */
  readonly known: number
  readonly problems: readonly Skipped[]
}

/** What was imported into this file; nothing where there is none, or one that cannot be read. */
export async function readImported(path: string): Promise<ImportedIndexes> {
  try {
    return parseImported(await readFile(path, 'utf8')) ?? NOTHING_IMPORTED
  } catch {
    return NOTHING_IMPORTED
  }
}

/** Reads an import's file again once it is another one; every caller has the same rows until then. */
export function followImported(path: string): () => Promise<ImportedIndexes> {
  let last: { readonly stamp: string; readonly rows: ImportedIndexes } | null = null
  return async () => {
    const found = await stat(path).catch(() => null)
    if (found === null) return NOTHING_IMPORTED
    // an import puts a new file in the place of the old one
    const stamp = `${found.ino} ${found.mtimeMs} ${found.size}`
    if (last?.stamp !== stamp) last = { stamp, rows: await readImported(path) }
    return last.rows
  }
}

/** Takes rows out of files and folders into the file at `to`, in place of those of the same id. @throws what the system says of `to` */
export async function importIndex(paths: readonly string[], to: string): Promise<ImportDone> {
  const rows = new Map<string, IndexRow>()
  const problems: Skipped[] = []
  for (const path of (await Promise.all(paths.map(yamlFilesIn))).flat().slice(0, MOST_FILES)) {
    const read = await readOne(path)
    if ('id' in read) rows.set(read.id, read)
    else problems.push(read)
  }
  const before = await readImported(to)
  const all = [...new Map([...before.osai, ...before.mot].map((row) => [row.id, row])), ...rows]
  const known = [...new Map<string, IndexRow>(all).values()]
  const after: ImportedIndexes = {
    version: 1,
    osai: known.filter(isOsai),
    mot: known.filter((row) => !isOsai(row)),
  }
  if (rows.size > 0) await replace(to, JSON.stringify(after))
  return { rows: rows.size, known: known.length, problems }
}

const isOsai = (row: IndexRow): row is OsaiRow => 'end' in row

/** The YAML files of a folder, not of those in it; a file as it is. */
async function yamlFilesIn(path: string): Promise<readonly string[]> {
  const isFolder = await stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  )
  if (!isFolder) return [path]
  const names = await readdir(path)
  return names
    .filter((name) => ['.yaml', '.yml'].includes(extname(name)))
    .toSorted()
    .map((name) => join(path, name))
}

async function readOne(path: string): Promise<IndexRow | Skipped> {
  try {
    if ((await stat(path)).size > LARGEST) return { file: path, code: 'too-large', field: null }
    const read = readIndexFile(await readFile(path, 'utf8'), basename(path, extname(path)))
    return read.ok ? read.value : { file: path, ...read.error }
  } catch {
    return { file: path, code: 'unreadable', field: null }
  }
}

async function replace(path: string, text: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 })
  const fresh = `${path}.${process.pid}.new`
  await writeFile(fresh, text, { mode: 0o600 })
  await rename(fresh, path)
}
