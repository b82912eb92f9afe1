/** One HTTP answer as it arrives on a raw socket; only what a gateway may send is accepted. */
export class AnswerReader {
  status = 0
  isStream = false
  readonly #onBody: (text: string) => void
  #rest: Buffer = Buffer.alloc(0)
  /** Bytes of body still to come, or -1 while in headers, or -2 for chunked. */
  #left = -1
  #chunkLeft = -1

  constructor(onBody: (text: string) => void) {
    this.#onBody = onBody
  }

  /** Takes bytes; true once the answer is whole. @throws Error where the bytes are no HTTP. */
  feed(bytes: Buffer): boolean {
    let data = this.#rest.length === 0 ? bytes : Buffer.concat([this.#rest, bytes])
    this.#rest = Buffer.alloc(0)
    if (this.#left === -1) {
      const end = data.indexOf('\r\n\r\n')
      if (end < 0) {
        this.#rest = data
        return false
      }
      this.#head(data.toString('latin1', 0, end))
      data = data.subarray(end + 4)
    }
    return this.#left === -2 ? this.#chunks(data) : this.#plain(data)
  }

  #head(text: string): void {
    this.status = Number(/^HTTP\/1\.1 (\d{3})/.exec(text)?.[1] ?? 0)
    if (this.status === 0) throw new Error('no HTTP answer')
    this.isStream = /^content-type: *text\/event-stream/im.test(text)
    const length = /^content-length: *(\d+)/im.exec(text)?.[1]
    if (length !== undefined) this.#left = Number(length)
    else if (/^transfer-encoding: *chunked/im.test(text)) this.#left = -2
    else throw new Error('an answer without a length')
  }

  #plain(data: Buffer): boolean {
    this.#left -= data.length
    if (this.#left < 0) throw new Error('more bytes than announced')
    if (data.length > 0) this.#onBody(data.toString('utf8'))
    return this.#left === 0
  }

  #chunks(data: Buffer): boolean {
    let at = 0
    for (;;) {
      if (this.#chunkLeft < 0) {
        const end = data.indexOf('\r\n', at)
        if (end < 0) break
        this.#chunkLeft = Number.parseInt(data.toString('latin1', at, end), 16)
        if (!Number.isInteger(this.#chunkLeft)) throw new Error('a broken chunk')
        at = end + 2
      }
      if (data.length - at < this.#chunkLeft + 2) break
      if (this.#chunkLeft === 0) return true
      this.#onBody(data.toString('utf8', at, at + this.#chunkLeft))
      at += this.#chunkLeft + 2
      this.#chunkLeft = -1
    }
    this.#rest = data.subarray(at)
    return false
  }
}
