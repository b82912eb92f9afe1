/** A stream read as a file is: so many bytes at a time, whatever the pieces it comes in. */
export class ByteFlow {
  readonly #source: AsyncIterator<Uint8Array>
  #piece: Buffer = Buffer.alloc(0)

  constructor(source: AsyncIterable<Uint8Array>) {
    this.#source = source[Symbol.asyncIterator]()
  }

  /** The next bytes, so many or what there is of them; empty at the end. */
  async some(most: number): Promise<Buffer> {
    while (this.#piece.length === 0) {
      const { done, value } = await this.#source.next()
      if (done === true) return this.#piece
      this.#piece = Buffer.from(value.buffer, value.byteOffset, value.byteLength)
    }
    const taken = this.#piece.subarray(0, most)
    this.#piece = this.#piece.subarray(taken.length)
    return taken
  }

  /** Exactly so many bytes; fewer only where the stream ends. For small numbers: they are copied. */
  async exactly(length: number): Promise<Buffer> {
    const parts: Buffer[] = []
    for (let missing = length; missing > 0;) {
      const part = await this.some(missing)
      if (part.length === 0) break
      parts.push(part)
      missing -= part.length
    }
    return parts.length === 1 ? (parts[0] ?? Buffer.alloc(0)) : Buffer.concat(parts)
  }

  /** So many bytes, piece by piece; ends early where the stream does. */
  async *stretch(length: number): AsyncGenerator<Buffer> {
    for (let missing = length; missing > 0;) {
      const part = await this.some(missing)
      if (part.length === 0) return
      missing -= part.length
      yield part
    }
  }

  async close(): Promise<void> {
    await this.#source.return?.()
  }
}
