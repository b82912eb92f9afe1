import { openZipMember, zipMembers, type ZipMember } from '../packages/zip-entry.ts'
import { plainFileName } from './distinct-files.ts'
import { unsafeArchive, type TarredFile } from './foreign-tar.ts'
import { MOST_FILES, type Packing } from './plan.ts'
import { isSafeName } from './safe-name.ts'

export const isWeights = (path: string): boolean => WEIGHTS.test(path)

const WEIGHTS = /\.(?:gguf|safetensors)$/i
/** What says whose the weights are, and under which terms. */
const PAPERS = /^(?:licen[cs]es?|copying|notice|readme|model[-_]?card)(?:[._-][^/]*)?$/i

/** Under which name a file of a package is taken; null for its programs and all else. A source archive begins with a folder of its own. */
export function wantedOfPackage(path: string, { form }: Packing): string | null {
  const own = form === 'tar' ? path.slice(path.indexOf('/') + 1) : path
  const last = own.split('/').at(-1) ?? ''
  return WEIGHTS.test(last) || PAPERS.test(last) ? own : null
}

/** The mode bits that tell what kind of file it is, and those of a regular one (inode(7)). */
const KIND = 0o170000
const REGULAR = 0o100000

/** The files of a wheel that are taken, as they lie in it; nothing else of it is read. */
export async function* zippedFiles(path: string): AsyncGenerator<TarredFile> {
  const members = await zipMembers(path)
  if (members === null) throw unsafeArchive('malformed')
  if (members.length > MOST_FILES) throw unsafeArchive('too-many-files')
  const names = new Set<string>()
  for (const member of members) {
    if (wantedOfPackage(member.name, { form: 'zip', compression: 'none' }) === null) continue
    const alike = plainFileName(member.name)
    if (!isSafeName(member.name)) throw unsafeArchive('unsafe-name')
    if (names.has(alike)) throw unsafeArchive('name-twice')
    names.add(alike)
    yield { path: member.name, bytes: member.bytes, body: await bodyOf(path, member) }
  }
}

async function bodyOf(path: string, member: ZipMember): Promise<AsyncIterable<Uint8Array>> {
  const kind = member.mode & KIND
  if (kind !== 0 && kind !== REGULAR) throw unsafeArchive('link')
  if (member.bytes === 0 && member.compressed === 0) return NOTHING
  const body = member.isReadable ? await openZipMember(path, member) : null
  if (body === null) throw unsafeArchive('malformed')
  return inflated(body)
}

const NOTHING: AsyncIterable<Uint8Array> = { async *[Symbol.asyncIterator]() {} }

async function* inflated(body: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  try {
    yield* body
  } catch (error) {
    if (error instanceof Error && 'code' in error && String(error.code).startsWith('Z_'))
      throw unsafeArchive('malformed')
    throw error
  }
}
