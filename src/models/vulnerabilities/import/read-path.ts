import { readdir, readFile, lstat } from 'node:fs/promises'
import { basename, join, relative } from 'node:path'
import type { Origin, VulnerabilityRecord } from '../record.ts'
import type { VexStatement } from '../vex.ts'
import { readDocument, type DocumentKind, type ReadDocument } from './read-document.ts'

/** What a file or a folder of documents held. */
export interface ImportedPath {
  readonly records: readonly VulnerabilityRecord[]
  readonly statements: readonly VexStatement[]
  /** Numbers of flaws that their list takes back. */
  readonly rejected: readonly string[]
  /** Documents of each kind. */
  readonly documents: Readonly<Partial<Record<DocumentKind, number>>>
  /** Flaws and statements about products that run no models. */
  readonly others: number
  /** Files that hold none of the kinds, or cannot be read; the first hundred. */
  readonly unread: readonly string[]
  readonly unreadCount: number
}

/** Largest file that is read, in bytes: the whole list of one product as one array. */
const LARGEST = 64 * 1024 * 1024
/** Most files of one folder: the whole CVE list has some 300,000. */
const MOST = 1_000_000
const SHOWN = 100

/** Reads every document of a file, or of all `.json` files below a folder; links are not followed. Null when there is no such path. */
export async function readPath(
  path: string,
  retrieved: string,
  onFile: (name: string) => void = () => {},
): Promise<ImportedPath | null> {
  const found = await lstat(path).catch(() => null)
  if (found === null) return null
  const records = new Map<string, VulnerabilityRecord>()
  const statements: VexStatement[] = []
  const rejected: string[] = []
  const documents: Partial<Record<DocumentKind, number>> = {}
  const unread: string[] = []
  let [others, unreadCount, files] = [0, 0, 0]
  for await (const file of found.isDirectory() ? jsonFiles(path) : [path]) {
    files += 1
    if (files > MOST) break
    const name = file === path ? basename(path) : relative(path, file)
    onFile(name)
    const read = documentsOf(await valuesOf(file), { source: name, retrieved })
    if (read === undefined || read.length === 0 || read.includes(null)) {
      unreadCount += 1
      if (unread.length < SHOWN) unread.push(name)
    }
    for (const document of read ?? []) {
      if (document === null) continue
      documents[document.kind] = (documents[document.kind] ?? 0) + 1
      others += document.others
      for (const record of document.records) records.set(`${record.id} ${record.source}`, record)
      statements.push(...document.statements)
      rejected.push(...document.rejected)
    }
  }
  const brought = { records: [...records.values()], statements, rejected }
  return { ...brought, documents, others, unread, unreadCount }
}

/** Null among them for each that is none; undefined where there are none, or nested too deep for anybody. */
function documentsOf(
  values: readonly unknown[] | undefined,
  origin: Origin,
): readonly (ReadDocument | null)[] | undefined {
  try {
    return values?.map((value) => readDocument(value, origin))
  } catch {
    return undefined
  }
}

async function* jsonFiles(folder: string): AsyncGenerator<string> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => [])
  for (const entry of entries.toSorted((a, b) => (a.name < b.name ? -1 : 1))) {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) yield* jsonFiles(path)
    else if (entry.isFile() && /\.json$/i.test(entry.name)) yield path
  }
}

/** The documents of a file: one, or an array of them. Undefined when it cannot be read. */
async function valuesOf(file: string): Promise<readonly unknown[] | undefined> {
  try {
    const about = await lstat(file)
    if (!about.isFile() || about.size > LARGEST) return undefined
    const value: unknown = JSON.parse(await readFile(file, 'utf8'))
    return Array.isArray(value) ? value : [value]
  } catch {
    return undefined
  }
}
