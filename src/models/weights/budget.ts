/** What one file may cost. Steps and sizes, never time: a busy machine must not change a verdict. */
export interface Limits {
  /** Bytes read from the disk. */
  readonly bytes: number
  /** Pickle opcodes, protobuf fields, keys, tensors. */
  readonly steps: number
  /** Entries of archives, together. */
  readonly entries: number
  /** Archives inside archives. */
  readonly depth: number
  /** Bytes unpacked, together. */
  readonly unpacked: number
  /** Bytes of one unpacked member, which is held in memory. */
  readonly member: number
}

const MIB = 1024 * 1024

/** Enough for the largest published models; a file beyond them is told as not analysed. */
export const LIMITS: Limits = {
  bytes: 64 * 1024 * MIB,
  steps: 200_000_000,
  entries: 200_000,
  depth: 4,
  unpacked: 1024 * MIB,
  member: 256 * MIB,
}

/** The same limits, so many times over; depth stays. */
export const scaled = (limits: Limits, times: number): Limits => ({
  bytes: limits.bytes * times,
  steps: limits.steps * times,
  entries: limits.entries * times,
  depth: limits.depth,
  unpacked: limits.unpacked * times,
  // the longest buffer that Node makes in one piece is far above, the machine's memory may not be
  member: Math.min(limits.member * times, 2048 * MIB),
})

/** Thrown inside the scanner when a limit is reached, with its name; never leaves it. */
export class OutOfBudget extends Error {
  readonly limit: keyof Limits
  constructor(limit: keyof Limits) {
    super(limit)
    this.limit = limit
  }
}

/** Counts what one file has cost so far. */
export class Budget {
  readonly limits: Limits
  #bytes = 0
  #steps = 0
  #entries = 0
  #unpacked = 0

  constructor(limits: Limits) {
    this.limits = limits
  }

  get bytesRead(): number {
    return this.#bytes
  }

  readBytes(count: number): void {
    this.#bytes += count
    if (this.#bytes > this.limits.bytes) throw new OutOfBudget('bytes')
  }

  step(count = 1): void {
    this.#steps += count
    if (this.#steps > this.limits.steps) throw new OutOfBudget('steps')
  }

  entry(count = 1): void {
    this.#entries += count
    if (this.#entries > this.limits.entries) throw new OutOfBudget('entries')
  }

  unpack(count: number): void {
    this.#unpacked += count
    if (this.#unpacked > this.limits.unpacked) throw new OutOfBudget('unpacked')
  }

  /** How many bytes one more member may unpack to. */
  get memberRoom(): number {
    return Math.min(this.limits.member, this.limits.unpacked - this.#unpacked)
  }
}
