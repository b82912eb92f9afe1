import type { Receipt } from '#kernel/exchange.ts'
import type { Refusal } from '#kernel/refusal.ts'
import type { Taking } from '#caches/answer-cache.ts'
import type { UpstreamError } from '#protocols/dialect.ts'
import type { AnswerReader } from '#protocols/surface.ts'
import type { Asked } from './ask-once.ts'
import type { Reply } from './ports.ts'

/** The caller's side of an exchange, with a copy of what it is shown, as long as that may be kept. */
export class TakingReply implements Reply {
  readonly #reply: Reply
  readonly #taking: Taking
  #type: string | null = null
  #pieces: Uint8Array[] = []
  #bytes = 0
  #isStream = false
  /** Shown to its good end, and not too large. */
  #isWhole = false
  #isLost = false

  constructor(reply: Reply, taking: Taking) {
    this.#reply = reply
    this.#taking = taking
  }

  limits: Reply['limits'] = (told) => this.#reply.limits(told)

  refuse(refusal: Refusal, receipt: Receipt | null, said: UpstreamError | null): void {
    this.#lose()
    this.#reply.refuse(refusal, receipt, said)
  }

  whole(contentType: string, receipt: Receipt, body: Uint8Array): void {
    this.#type = contentType
    this.#take(body)
    this.#isWhole = true
    this.#reply.whole(contentType, receipt, body)
  }

  head(contentType: string, receipt: Receipt): void {
    this.#type = contentType
    this.#isStream = true
    this.#reply.head(contentType, receipt)
  }

  write(piece: string | Uint8Array): boolean {
    this.#take(piece)
    return this.#reply.write(piece)
  }

  onDrain(resume: () => void): void {
    this.#reply.onDrain(resume)
  }

  end(): void {
    this.#isWhole = true
    this.#reply.end()
  }

  interrupt(refusal: Refusal, failed: AnswerReader['failed']): void {
    this.#lose()
    this.#reply.interrupt(refusal, failed)
  }

  /** Hands over what was shown, if it came to its end. */
  settle({ result, receipt }: Asked): void {
    const { destination, dropped } = receipt
    if (result.kind !== 'answered' || this.#isLost || !this.#isWhole) return
    if (this.#type === null || destination === null) return
    this.#taking.keep({
      destination,
      contentType: this.#type,
      frames: this.#isStream ? this.#pieces.map(({ length }) => length) : null,
      body: Buffer.concat(this.#pieces),
      usage: result.usage,
      dropped,
    })
  }

  #take(piece: string | Uint8Array): void {
    if (this.#isLost) return
    const bytes = typeof piece === 'string' ? Buffer.from(piece) : piece
    this.#bytes += bytes.length
    if (this.#bytes > this.#taking.maxBytes) this.#lose()
    else if (bytes.length > 0) this.#pieces.push(bytes)
  }

  #lose(): void {
    this.#isLost = true
    this.#pieces = []
  }
}
