const ROUNDS = 24
const MASK = (1n << 64n) - 1n
const rotate = (value: bigint, by: bigint): bigint =>
  by === 0n ? value : ((value << by) | (value >> (64n - by))) & MASK

/** Round constants from the degree 8 register of FIPS 202, algorithm 5. */
const CONSTANTS: readonly bigint[] = (() => {
  let register = 1
  const bit = (): boolean => {
    const out = (register & 1) === 1
    register = (register << 1) ^ ((register >> 7) * 0x171)
    return out
  }
  return Array.from({ length: ROUNDS }, () => {
    let constant = 0n
    for (let j = 0; j < 7; j++) if (bit()) constant |= 1n << BigInt((1 << j) - 1)
    return constant
  })
})()

function permute(lanes: bigint[]): void {
  const lane = (i: number): bigint => lanes[i] ?? 0n
  for (const constant of CONSTANTS) {
    const columns = Array.from({ length: 5 }, (_, x) =>
      [0, 5, 10, 15, 20].reduce((sum, row) => sum ^ lane(x + row), 0n),
    )
    for (let i = 0; i < 25; i++) {
      const x = i % 5
      lanes[i] = lane(i) ^ (columns[(x + 4) % 5] ?? 0n) ^ rotate(columns[(x + 1) % 5] ?? 0n, 1n)
    }
    let [x, y] = [1, 0]
    let moving = lane(1)
    for (let t = 0; t < ROUNDS; t++) {
      ;[x, y] = [y, (2 * x + 3 * y) % 5]
      const next = lane(x + 5 * y)
      lanes[x + 5 * y] = rotate(moving, BigInt((((t + 1) * (t + 2)) / 2) % 64))
      moving = next
    }
    for (let row = 0; row < 25; row += 5) {
      const old = Array.from({ length: 5 }, (_, i) => lane(row + i))
      for (let i = 0; i < 5; i++)
        lanes[row + i] =
          (old[i] ?? 0n) ^ (~(old[(i + 1) % 5] ?? 0n) & MASK & (old[(i + 2) % 5] ?? 0n))
    }
    lanes[0] = lane(0) ^ constant
  }
}

/** Keccak-256 with the padding of 2011, as Ethereum uses it, of ASCII text shorter than one block (136 bytes). Lower case hex. */
export function keccak256(ascii: string): string {
  const block = Buffer.alloc(136)
  block.write(ascii, 'latin1')
  block[ascii.length] = (block[ascii.length] ?? 0) ^ 1
  block[135] = (block[135] ?? 0) ^ 0x80
  const lanes = Array.from({ length: 25 }, (_, i) => (i < 17 ? block.readBigUInt64LE(i * 8) : 0n))
  permute(lanes)
  const out = Buffer.alloc(32)
  for (let i = 0; i < 4; i++) out.writeBigUInt64LE(lanes[i] ?? 0n, i * 8)
  return out.toString('hex')
}

/** ERC-55: a letter of the address is a capital where the digest of its lower case has 8 or more; all in one case says nothing. */
export function ethereumCheck(hex: string): boolean | undefined {
  const lower = hex.toLowerCase()
  if (hex === lower || hex === hex.toUpperCase()) return undefined
  const digest = keccak256(lower)
  return Array.from(hex).every(
    (char, i) =>
      /\d/.test(char) || (char !== char.toLowerCase()) === /[89a-f]/.test(digest[i] ?? ''),
  )
}
