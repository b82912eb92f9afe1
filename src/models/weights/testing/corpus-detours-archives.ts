import { crc32, deflateSync, gzipSync, zstdCompressSync } from 'node:zlib'
import { bytes, payload, proto, STOP, tensorPickle } from './build-pickle.ts'
import { buildTar, buildZip, type Member } from './build-zip.ts'
import type { Sample } from './corpus.ts'
import type { RuleCode } from '../rules.ts'

const evil: Member = { name: 'archive/data.pkl', content: payload(2) }
const good: Member = { name: 'archive/data.pkl', content: tensorPickle(4) }
const version: Member = { name: 'archive/version', content: Buffer.from('3\n') }
const hello: Member = { name: 'hello.txt', content: Buffer.from('hello') }
const picture = bytes(Buffer.from('89504e470d0a1a0a', 'hex'), Buffer.alloc(504))

/** Records of a pax header: each begins with its own length. */
const pax = (...records: readonly string[]): Buffer =>
  Buffer.from(
    records
      .map((record) => {
        let length = record.length + 3
        while (`${length} ${record}\n`.length !== length) length += 1
        return `${length} ${record}\n`
      })
      .join(''),
  )

type TarMember = Parameters<typeof buildTar>[0][number]

const tar = (name: string, rule: RuleCode | null, ...members: readonly TarMember[]): Sample => ({
  name: `detours/${name}.tar`,
  bytes: buildTar(members),
  rule,
})

/** A whole tar archive without its end. */
const hidden = buildTar([{ name: 'data.pkl', content: payload(2) }]).subarray(0, -1024)
const said = (content: Buffer, type = 'x'): TarMember => ({ name: 'pax', content, type })

const TARS: readonly Sample[] = [
  tar('size-by-pax', 'pickle-dangerous-global', said(pax('size=512')), {
    name: 'a.png',
    content: bytes(picture, hidden),
  }),
  tar('two-sizes', 'tar-malformed', said(pax('size=512')), {
    name: 'a.png',
    content: bytes(picture, Buffer.alloc(512)),
  }),
  tar('folder-with-room', 'pickle-dangerous-global', { name: 'd/', content: hidden, type: '5' }),
  tar('old-folder', 'tar-malformed', { name: 'd/', content: hidden, type: '\0' }),
  tar('names-for-all', 'archive-escape', said(pax('path=../../x'), 'g'), hello),
  tar('two-names', 'archive-escape', said(pax('path=ok', 'path=../../x')), hello),
  tar('name-in-comment', 'archive-escape', said(pax('comment=\n11 path=ok', 'path=../x')), hello),
  tar('sparse', 'tar-malformed', said(pax('GNU.sparse.name=x', 'GNU.sparse.major=1')), hello),
  tar('wrong-length', 'tar-malformed', said(Buffer.from('99 path=x\n')), hello),
  {
    name: 'detours/behind-the-end.tar',
    bytes: bytes(buildTar([hello]), buildTar([{ name: 'data.pkl', content: payload(2) }])),
    rule: 'pickle-dangerous-global',
  },
  tar(
    'as-written',
    null,
    { name: 'd/', content: Buffer.alloc(0), type: '5' },
    said(pax('mtime=1.5', `path=d/${'x'.repeat(120)}.txt`)),
    hello,
    said(pax('comment=abc'), 'g'),
    { ...hello, name: 'other.txt' },
  ),
]

const none = bytes(proto(2), 'N', STOP)

const STREAMS: readonly Sample[] = [
  {
    name: 'detours/second-stream.joblib',
    bytes: bytes(deflateSync(none), deflateSync(payload(2))),
    rule: 'pickle-dangerous-global',
  },
  {
    name: 'detours/second-frame.joblib',
    bytes: bytes(zstdCompressSync(none), zstdCompressSync(payload(2))),
    rule: 'pickle-dangerous-global',
  },
  {
    name: 'detours/passed-over-frame.joblib',
    bytes: bytes(
      Buffer.from('502a4d1804000000', 'hex'),
      Buffer.alloc(4),
      zstdCompressSync(payload(2)),
    ),
    rule: 'pickle-dangerous-global',
  },
  {
    name: 'detours/second-member.pkl.gz',
    bytes: bytes(gzipSync(none), gzipSync(payload(2))),
    rule: 'pickle-dangerous-global',
  },
]

