import { gzipSync, zstdCompressSync } from 'node:zlib'
import { bytes, payload, tensorPickle } from './build-pickle.ts'
import { safetensors } from './build-weights.ts'
import { buildTar, buildZip, type Member } from './build-zip.ts'
import type { Sample } from './corpus.ts'
import type { RuleCode } from '../rules.ts'

const evil: Member = { name: 'archive/data.pkl', content: payload(2) }
const version: Member = { name: 'archive/version', content: Buffer.from('3\n') }
const good: Member = { name: 'archive/data.pkl', content: tensorPickle(4) }
const tensor: Member = { name: 'archive/data/0', content: Buffer.alloc(16, 1) }

const zipped = (
  name: string,
  rule: RuleCode,
  members: readonly Member[],
  reference?: string,
): Sample => ({ name, bytes: buildZip(members), rule, ...(reference && { reference }) })

const flags: readonly Sample[] = [0x01, 0x20, 0x40].flatMap((flag) => [
  {
    name: `flag-${flag}-local.pt`,
    bytes: buildZip([{ ...evil, localFlags: flag, centralFlags: flag }, version]),
    rule: 'zip-false-flags',
    reference: 'CVE-2025-1945',
  },
  {
    name: `flag-${flag}-central.pt`,
    bytes: buildZip([{ ...evil, centralFlags: flag }, version]),
    rule: 'pickle-dangerous-global',
    reference: 'CVE-2025-1945',
  },
])

const bomb = Buffer.alloc(80 * 1024 * 1024)
const plain = buildZip([evil, version])

