import type { FileHandle } from 'node:fs/promises'

/** Blocks of a tar file (POSIX.1-1988, ustar), bytes. */
const BLOCK = 512
/** Bytes read at once. */
const PIECE = 1024 * 1024

/** A header of a regular file. Sizes beyond eleven octal digits are written in base 256, as GNU tar does. */
export function tarHeader(name: string, bytes: number): Buffer {
  const header = Buffer.alloc(BLOCK)
  header.write(name, 0, 100, 'latin1')
  header.write('0000600\0', 100, 'latin1')
  header.write('0000000\0', 108, 'latin1')
  header.write('0000000\0', 116, 'latin1')
  if (bytes < 8 ** 11) header.write(`${bytes.toString(8).padStart(11, '0')}\0`, 124, 'latin1')
  else {
    header.writeUInt8(0x80, 124)
    header.writeBigUInt64BE(BigInt(bytes), 128)
  }
  header.write('00000000000\0', 136, 'latin1')
  header.write('        ', 148, 'latin1')
  header.write('0', 156, 'latin1')
  header.write('ustar\x0000', 257, 'latin1')
  const sum = header.reduce((total, byte) => total + byte, 0)
  header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 'latin1')
  return header
}

/** What fills the last block of a file. */
export const tarPadding = (bytes: number): Buffer => Buffer.alloc((BLOCK - (bytes % BLOCK)) % BLOCK)

/** The end of a tar file. */
export const TAR_END: Buffer = Buffer.alloc(2 * BLOCK)

export interface TarEntry {
  readonly name: string
  readonly bytes: number
  /** Where its bytes begin. */
  readonly at: number
}

/** An archive that holds anything but what `tarHeader` writes, or does not end where it should. */
export class NotOurTar extends Error {}

/** Reads a tar file from entry to entry: regular files with plain names, and nothing else. */
export async function* readTar(file: FileHandle): AsyncGenerator<TarEntry> {
  const { size } = await file.stat()
  let at = 0
  for (;;) {
    const header = await readExactly(file, at, BLOCK)
    if (header.every((byte) => byte === 0)) {
      const rest = await readExactly(file, at + BLOCK, BLOCK)
      if (!rest.every((byte) => byte === 0) || size !== at + 2 * BLOCK) throw new NotOurTar()
      return
    }
    const entry = entryOf(header, at + BLOCK)
    // exactly the header that we write for it: no link, no device, no prefix, no owner, no second size
    if (entry === null || !tarHeader(entry.name, entry.bytes).equals(header)) throw new NotOurTar()
    if (entry.at + entry.bytes > size) throw new NotOurTar()
    yield entry
    const padding = tarPadding(entry.bytes).length
    at = entry.at + entry.bytes + padding
  }
}

function entryOf(header: Buffer, at: number): TarEntry | null {
  const name = header.toString('latin1', 0, 100).replace(/\0.*$/s, '')
  const text = header.toString('latin1', 124, 135)
  const bytes =
    header.readUInt8(124) === 0x80
      ? Number(header.readBigUInt64BE(128))
      : /^[0-7]{11}$/.test(text)
        ? Number.parseInt(text, 8)
        : NaN
  return Number.isSafeInteger(bytes) ? { name, bytes, at } : null
}

/** So many bytes from a place on. */
export async function readExactly(file: FileHandle, at: number, bytes: number): Promise<Buffer> {
  const buffer = Buffer.alloc(bytes)
  let have = 0
  while (have < bytes) {
    const { bytesRead } = await file.read(buffer, have, bytes - have, at + have)
    if (bytesRead === 0) throw new NotOurTar()
    have += bytesRead
  }
  return buffer
}

/** Copies a stretch of one file to another place. */
export async function copyStretch(
  from: FileHandle,
  { at, bytes }: Pick<TarEntry, 'at' | 'bytes'>,
  write: (piece: Uint8Array) => Promise<unknown>,
  signal: AbortSignal,
): Promise<void> {
  for (let done = 0; done < bytes;) {
    signal.throwIfAborted()
    const piece = await readExactly(from, at + done, Math.min(PIECE, bytes - done))
    await write(piece)
    done += piece.length
  }
}
