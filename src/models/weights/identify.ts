import { exactly, type ByteSource } from './bytes/byte-source.ts'
import { strictUtf8 } from './bytes/utf8.ts'
import { isTarHeader } from './archive/scan-tar.ts'
import type { Compression } from './archive/scan-compressed.ts'
import { looksLikeSafetensors } from './safetensors/scan-safetensors.ts'

/** What bytes are, by themselves; the name of the file has no say in it. */
export type Content =
  | 'empty'
  | 'safetensors'
  | 'gguf'
  | 'ggml-old'
  | 'zip'
  | 'pickle'
  | 'hdf5'
  | 'npy'
  | 'tflite'
  | 'tar'
  | 'executable'
  | 'bytecode'
  | 'media'
  | 'script'
  | 'text'
  | 'binary'
  | Compression

/** Beginnings that are proof enough, in hexadecimal. */
const MAGIC: readonly (readonly [string, Content])[] = [
  ['47475546', 'gguf'],
  ['47474d4c', 'ggml-old'],
  ['666d6767', 'ggml-old'],
  ['746a6767', 'ggml-old'],
  ['616c6767', 'ggml-old'],
  ['6c6d6767', 'ggml-old'],
  ['504b0304', 'zip'],
  ['504b0506', 'zip'],
  ['504b0708', 'zip'],
  ['894844460d0a1a0a', 'hdf5'],
  ['934e554d5059', 'npy'],
  ['7f454c46', 'executable'],
  ['feedface', 'executable'],
  ['feedfacf', 'executable'],
  ['cefaedfe', 'executable'],
  ['cffaedfe', 'executable'],
  ['cafebabe', 'executable'],
  ['0061736d', 'executable'],
  ['6465780a', 'executable'],
  ['213c617263683e0a', 'executable'],
  ['1f8b', 'gzip'],
  ['28b52ffd', 'zstd'],
  ['425a68', 'bzip2'],
  ['fd377a585a00', 'xz'],
  ['04224d18', 'lz4'],
  ['377abcaf271c', '7z'],
  ['526172211a07', 'rar'],
  ['89504e470d0a1a0a', 'media'],
  ['ffd8ff', 'media'],
  ['47494638', 'media'],
  ['25504446', 'media'],
  ['4f676753', 'media'],
  ['664c6143', 'media'],
  ['49443303', 'media'],
  ['49443304', 'media'],
  ['1a45dfa3', 'media'],
  ['50415231', 'media'],
  ['4152524f57310000', 'media'],
]

/** Second and third byte of compiled Python are constant, the first two count versions. */
const isBytecode = (head: Buffer): boolean =>
  head.length >= 16 &&
  head[2] === 0x0d &&
  head[3] === 0x0a &&
  [0x0c, 0x0d, 0x0e, 0x0f].includes(head[1] ?? 0)

/** Text files larger than this are taken for text by their beginning, their end and their middle. */
const READ_AS_TEXT = 4 * 1024 * 1024

/** What the bytes are. */
export function identify(source: ByteSource): Content {
  if (source.size === 0) return 'empty'
  const head = Buffer.from(source.read(0, 512))
  if (looksLikeSafetensors(head, source.size)) return 'safetensors'
  const hex = head.subarray(0, 8).toString('hex')
  const magic = MAGIC.find(([start]) => hex.startsWith(start))
  if (magic !== undefined) return magic[1]
  // a zstd file may begin with frames that its readers pass over
  if (/^5[0-9a-f]2a4d18/.test(hex)) return 'zstd'
  const ascii = head.toString('latin1', 0, 12)
  if (ascii.startsWith('RIFF') || ascii.slice(4, 8) === 'ftyp') return 'media'
  if (ascii.slice(4, 8) === 'TFL3') return 'tflite'
  if (isProgram(source, head)) return 'executable'
  if (isTarHeader(head)) return 'tar'
  if (head[0] === 0x80 && (head[1] ?? 9) <= 6) return 'pickle'
  if (isBytecode(head)) return 'bytecode'
  if (head[0] === 0x78 && [0x01, 0x5e, 0x9c, 0xda].includes(head[1] ?? 0) && !isTextual(source)) {
    return 'zlib'
  }
  if (isTextual(source)) return ascii.startsWith('#!') ? 'script' : 'text'
  return 'binary'
}

/** `MZ` begins programs of Windows and of the llamafile; two letters alone would be chance. */
function isProgram(source: ByteSource, head: Buffer): boolean {
  if (head[0] !== 0x4d || head[1] !== 0x5a || head.length < 64) return false
  if (head.toString('latin1', 0, 6) === 'MZqFpD') return true
  const at = head.readUInt32LE(60)
  return exactly(source, at, 4)?.toString('latin1') === 'PE\0\0'
}

/** Whether the bytes are UTF-8 without control characters. */
export function isTextual(source: ByteSource): boolean {
  const length = Math.min(source.size, READ_AS_TEXT)
  // a cut in the middle of a character is no fault of the file
  const bytes = Buffer.from(source.read(0, length))
  const whole = source.size <= READ_AS_TEXT ? bytes : bytes.subarray(0, lastWhole(bytes))
  const text = strictUtf8(whole)
  // oxlint-disable-next-line no-control-regex
  return text !== null && !/[\u0000-\u0008\u000e-\u001a\u001c-\u001f]/.test(text)
}

/** Where the last character that begins in these bytes begins. */
function lastWhole(bytes: Buffer): number {
  let at = bytes.length
  while (at > 0 && ((bytes[at - 1] ?? 0) & 0xc0) === 0x80) at -= 1
  return Math.max(0, at - 1)
}
