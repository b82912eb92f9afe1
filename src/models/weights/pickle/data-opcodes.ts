import { Broken } from './broken.ts'
import type { Machine, Opcode } from './machine.ts'
import { rawUnicode, unquote } from './old-text.ts'
import { bulk, BYTES_PER_STEP } from './load-cost.ts'
import { FALSE, NONE, OPAQUE, TRUE, type HeldText, type Value } from './value.ts'

/** Texts of protocol 0 that are kept: no module or name is longer. Bytes. */
const KEPT_TEXT = 4096
/** Longest line of the text opcodes of protocol 0, bytes. */
const LONGEST_LINE = 64 * 1024 * 1024
/** Decimal digits of which CPython makes one limb. */
const DIGITS_PER_STEP = 30

const line = (machine: Machine): Buffer => {
  const found = machine.cursor.line(Math.min(LONGEST_LINE, machine.cursor.left))
  if (found === null) throw new Broken()
  return found
}

/** First bytes of what could be a pickle: PROTO, MARK, GLOBAL; the same in base64 and hexadecimal; gzip and zlib. */
const OPENINGS = Uint8Array.from({ length: 256 }, (_, byte) =>
  [0x80, 0x28, 0x63, 0x67, 0x59, 0x38, 0x1f, 0x78].includes(byte) ? 1 : 0,
)

/** A text or bytes of a known length: where it lies, read when somebody asks. */
function held(machine: Machine, length: number, encoding: HeldText['encoding'] | null): void {
  const { cursor } = machine
  const start = cursor.at
  const mayHide = length >= 8 && OPENINGS[cursor.peek()] === 1
  cursor.skip(length)
  machine.push(
    encoding === null
      ? bulk('bytes', length / BYTES_PER_STEP)
      : { kind: 'text', at: start, length, encoding },
  )
  if (mayHide) machine.listener.held(start, length)
}

const sized =
  (bytes: 1 | 4 | 8, encoding: HeldText['encoding'] | null) =>
  (machine: Machine): void => {
    const { cursor } = machine
    const length = bytes === 1 ? cursor.u8() : bytes === 4 ? cursor.u32() : cursor.u64()
    held(machine, machine.bounded(length), encoding)
  }

const constant =
  (value: Value) =>
  (machine: Machine): void =>
    machine.push(value)

const integerLine = (machine: Machine): void => {
  // decimal digits are read in quadratic time (CPython before its limit of 4,300 digits)
  const start = machine.cursor.at
  const text = line(machine).toString('latin1').trim()
  const value = Number(text.replace(/L$/, ''))
  machine.cost.pay(((machine.cursor.at - start) / DIGITS_PER_STEP) ** 2)
  machine.checkCost()
  machine.push(text !== '' && Number.isSafeInteger(value) ? value : OPAQUE)
}

const floatLine = (machine: Machine): void => {
  const value = Number(line(machine).toString('latin1'))
  machine.push(Number.isNaN(value) ? OPAQUE : value)
}

const readOnly = (machine: Machine): void => {
  machine.top()
}

const long =
  (bytes: 1 | 4) =>
  (machine: Machine): void => {
    const { cursor } = machine
    const length = machine.bounded(bytes === 1 ? cursor.u8() : cursor.u32())
    if (length > 64) {
      cursor.skip(length)
      machine.push(bulk('number', length / BYTES_PER_STEP))
      return
    }
    const digits = cursor.take(length)
    if (length <= 6) machine.push(length === 0 ? 0 : digits.readIntLE(0, length))
    else machine.push({ kind: 'long', hex: digits.toString('hex') })
  }

const oldText =
  (read: (text: string) => string) =>
  (machine: Machine): void => {
    const start = machine.cursor.at
    const raw = line(machine)
    const { length } = raw
    const value = length <= KEPT_TEXT ? read(raw.toString('latin1')) : OPAQUE
    machine.push(value)
    if (length >= 8) machine.listener.held(start, length)
  }

/** Opcodes that push data, by their byte. */
export const DATA_OPCODES: Readonly<Record<number, Opcode>> = {
  0x46: { name: 'FLOAT', run: floatLine },
  0x47: { name: 'BINFLOAT', run: (m) => m.push(m.cursor.f64()) },
  0x49: { name: 'INT', run: integerLine },
  0x4a: { name: 'BININT', run: (m) => m.push(m.cursor.i32()) },
  0x4b: { name: 'BININT1', run: (m) => m.push(m.cursor.u8()) },
  0x4c: { name: 'LONG', run: integerLine },
  0x4d: { name: 'BININT2', run: (m) => m.push(m.cursor.u16()) },
  0x4e: { name: 'NONE', run: constant(NONE) },
  0x53: { name: 'STRING', run: oldText(unquote) },
  0x54: { name: 'BINSTRING', run: sized(4, 'latin1') },
  0x55: { name: 'SHORT_BINSTRING', run: sized(1, 'latin1') },
  0x56: { name: 'UNICODE', run: oldText(rawUnicode) },
  0x58: { name: 'BINUNICODE', run: sized(4, 'utf8') },
  0x8c: { name: 'SHORT_BINUNICODE', run: sized(1, 'utf8') },
  0x8d: { name: 'BINUNICODE8', run: sized(8, 'utf8') },
  0x42: { name: 'BINBYTES', run: sized(4, null) },
  0x43: { name: 'SHORT_BINBYTES', run: sized(1, null) },
  0x8e: { name: 'BINBYTES8', run: sized(8, null) },
  0x96: { name: 'BYTEARRAY8', run: sized(8, null) },
  0x97: { name: 'NEXT_BUFFER', run: constant(OPAQUE) },
  0x98: { name: 'READONLY_BUFFER', run: readOnly },
  0x88: { name: 'NEWTRUE', run: constant(TRUE) },
  0x89: { name: 'NEWFALSE', run: constant(FALSE) },
  0x8a: { name: 'LONG1', run: long(1) },
  0x8b: { name: 'LONG4', run: long(4) },
  0x80: { name: 'PROTO', run: (m) => m.cursor.skip(1) },
  // the lengths of frames are no bounds of ours: a hostile one may lie
  0x95: { name: 'FRAME', run: (m) => m.cursor.skip(8) },
}