/** Archives that show one content to a scanner and another one to a loader. */
export const ARCHIVES: readonly Sample[] = [
  ...flags,
  zipped('payload.pt', 'pickle-dangerous-global', [evil, version]),
  zipped('payload-deflated.pt', 'pickle-dangerous-global', [{ ...evil, deflated: true }, version]),
  zipped('wrong-crc.pt', 'zip-crc', [{ ...evil, crc: 1 }, version], 'CVE-2025-10156'),
  zipped(
    'wrong-crc-payload.pt',
    'pickle-dangerous-global',
    [{ ...evil, crc: 1 }],
    'CVE-2025-10156',
  ),
  zipped(
    'two-names.pt',
    'zip-header-mismatch',
    [{ ...evil, localName: 'archive/data.txt' }],
    'CVE-2025-1944',
  ),
  zipped('two-methods.pt', 'zip-header-mismatch', [{ ...good, localMethod: 8 }, version]),
  zipped('wrong-extension.txt', 'content-mismatch', [evil], 'CVE-2025-1889'),
  zipped('member-without-extension.zip', 'pickle-dangerous-global', [
    { name: 'weights', content: payload(2) },
  ]),
  zipped(
    'member-protocol-0.zip',
    'pickle-dangerous-global',
    [{ name: 'notes.txt', content: payload(0) }],
    'modelaudit 624',
  ),
  zipped('twice.pt', 'archive-duplicate', [good, { ...good, content: payload(2) }, version]),
  zipped('orphan.pt', 'zip-orphan', [
    { ...evil, name: 'archive/other.pkl', orphan: true },
    good,
    version,
  ]),
  zipped('orphan-payload.pt', 'pickle-dangerous-global', [
    { ...evil, name: 'archive/other.pkl', orphan: true },
    good,
  ]),
  zipped('escape.zip', 'archive-escape', [{ name: '../../.bashrc', content: Buffer.from('x') }]),
  zipped('escape-windows.zip', 'archive-escape', [{ name: '..\\x', content: Buffer.from('x') }]),
  zipped('absolute.zip', 'archive-escape', [{ name: '/etc/cron.d/x', content: Buffer.from('x') }]),
  zipped('link.zip', 'archive-link', [{ name: 'x', content: Buffer.from('/etc'), mode: 0xa1_ff }]),
  zipped('bomb.zip', 'archive-bomb', [{ name: 'x.json', content: bomb, deflated: true }]),
  zipped('bomb-that-lies.zip', 'archive-bomb', [
    { name: 'x.txt', content: bomb.subarray(0, 2 ** 20), deflated: true, size: 10 },
  ]),
  zipped('encrypted.zip', 'zip-encrypted', [
    { name: 'x.pkl', content: Buffer.from('secret'), localFlags: 1, centralFlags: 1, crc: 5 },
  ]),
  zipped('bzip2.zip', 'zip-method', [{ name: 'x.pkl', content: Buffer.from('BZh9'), method: 12 }]),
  zipped('not-deflate.zip', 'zip-broken-member', [
    { name: 'x.pkl', content: Buffer.from('ffffff', 'hex'), method: 8 },
  ]),
  {
    name: 'overlap.zip',
    bytes: overlapping(),
    rule: 'zip-overlap',
    reference: 'Fifield, a better zip bomb',
  },
  {
    name: 'wrong-size.tar',
    bytes: buildTar([{ name: 'x', content: Buffer.alloc(600) }]).subarray(0, 900),
    rule: 'tar-malformed',
  },
  {
    name: 'put-in-front.pt',
    bytes: bytes(payload(2), plain),
    rule: 'pickle-dangerous-global',
    reference: 'picklescan pytorch_magic_bypass',
  },
  {
    name: 'put-in-front-of-good.pt',
    bytes: bytes('#!/bin/sh\ntrue\n', buildZip([good, tensor])),
    rule: 'polyglot',
  },
  {
    name: 'spanned-marker.pt',
    bytes: bytes('PK\x07\x08', plain),
    rule: 'pickle-dangerous-global',
    reference: 'saferpickle 46',
  },
  {
    name: 'two-directories.pt',
    bytes: bytes(plain, buildZip([good, version])),
    rule: 'zip-directories',
  },
  { name: 'after-the-end.pt', bytes: bytes(plain, 'x'), rule: 'pickle-dangerous-global' },
  {
    name: 'zip-in-zip.zip',
    bytes: buildZip([{ name: 'inner.zip', content: plain, deflated: true }]),
    rule: 'pickle-dangerous-global',
  },
  {
    name: 'gzip.pkl.gz',
    bytes: gzipSync(payload(4)),
    rule: 'pickle-dangerous-global',
    reference: 'saferpickle 41',
  },
  {
    name: 'gzip-protocol-0.pkl',
    bytes: gzipSync(payload(0)),
    rule: 'pickle-dangerous-global',
    reference: 'saferpickle 41',
  },
  { name: 'zstd.joblib', bytes: zstdCompressSync(payload(4)), rule: 'pickle-dangerous-global' },
  {
    name: 'payload.tar',
    bytes: buildTar([{ name: 'x/data.pkl', content: payload(2) }]),
    rule: 'pickle-dangerous-global',
  },
  {
    name: 'legacy-torch.tar',
    bytes: buildTar(
      ['sys_info', 'pickle', 'storages', 'tensors'].map((name) => ({ name, content: payload(2) })),
    ),
    rule: 'pickle-dangerous-global',
  },
  {
    name: 'escape.tar',
    bytes: buildTar([{ name: '../x', content: Buffer.from('x') }]),
    rule: 'archive-escape',
  },
  {
    name: 'link.tar',
    bytes: buildTar([{ name: 'x', content: Buffer.alloc(0), type: '2' }]),
    rule: 'archive-link',
  },
  {
    name: 'seven.7z',
    bytes: bytes(Buffer.from('377abcaf271c0004', 'hex'), Buffer.alloc(64)),
    rule: 'archive-unreadable',
    reference: 'picklescan malicious1.7z',
  },
  {
    name: 'model.rar',
    bytes: bytes('Rar!\x1a\x07\x01\x00', Buffer.alloc(32)),
    rule: 'archive-unreadable',
  },
  { name: 'weights-and-zip-and-more.safetensors', bytes: polyglot(12), rule: 'polyglot' },
  { name: 'weights-and-zip.safetensors', bytes: polyglot(), rule: 'polyglot' },
]

/** A zip inside the last tensor: safetensors from the front, a zip from behind. */
function polyglot(behind = 0): Buffer {
  const zip = bytes(plain, Buffer.alloc(behind))
  const elements = Math.ceil(zip.length / 4)
  const file = safetensors([['w', [elements]]])
  zip.copy(file, file.length - zip.length)
  return file
}

/** Two entries of the directory that point to one member. */
function overlapping(): Buffer {
  const file = buildZip([good, { ...good, name: 'archive/data.pk2' }])
  const second = file.lastIndexOf(Buffer.from('PK\x01\x02', 'latin1'))
  file.writeUInt32LE(0, second + 42)
  return file
}
