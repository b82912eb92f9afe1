import { PullError } from '../pull/pull-failure.ts'
import { ByteFlow } from './byte-flow.ts'
import { plainFileName } from './distinct-files.ts'
import { MOST_FILES } from './plan.ts'
import { isSafeName } from './safe-name.ts'

/** Blocks of a tar file (POSIX.1-1988 ustar, POSIX.1-2001 pax, GNU), bytes. */
const BLOCK = 512
/** Longest name, or list of properties, of one entry, bytes. */
const MOST_SAID = 64 * 1024

/** Why an archive of somebody else is refused. */
export type TarProblem =
  | 'unsafe-name'
  | 'name-twice'
  | 'link'
  | 'device'
  | 'sparse-file'
  | 'unknown-entry'
  | 'too-many-files'
  | 'too-large'
  | 'malformed'

export const unsafeArchive = (reason: TarProblem): PullError =>
  new PullError({ code: 'archive-refused', detail: { reason } })

/** A regular file of an archive; its bytes are read before the next one is asked for. */
export interface TarredFile {
  readonly path: string
  readonly bytes: number
  readonly body: AsyncIterable<Uint8Array>
}

/** What pax or GNU say of the entry after them. */
interface Said {
  readonly path?: string
  readonly size?: number
}

/**
 * The regular files of a tar that somebody else wrote, as it streams by. Directories are passed over; everything that is
 * not plainly a file under a plain name ends it.
 */
export async function* tarredFiles(source: AsyncIterable<Uint8Array>): AsyncGenerator<TarredFile> {
  const flow = new ByteFlow(source)
  const names = new Set<string>()
  let said: Said = {}
  try {
    for (let entries = 0; ; entries++) {
      const block = await flow.exactly(BLOCK)
      if (block.length === 0 || isZero(block)) return
      if (entries > 2 * MOST_FILES) throw unsafeArchive('too-many-files')
      const header = headerOf(block)
      if (header === null) throw unsafeArchive('malformed')
      const size = said.size ?? header.size
      if (SAYING.has(header.type)) {
        // properties of all that follows are passed over, unless they would change it
        const next = await readSaid(flow, header.type, header.size)
        if (header.type !== 'g') said = { ...said, ...next }
        continue
      }
      const name = (said.path ?? header.name).replace(/^(?:\.\/+)+/, '')
      said = {}
      const isFolder = header.type === '5' || name.endsWith('/') || name === '.' || name === ''
      if (!isFolder) {
        const path = checkedName(header.type, name, names)
        let left = size
        const body = flow.stretch(size)
        yield {
          path,
          bytes: size,
          body: counted(body, (length) => {
            left -= length
          }),
        }
        // whoever did not want the bytes has them passed over
        for await (const piece of flow.stretch(left)) left -= piece.length
        if (left > 0) throw unsafeArchive('malformed')
      } else if (size > 0) throw unsafeArchive('malformed')
      await flow.exactly((BLOCK - (size % BLOCK)) % BLOCK)
    }
  } finally {
    await flow.close()
  }
}

async function* counted(
  body: AsyncIterable<Buffer>,
  onBytes: (length: number) => void,
): AsyncGenerator<Buffer> {
  for await (const piece of body) {
    onBytes(piece.length)
    yield piece
  }
}

/** Entries that only say something: of the next one, of its link, of all. */
const SAYING: ReadonlySet<string> = new Set(['x', 'g', 'L', 'K'])
/** Files, also as old programs and contiguous ones are marked. */
const FILES: ReadonlySet<string> = new Set(['0', '\0', '7'])

const PROBLEMS: Readonly<Record<string, TarProblem>> = {
  '1': 'link',
  '2': 'link',
  '3': 'device',
  '4': 'device',
  '6': 'device',
  S: 'sparse-file',
}

