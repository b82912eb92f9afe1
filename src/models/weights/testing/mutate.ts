/** A source of whole numbers below a bound. */
export type Draw = (below: number) => number

/** Numbers from a seed: the same seed, the same file (xorshift32). */
export function drawFrom(seed: number): Draw {
  let state = seed >>> 0 || 1
  return (below) => {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    state >>>= 0
    return state % Math.max(1, below)
  }
}

/** Bytes that matter to one of the formats: lengths at their edges, marks, opcodes. */
const INTERESTING = [
  'ffffffff',
  'ffffffffffffffff',
  '00000080',
  '7fffffff',
  '0000000000000080',
  '504b0304',
  '504b0506',
  '80049563',
  '2e',
  '7b22',
  '93',
  '8c02',
  '47475546',
].map((hex) => Buffer.from(hex, 'hex'))

/** One of several ways to spoil a file: flip, overwrite, cut, insert, repeat, graft a piece of another one. */
export function mutate(bytes: Buffer, other: Buffer, draw: Draw): Buffer {
  const made = Buffer.from(bytes)
  const at = draw(made.length + 1)
  const piece = INTERESTING[draw(INTERESTING.length)] ?? Buffer.alloc(1)
  switch (draw(7)) {
    case 0:
      if (made.length > 0) made[at % made.length] = draw(256)
      return made
    case 1:
      piece.copy(made, at)
      return made
    case 2:
      return made.subarray(0, at)
    case 3:
      return Buffer.concat([made.subarray(0, at), piece, made.subarray(at)])
    case 4: {
      const from = draw(made.length + 1)
      return Buffer.concat([made.subarray(0, at), made.subarray(from)])
    }
    case 5: {
      const from = draw(other.length + 1)
      return Buffer.concat([
        made.subarray(0, at),
        other.subarray(from, from + draw(64)),
        made.subarray(at),
      ])
    }
    default:
      for (let count = draw(8); count >= 0; count--) {
        if (made.length > 0) made[draw(made.length)] = draw(256)
      }
      return made
  }
}
