import { defined, Fields, NotUnderstood, type Hdf5File, type Piece } from './hdf5-file.ts'

/** One message of an object: what it says of it. */
export interface Message {
  readonly type: number
  /** Its body stands elsewhere. */
  readonly isShared: boolean
  readonly body: Buffer
}

export const MESSAGE = {
  dataspace: 0x01,
  linkInfo: 0x02,
  datatype: 0x03,
  link: 0x06,
  externalFiles: 0x07,
  layout: 0x08,
  filters: 0x0b,
  attribute: 0x0c,
  sharedTable: 0x0f,
  continuation: 0x10,
  symbolTable: 0x11,
  driver: 0x14,
  attributeInfo: 0x15,
} as const
/** The last type that the format has (HDF5 File Format Specification 3.0, IV.A.2). */
const LAST_TYPE = 0x18
/** Blocks that one header goes on in: libraries write a handful. */
const MOST_BLOCKS = 10_000
const SHARED = 0x02

/** The messages of an object, in their order. */
export function messagesOf(file: Hdf5File, address: number): readonly Message[] {
  const isSecond = file.bytes(address, 4).toString('latin1') === 'OHDR'
  return isSecond ? secondForm(file, address) : firstForm(file, address)
}

function firstForm(file: Hdf5File, address: number): readonly Message[] {
  const head = new Fields(file.bytes(address, 16))
  if (head.u8() !== 1) throw new NotUnderstood()
  // the count of messages is no more than what the writer says of it
  head.skip(7)
  const messages: Message[] = []
  const blocks: Piece[] = [{ address: address + 16, length: head.u32() }]
  for (let at = 0; at < blocks.length; at++) {
    const fields = blockOf(file, blocks, at)
    while (fields.left >= 8) {
      file.budget.step()
      const type = fields.u16()
      const length = fields.u16()
      const flags = fields.u8()
      fields.skip(3)
      add({ type, isShared: (flags & SHARED) !== 0, body: fields.take(length) }, messages)
      continueIn(file, messages.at(-1), blocks, 0)
    }
  }
  return messages
}

function secondForm(file: Hdf5File, address: number): readonly Message[] {
  const head = new Fields(file.upTo(address, 64), 4)
  if (head.u8() !== 2) throw new NotUnderstood()
  const flags = head.u8()
  if ((flags & 0x20) !== 0) head.skip(16)
  if ((flags & 0x10) !== 0) head.skip(4)
  const length = head.uint(2 ** (flags & 0x03))
  const header = (flags & 0x04) === 0 ? 4 : 6
  const messages: Message[] = []
  const blocks: Piece[] = [{ address: address + head.at, length }]
  for (let at = 0; at < blocks.length; at++) {
    const fields = blockOf(file, blocks, at)
    // what is left may be too short for a message: a gap
    while (fields.left >= header) {
      file.budget.step()
      const type = fields.u8()
      const size = fields.u16()
      const messageFlags = fields.u8()
      fields.skip(header - 4)
      add({ type, isShared: (messageFlags & SHARED) !== 0, body: fields.take(size) }, messages)
      continueIn(file, messages.at(-1), blocks, 4)
    }
  }
  return messages
}

function add(message: Message, messages: Message[]): void {
  if (message.type > LAST_TYPE) throw new NotUnderstood()
  messages.push(message)
}

function blockOf(file: Hdf5File, blocks: readonly Piece[], at: number): Fields {
  const { address, length } = defined(blocks[at])
  return new Fields(file.bytes(address, length))
}

/** `frame`: bytes of a mark before and of a checksum behind the messages of a further block. */
function continueIn(
  file: Hdf5File,
  message: Message | undefined,
  blocks: Piece[],
  frame: number,
): void {
  if (message?.type !== MESSAGE.continuation) return
  const fields = new Fields(message.body)
  const address = defined(fields.offset(file.offsetBytes))
  const length = fields.uint(file.lengthBytes)
  if (blocks.length >= MOST_BLOCKS || length < frame * 2) throw new NotUnderstood()
  if (blocks.some((one) => one.address === address + frame)) throw new NotUnderstood()
  if (frame > 0) file.marked('OCHK', address, frame)
  blocks.push({ address: address + frame, length: length - frame * 2 })
}
