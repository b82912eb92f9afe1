import { crc32, deflateRawSync } from 'node:zlib'

/** For tests: a member of a zip, and where its headers lie. */
export interface Member {
  readonly name: string
  readonly content: Buffer
  readonly deflated?: boolean
  readonly localName?: string
  readonly localFlags?: number
  readonly centralFlags?: number
  readonly crc?: number
  readonly size?: number
  readonly localMethod?: number
  readonly method?: number
  readonly mode?: number
  /** Sizes and place stand in an extra field of ZIP64; a number: this size does. */
  readonly zip64?: boolean | number
  /** Left out of the directory. */
  readonly orphan?: boolean
}

/** For tests: a zip with headers that may lie. */
export function buildZip(members: readonly Member[], comment = '', wide = false): Buffer {
  const locals: Buffer[] = []
  const central: Buffer[] = []
  let offset = 0
  for (const member of members) {
    const data = member.deflated === true ? deflateRawSync(member.content) : member.content
    const local = localHeader(member, data)
    if (member.orphan !== true) central.push(centralHeader(member, data, offset))
    locals.push(local, data)
    offset += local.length + data.length
  }
  const directory = Buffer.concat(central)
  const end = endRecord(central.length, directory.length, offset, comment.length)
  const records = wide ? [wideEnd(central.length, directory.length, offset)] : []
  return Buffer.concat([...locals, directory, ...records, end, Buffer.from(comment)])
}

/** The end record: how many members, and where their directory lies. */
export function endRecord(count: number, size: number, offset: number, comment = 0): Buffer {
  const end = Buffer.alloc(22)
  end.write('PK\x05\x06', 'latin1')
  end.writeUInt16LE(count, 8)
  end.writeUInt16LE(count, 10)
  end.writeUInt32LE(size, 12)
  end.writeUInt32LE(offset, 16)
  end.writeUInt16LE(comment, 20)
  return end
}

/** The end record of ZIP64 and its locator, which PyTorch writes beside the plain one. */
function wideEnd(count: number, size: number, offset: number): Buffer {
  const record = Buffer.alloc(76)
  record.write('PK\x06\x06', 0, 'latin1')
  record.writeBigUInt64LE(44n, 4)
  record.writeBigUInt64LE(BigInt(count), 24)
  record.writeBigUInt64LE(BigInt(count), 32)
  record.writeBigUInt64LE(BigInt(size), 40)
  record.writeBigUInt64LE(BigInt(offset), 48)
  record.write('PK\x06\x07', 56, 'latin1')
  record.writeBigUInt64LE(BigInt(offset + size), 64)
  record.writeUInt32LE(1, 72)
  return record
}

export function localHeader(member: Member, data: Buffer): Buffer {
  const name = Buffer.from(member.localName ?? member.name)
  const header = Buffer.alloc(30)
  header.write('PK\x03\x04', 'latin1')
  header.writeUInt16LE(20, 4)
  header.writeUInt16LE(member.localFlags ?? 0, 6)
  header.writeUInt16LE(member.localMethod ?? methodOf(member), 8)
  header.writeUInt32LE(member.crc ?? crc32(member.content), 14)
  header.writeUInt32LE(data.length, 18)
  header.writeUInt32LE(member.size ?? member.content.length, 22)
  header.writeUInt16LE(name.length, 26)
  const extra = wideSizes(header, { size: 22, packed: 18, extra: 28 }, member, data, null)
  return Buffer.concat([header, name, extra])
}

/** Moves what a header says of sizes and place into the extra field of ZIP64 (APPNOTE 4.5.3). */
function wideSizes(
  header: Buffer,
  at: { readonly size: number; readonly packed: number; readonly extra: number },
  { zip64 = false, content }: Member,
  data: Buffer,
  offset: number | null,
): Buffer {
  if (zip64 === false) return Buffer.alloc(0)
  const fields = [zip64 === true ? content.length : zip64, data.length, offset ?? []].flat()
  const extra = Buffer.alloc(4 + 8 * fields.length)
  extra.writeUInt16LE(1, 0)
  extra.writeUInt16LE(8 * fields.length, 2)
  for (const [index, value] of fields.entries())
    extra.writeBigUInt64LE(BigInt(value), 4 + 8 * index)
  header.writeUInt32LE(0xff_ff_ff_ff, at.size)
  header.writeUInt32LE(0xff_ff_ff_ff, at.packed)
  header.writeUInt16LE(extra.length, at.extra)
  return extra
}

export function centralHeader(member: Member, data: Buffer, offset: number): Buffer {
  const name = Buffer.from(member.name)
  const header = Buffer.alloc(46)
  header.write('PK\x01\x02', 'latin1')
  header.writeUInt16LE(0x03_14, 4)
  header.writeUInt16LE(20, 6)
  header.writeUInt16LE(member.centralFlags ?? 0, 8)
  header.writeUInt16LE(methodOf(member), 10)
  header.writeUInt32LE(member.crc ?? crc32(member.content), 16)
  header.writeUInt32LE(data.length, 20)
  header.writeUInt32LE(member.size ?? member.content.length, 24)
  header.writeUInt16LE(name.length, 28)
  header.writeUInt32LE(((member.mode ?? 0x81_a4) << 16) >>> 0, 38)
  header.writeUInt32LE(member.zip64 === undefined ? offset : 0xff_ff_ff_ff, 42)
  const extra = wideSizes(header, { size: 24, packed: 20, extra: 30 }, member, data, offset)
  return Buffer.concat([header, name, extra])
}

const methodOf = (member: Member): number => member.method ?? (member.deflated === true ? 8 : 0)

/** For tests: a tar archive. */
export function buildTar(
  members: readonly { readonly name: string; readonly content: Buffer; readonly type?: string }[],
): Buffer {
  const blocks = members.flatMap(({ name, content, type = '0' }) => {
    const header = Buffer.alloc(512)
    header.write(name, 0, 'latin1')
    header.write('0000644\0', 100, 'latin1')
    header.write(`${content.length.toString(8).padStart(11, '0')}\0`, 124, 'latin1')
    header.fill(' ', 148, 156)
    header.write(type, 156, 'latin1')
    header.write('ustar\x0000', 257, 'latin1')
    const sum = header.reduce((total, byte) => total + byte, 0)
    header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 'latin1')
    return [header, content, Buffer.alloc((512 - (content.length % 512)) % 512)]
  })
  return Buffer.concat([...blocks, Buffer.alloc(1024)])
}
