import { createHash, type Hash } from 'node:crypto'
import { createReadStream, createWriteStream } from 'node:fs'
import { rename, rm, stat } from 'node:fs/promises'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { StringDecoder } from 'node:string_decoder'
import { createGunzip, createGzip } from 'node:zlib'
import type { EpochMs } from '#kernel/units.ts'
import { err, ok, type Result } from '#kernel/result.ts'
import { COPY_PAGE, type CopySource } from './ports.ts'
import { keyOf, readRow, rowText, type Row, type Table } from './table.ts'

/** Characters handed to the packing at once. */
const PIECE = 65_536

/** The first line of a backup. */
interface Header {
  readonly ecluse: 'backup'
  readonly v: 1
  /** Version of the schema. */
  readonly schema: number
  readonly from: CopySource['kind']
  readonly at: EpochMs
  readonly heads: string
  /** In the order of the file. */
  readonly tables: readonly (Table & { readonly rows: number })[]
}

export interface BackupReport {
  readonly bytes: number
  /** Rows of each table. */
  readonly rows: Readonly<Record<string, number>>
  /** Of the lines in it, in hexadecimal; the last line says it too. */
  readonly sha256: string
}

/** Why a file is not a backup that can be trusted. */
export type BackupProblem = 'missing' | 'not-a-backup' | 'newer' | 'damaged'

export interface BackupOptions {
  readonly at: EpochMs
  readonly onProgress: (table: string, rows: number, total: number) => void
  readonly signal: AbortSignal
}

/** The order in which tables are copied: the longest first. */
export const inOrder = (tables: readonly Table[]): Table[] => [
  ...tables.filter(({ name }) => name === 'ledger'),
  ...tables.filter(({ name }) => name !== 'ledger'),
]

/** Writes everything as lines of JSON, packed, with its checksum, into a file (0600) that appears when it is whole; null when it was interrupted. @throws what the system says */
export async function writeBackup(
  source: CopySource,
  path: string,
  options: BackupOptions,
): Promise<BackupReport | null> {
  const fresh = `${path}.part`
  await rm(fresh, { force: true })
  try {
    const tables: (Table & { rows: number })[] = []
    for (const table of inOrder(source.tables)) {
      tables.push({ ...table, rows: await source.count(table) })
    }
    const { kind: from, version: schema } = source
    const heads = await source.heads()
    const header: Header = { ecluse: 'backup', v: 1, schema, from, at: options.at, heads, tables }
    const sum = createHash('sha256')
    const lines = Readable.from(summed(sum, backupLines(source, header, options)))
    const sink = createWriteStream(fresh, { flags: 'wx', mode: 0o600, flush: true })
    await pipeline(lines, createGzip(), sink)
    const { size: bytes } = await stat(fresh)
    await rename(fresh, path)
    const rows = Object.fromEntries(tables.map(({ name, rows }) => [name, rows]))
    return { bytes, rows, sha256: sum.digest('hex') }
  } catch (error) {
    if (error instanceof Interrupted) return null
    throw error
  } finally {
    await rm(fresh, { force: true })
  }
}

class Interrupted extends Error {}

async function* backupLines(
  source: CopySource,
  header: Header,
  { onProgress, signal }: BackupOptions,
): AsyncGenerator<string> {
  yield JSON.stringify(header)
  for (const table of header.tables) {
    let done = 0
    let after: Row | null = null
    for (;;) {
      if (signal.aborted) throw new Interrupted()
      const page = await source.rows(table, after)
      const last = page.at(-1)
      if (last === undefined) break
      after = keyOf(table, last)
      for (const row of page) yield rowText(row)
      done += page.length
      onProgress(table.name, done, table.rows)
    }
    if (done !== table.rows) throw new Error(`${table.name} changed while it was read`)
  }
}