function checkedName(type: string, name: string, names: Set<string>): string {
  if (!FILES.has(type)) throw unsafeArchive(PROBLEMS[type] ?? 'unknown-entry')
  if (!isSafeName(name)) throw unsafeArchive('unsafe-name')
  const alike = plainFileName(name)
  if (names.has(alike)) throw unsafeArchive('name-twice')
  if (names.size >= MOST_FILES) throw unsafeArchive('too-many-files')
  names.add(alike)
  return name
}

const isZero = (block: Buffer): boolean => block.length === BLOCK && block.every((byte) => !byte)

interface Header {
  readonly name: string
  readonly size: number
  readonly type: string
}

function headerOf(block: Buffer): Header | null {
  if (block.length < BLOCK) return null
  let sum = 8 * 32
  for (const [at, byte] of block.entries()) if (at < 148 || at >= 156) sum += byte
  const size = sizeOf(block.subarray(124, 136))
  if (octal(block.subarray(148, 156)) !== sum || size === null) return null
  // GNU has other fields where ustar has the beginning of a long name
  const isUstar = block.toString('latin1', 257, 263) === 'ustar\0'
  const prefix = isUstar ? textOf(block.subarray(345, 500)) : ''
  const name = textOf(block.subarray(0, 100))
  const type = String.fromCodePoint(block.readUInt8(156))
  return { name: prefix === '' ? name : `${prefix}/${name}`, size, type }
}

const textOf = (field: Buffer): string => {
  const end = field.indexOf(0)
  return field.toString('utf8', 0, end < 0 ? field.length : end)
}

function octal(field: Buffer): number | null {
  const digits = /^ *([0-7]+)[ \0]*$/.exec(field.toString('latin1'))?.[1]
  return digits === undefined ? null : Number.parseInt(digits, 8)
}

/** Beyond 8 GB in base 256, marked by the highest bit. */
function sizeOf(field: Buffer): number | null {
  if ((field.readUInt8(0) & 0x80) === 0) return octal(field)
  const value = field.subarray(4).readBigUInt64BE(0)
  const isPlain = field.subarray(1, 4).every((byte) => byte === 0) && field.readUInt8(0) === 0x80
  return isPlain && value <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(value) : null
}

async function readSaid(flow: ByteFlow, type: string, size: number): Promise<Said> {
  if (size > MOST_SAID) throw unsafeArchive('malformed')
  const body = await flow.exactly(size)
  const padding = await flow.exactly((BLOCK - (size % BLOCK)) % BLOCK)
  if (body.length < size || padding.length !== (BLOCK - (size % BLOCK)) % BLOCK)
    throw unsafeArchive('malformed')
  if (type === 'L') return { path: textOf(body) }
  if (type === 'K') return {}
  const properties = propertiesOf(body)
  if ([...properties.keys()].some((key) => key.startsWith('GNU.sparse.')))
    throw unsafeArchive('sparse-file')
  const path = properties.get('path')
  const length = properties.get('size')
  if (type === 'g' && (path !== undefined || length !== undefined))
    throw unsafeArchive('unknown-entry')
  if (length !== undefined && !/^\d{1,15}$/.test(length)) throw unsafeArchive('malformed')
  return {
    ...(path === undefined ? {} : { path }),
    ...(length === undefined ? {} : { size: Number(length) }),
  }
}

/** Records of pax: `LENGTH KEY=VALUE\n`, the length in bytes and of the whole record. */
function propertiesOf(body: Buffer): ReadonlyMap<string, string> {
  const properties = new Map<string, string>()
  for (let at = 0; at < body.length;) {
    const digits = /^(\d{1,6}) /.exec(body.toString('latin1', at, at + 8))?.[1]
    const length = Number(digits)
    const record = body.subarray(at, at + length)
    const equals = record.indexOf('=')
    const begin = (digits?.length ?? 0) + 1
    if (!(length > begin) || record.length < length || record.at(-1) !== 10 || equals < begin)
      throw unsafeArchive('malformed')
    properties.set(
      record.toString('utf8', begin, equals),
      record.toString('utf8', equals + 1, length - 1),
    )
    at += length
  }
  return properties
}
