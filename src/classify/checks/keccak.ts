const ROUNDS = 24
const LANES = 25

/** Round constants from the degree 8 register of FIPS 202, algorithm 5: low and high halves, alternating. */
const CONSTANTS: Int32Array = (() => {
  let register = 1
  const bit = (): boolean => {
    const out = (register & 1) === 1
    register = (register << 1) ^ ((register >> 7) * 0x171)
    return out
  }
  const halves = new Int32Array(2 * ROUNDS)
  for (let round = 0; round < ROUNDS; round++) {
    for (let j = 0; j < 7; j++) {
      const place = (1 << j) - 1
      const half = 2 * round + (place >> 5)
      if (bit()) halves[half] = (halves[half] ?? 0) | (1 << (place & 31))
    }
  }
  return halves
})()

/** The path of the lanes through the state, and by how much each turns on its way (FIPS 202, 3.2.2 and 3.2.3). */
const PATH = new Uint8Array(ROUNDS)
const TURNS = new Uint8Array(ROUNDS)
for (let t = 0, x = 1, y = 0; t < ROUNDS; t++) {
  const row = (2 * x + 3 * y) % 5
  x = y
  y = row
  PATH[t] = x + 5 * y
  TURNS[t] = (((t + 1) * (t + 2)) / 2) % 64
}

const low = new Int32Array(LANES)
const high = new Int32Array(LANES)
/** Sums of the columns, each twice, so that a neighbour is an addition away. */
const sumLow = new Int32Array(10)
const sumHigh = new Int32Array(10)

function mixColumns(): void {
  for (let x = 0; x < 5; x++) {
    let [sumOfLow, sumOfHigh] = [0, 0]
    for (let i = x; i < LANES; i += 5) {
      sumOfLow ^= low[i] ?? 0
      sumOfHigh ^= high[i] ?? 0
    }
    sumLow[x] = sumLow[x + 5] = sumOfLow
    sumHigh[x] = sumHigh[x + 5] = sumOfHigh
  }
  for (let x = 0; x < 5; x++) {
    const rightLow = sumLow[x + 1] ?? 0
    const rightHigh = sumHigh[x + 1] ?? 0
    const addedLow = (sumLow[x + 4] ?? 0) ^ ((rightLow << 1) | (rightHigh >>> 31))
    const addedHigh = (sumHigh[x + 4] ?? 0) ^ ((rightHigh << 1) | (rightLow >>> 31))
    for (let i = x; i < LANES; i += 5) {
      low[i] = (low[i] ?? 0) ^ addedLow
      high[i] = (high[i] ?? 0) ^ addedHigh
    }
  }
}

function turnLanes(): void {
  let movingLow = low[1] ?? 0
  let movingHigh = high[1] ?? 0
  for (let t = 0; t < ROUNDS; t++) {
    const to = PATH[t] ?? 0
    const by = TURNS[t] ?? 0
    const near = by < 32 ? movingLow : movingHigh
    const far = by < 32 ? movingHigh : movingLow
    movingLow = low[to] ?? 0
    movingHigh = high[to] ?? 0
    // no lane on the path turns by 0 or 32 bits
    low[to] = (near << (by & 31)) | (far >>> (32 - (by & 31)))
    high[to] = (far << (by & 31)) | (near >>> (32 - (by & 31)))
  }
}

function mixRows(half: Int32Array): void {
  for (let row = 0; row < LANES; row += 5) {
    const a = half[row] ?? 0
    const b = half[row + 1] ?? 0
    const c = half[row + 2] ?? 0
    const d = half[row + 3] ?? 0
    const e = half[row + 4] ?? 0
    half[row] = a ^ (~b & c)
    half[row + 1] = b ^ (~c & d)
    half[row + 2] = c ^ (~d & e)
    half[row + 3] = d ^ (~e & a)
    half[row + 4] = e ^ (~a & b)
  }
}

/** Keccak-256 with the padding of 2011, as Ethereum uses it, of ASCII text shorter than one block (136 bytes). Lower case hex. */
export function keccak256(ascii: string): string {
  const block = Buffer.alloc(LANES * 8)
  block.write(ascii, 'latin1')
  block[ascii.length] = (block[ascii.length] ?? 0) ^ 1
  block[135] = (block[135] ?? 0) ^ 0x80
  for (let i = 0; i < LANES; i++) {
    low[i] = block.readInt32LE(i * 8)
    high[i] = block.readInt32LE(i * 8 + 4)
  }
  for (let round = 0; round < ROUNDS; round++) {
    mixColumns()
    turnLanes()
    mixRows(low)
    mixRows(high)
    low[0] = (low[0] ?? 0) ^ (CONSTANTS[2 * round] ?? 0)
    high[0] = (high[0] ?? 0) ^ (CONSTANTS[2 * round + 1] ?? 0)
  }
  for (let i = 0; i < 4; i++) {
    block.writeInt32LE(low[i] ?? 0, i * 8)
    block.writeInt32LE(high[i] ?? 0, i * 8 + 4)
  }
  return block.toString('hex', 0, 32)
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