/** A stream whose checksum is wrong: its bytes were handed out before that is seen. */
function wrongSum(stream: Buffer): Buffer {
  const file = Buffer.from(stream)
  const at = file.length - 6
  file[at] = (file[at] ?? 0) ^ 1
  return file
}

const BROKEN: readonly Sample[] = [
  ['wrong-sum.pkl.gz', wrongSum(gzipSync(payload(2)))] as const,
  ['cut.pkl.gz', gzipSync(payload(2)).subarray(0, -5)] as const,
  ['followed.pkl', bytes(gzipSync(payload(2)), 'xxxx')] as const,
  ['cut.joblib', deflateSync(payload(2)).subarray(0, -2)] as const,
].map(([name, content]) => ({
  name: `detours/${name}`,
  bytes: content,
  rule: 'pickle-dangerous-global',
}))

/** A tensor that is an archive of its own, too far from the end to be seen by looking for end records. */
const far = (wide: boolean): Member => ({
  name: 'archive/data/0',
  content: bytes(buildZip([evil, version], '', wide), Buffer.alloc(70_000)),
})

/** An end record in the comment: Python stops at the first, miniz goes where the last one points. */
function endInComment(): Buffer {
  const file = buildZip([good, version, far(false)])
  const inner = file.indexOf('PK\u0005\u0006', 0, 'latin1')
  const comment = Buffer.from(file.subarray(inner, inner + 22))
  comment.writeUInt32LE(file.indexOf('PK\u0001\u0002', 0, 'latin1'), 16)
  file.writeUInt16LE(comment.length, file.length - 2)
  return bytes(file, comment)
}

/** The locator of ZIP64 points into a tensor; readers that count backwards find another record. */
function twoRecords(): Buffer {
  const file = buildZip([good, version, far(true)], '', true)
  const locator = file.lastIndexOf('PK\u0006\u0007', undefined, 'latin1')
  file.writeBigUInt64LE(BigInt(file.indexOf('PK\u0006\u0006', 0, 'latin1')), locator + 8)
  return file
}

/** The plain end record tells of fewer members than the one of ZIP64. */
function twoCounts(): Buffer {
  const file = buildZip([good, version], '', true)
  file.writeUInt16LE(1, file.length - 12)
  return file
}

/** A second name in an extra field of the directory. */
function twoNames(): Buffer {
  const file = buildZip([{ name: 'config.txt', content: Buffer.from('{"auto_map":["x.Y"]}') }])
  const central = file.indexOf('PK\u0001\u0002', 0, 'latin1')
  const name = Buffer.from('../config.json')
  const extra = Buffer.alloc(9)
  extra.writeUInt16LE(0x70_75, 0)
  extra.writeUInt16LE(5 + name.length, 2)
  extra.writeUInt8(1, 4)
  extra.writeUInt32LE(crc32('config.txt'), 5)
  const end = Buffer.from(file.subarray(-22))
  const entry = Buffer.from(file.subarray(central, -22))
  entry.writeUInt16LE(extra.length + name.length, 30)
  end.writeUInt32LE(entry.length + extra.length + name.length, 12)
  return bytes(file.subarray(0, central), entry, extra, name, end)
}

const zip = (name: string, rule: RuleCode, content: Buffer): Sample => ({
  name: `detours/${name}`,
  bytes: content,
  rule,
})

const ZIPS: readonly Sample[] = [
  {
    name: 'detours/stored-inside.zip',
    bytes: buildZip([{ name: 'note.zip', content: buildZip([hello]) }]),
    rule: 'archive-nested',
  },
  zip('end-in-comment.pt', 'zip-directories', endInComment()),
  zip('two-wide-records.pt', 'zip-directories', twoRecords()),
  zip('two-counts.pt', 'zip-directories', twoCounts()),
  zip('unicode-name.zip', 'zip-header-mismatch', twoNames()),
  zip('unicode-name-escapes.zip', 'archive-escape', twoNames()),
  zip('unicode-name-decides.zip', 'remote-code', twoNames()),
]

/** Archives in which readers by other rules find other members. */
export const DETOURS_OF_ARCHIVES: readonly Sample[] = [...TARS, ...STREAMS, ...BROKEN, ...ZIPS]