/** Lines with their ends, gathered into pieces, and last the checksum of all before. */
async function* summed(sum: Hash, lines: AsyncIterable<string>): AsyncGenerator<string> {
  let piece = ''
  for await (const line of lines) {
    piece += `${line}\n`
    if (piece.length < PIECE) continue
    sum.update(piece)
    yield piece
    piece = ''
  }
  sum.update(piece)
  yield `${piece}${JSON.stringify({ sha256: sum.copy().digest('hex') })}\n`
}

/** A backup as a source, read from its beginning to its end. Its checksum is compared first: nothing is given out of a damaged one. */
export async function openBackup(
  path: string,
  newest: number,
): Promise<Result<CopySource & { readonly at: EpochMs }, BackupProblem>> {
  const header = await checked(path)
  if (!header.ok) return header
  if (header.value.schema > newest) return err('newer')
  const { tables, from, schema, at, heads } = header.value
  const lines = linesOf(path)
  await lines.next()
  let [current, left] = [-1, 0]
  const nextRows = async (wanted: number): Promise<Row[]> => {
    const rows: Row[] = []
    while (left > 0 && rows.length < wanted) {
      const line = await lines.next()
      const row = line.done === true ? null : readRow(JSON.parse(line.value))
      if (row === null) throw new Error('the backup changed while it was read')
      rows.push(row)
      left -= 1
    }
    return rows
  }
  /** An interrupted copy goes on behind the row it ended with. */
  const skipTo = async (table: Table, key: string): Promise<void> => {
    for (;;) {
      const [row] = await nextRows(1)
      if (row === undefined || rowText(keyOf(table, row)) === key) return
    }
  }
  return ok({
    kind: from,
    version: schema,
    at,
    tables,
    heads: () => Promise.resolve(heads),
    count: (table) => Promise.resolve(tables.find(({ name }) => name === table.name)?.rows ?? 0),
    async rows(table, after) {
      const place = tables.findIndex(({ name }) => name === table.name)
      while (current < place) {
        await nextRows(left)
        current += 1
        left = tables[current]?.rows ?? 0
        if (after && current === place) await skipTo(table, rowText(after))
      }
      return nextRows(COPY_PAGE)
    },
    close: async () => {
      await lines.return(undefined)
    },
  })
}

/** The header of a file whose every line is as it was written. */
async function checked(path: string): Promise<Result<Header, BackupProblem>> {
  const sum = createHash('sha256')
  let header: Header | null = null
  let last: string | null = null
  try {
    for await (const line of linesOf(path)) {
      if (last === null) header = readHeader(line)
      else sum.update(`${last}\n`)
      if (header === null) return err('not-a-backup')
      last = line
    }
    const end: unknown = JSON.parse(last ?? 'null')
    const isWhole =
      typeof end === 'object' && end !== null && 'sha256' in end && end.sha256 === sum.digest('hex')
    return isWhole && header ? ok(header) : err('damaged')
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : ''
    if (code === 'ENOENT') return err('missing')
    return err(header === null ? 'not-a-backup' : 'damaged')
  }
}

function readHeader(line: string): Header | null {
  try {
    const value: unknown = JSON.parse(line)
    const isOurs =
      typeof value === 'object' &&
      value !== null &&
      'ecluse' in value &&
      value.ecluse === 'backup' &&
      'v' in value &&
      value.v === 1
    // the checksum of the whole file is compared before any of it is used
    return isOurs ? (value as unknown as Header) : null
  } catch {
    return null
  }
}

/** Lines of a packed file, one after the other. @throws what the system or the unpacking says */
async function* linesOf(path: string): AsyncGenerator<string, void> {
  const file = createReadStream(path)
  const unpacked = createGunzip()
  file.on('error', (error) => unpacked.destroy(error))
  file.pipe(unpacked)
  const decoder = new StringDecoder('utf8')
  let rest = ''
  try {
    for await (const piece of unpacked as AsyncIterable<Buffer>) {
      const lines = (rest + decoder.write(piece)).split('\n')
      rest = lines.pop() ?? ''
      yield* lines
    }
  } finally {
    file.destroy()
    unpacked.destroy()
  }
}
