/** For tests: the bytes of pickles, opcode by opcode. */
export type Piece = Buffer | string

export const bytes = (...pieces: readonly (Piece | number)[]): Buffer =>
  Buffer.concat(
    pieces.map((piece) =>
      typeof piece === 'number'
        ? Buffer.from([piece])
        : typeof piece === 'string'
          ? Buffer.from(piece, 'latin1')
          : piece,
    ),
  )

export const u32 = (value: number): Buffer => {
  const made = Buffer.alloc(4)
  made.writeUInt32LE(value)
  return made
}

export const u64 = (value: number | bigint): Buffer => {
  const made = Buffer.alloc(8)
  made.writeBigUInt64LE(BigInt.asUintN(64, BigInt(value)))
  return made
}

export const STOP = '.'
export const proto = (version: number): Buffer => bytes(0x80, version)
export const global = (module: string, name: string): Buffer => bytes(`c${module}\n${name}\n`)
/** BINUNICODE. */
export const text = (value: string): Buffer =>
  bytes('X', u32(Buffer.byteLength(value)), Buffer.from(value))
/** SHORT_BINUNICODE. */
export const short = (value: string): Buffer => bytes(0x8c, value.length, value)
export const STACK_GLOBAL = 0x93
export const MEMOIZE = 0x94
export const binput = (key: number): Buffer => bytes('q', key)
export const binget = (key: number): Buffer => bytes('h', key)
export const stackGlobal = (module: string, name: string): Buffer =>
  bytes(short(module), short(name), STACK_GLOBAL)
export const binaryBytes = (value: Buffer): Buffer => bytes('B', u32(value.length), value)

/** `module.name(argument)`, protocol 2. */
export const calling = (module: string, name: string, argument = 'true'): Buffer =>
  bytes(proto(2), global(module, name), text(argument), 0x85, 'R', STOP)

/** The same payload in a protocol of choice. */
export function payload(version: number): Buffer {
  if (version < 2) return bytes("cos\nsystem\n(S'true'\ntR", STOP)
  if (version < 4) return calling('os', 'system')
  return bytes(proto(version), stackGlobal('os', 'system'), short('true'), 0x85, 'R', STOP)
}

/** A tensor of PyTorch as `data.pkl` holds it. */
export const tensorPickle = (elements: number): Buffer =>
  bytes(
    proto(2),
    '}',
    binput(0),
    text('weight'),
    global('torch._utils', '_rebuild_tensor_v2'),
    '((',
    text('storage'),
    global('torch', 'FloatStorage'),
    text('0'),
    text('cpu'),
    'K',
    elements,
    't',
    'Q',
    'K',
    0,
    'K',
    elements,
    0x85,
    'K',
    1,
    0x85,
    0x89,
    global('collections', 'OrderedDict'),
    ')R',
    't',
    'R',
    's',
    STOP,
  )
