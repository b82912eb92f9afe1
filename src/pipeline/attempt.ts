import type { Receipt } from '#kernel/exchange.ts'
import type { Passage } from '#kernel/passage.ts'
import type { AnswerSink, AskOptions, Flow } from '#kernel/ports.ts'
import type { Refusal } from '#kernel/refusal.ts'
import type { Milliseconds } from '#kernel/units.ts'
import { NO_USAGE, type Usage } from '#protocols/answer-event.ts'
import type { UpstreamError } from '#protocols/dialect.ts'
import type { AnswerReader } from '#protocols/surface.ts'
import type { House, Reply } from './ports.ts'
import { upstreamRefusal } from './upstream-refusal.ts'

/** Largest answer that is held whole before it is passed on. */
const WHOLE_ANSWER_BYTES = 64 * 1024 * 1024
/** Largest error body worth reading. */
const ERROR_BYTES = 64 * 1024

export type Attempt =
  | { readonly kind: 'answered'; readonly usage: Usage; readonly firstByteMs: Milliseconds | null }
  /** Nothing was shown to the caller; another destination of the verdict may be tried when `retry`. */
  | {
      readonly kind: 'refused'
      readonly refusal: Refusal
      readonly said: UpstreamError | null
      readonly retry: boolean
    }
  | {
      readonly kind: 'interrupted'
      readonly refusal: Refusal
      readonly usage: Usage
      readonly firstByteMs: Milliseconds | null
    }
  | { readonly kind: 'cancelled'; readonly usage: Usage; readonly firstByteMs: Milliseconds | null }

export interface AttemptInput {
  readonly passage: Passage
  readonly options: AskOptions
  readonly reader: AnswerReader
  readonly receipt: Receipt
  readonly reply: Reply
  readonly signal: AbortSignal
}

/** Asks one destination once and passes its answer on. Nothing is shown before the first whole frame. */
export async function attempt(
  input: AttemptInput,
  house: Pick<House, 'ask' | 'clock'>,
): Promise<Attempt> {
  const stop = new AbortController()
  const leave = (): void => stop.abort()
  input.signal.addEventListener('abort', leave, { once: true })
  if (input.signal.aborted) leave()
  const answer = new IncomingAnswer(input, house, leave)
  await house.ask(input.passage, input.options, answer, stop.signal)
  input.signal.removeEventListener('abort', leave)
  return (
    answer.outcome ?? {
      kind: 'refused',
      refusal: { code: 'internal-error' },
      said: null,
      retry: false,
    }
  )
}

type Mode = 'waiting' | 'whole' | 'error' | 'stream' | 'settled'

/** One answer as it arrives. A class because it has a lifetime: from head to its one outcome. */
class IncomingAnswer implements AnswerSink {
  outcome: Attempt | null = null
  #mode: Mode = 'waiting'
  #shown = false
  #status = 0
  #retryAfter: string | undefined
  #flow: Flow | null = null
  #firstByteMs: Milliseconds | null = null
  /** Content type of an answer that is shown in one piece; null for a stream. */
  #wholeType: string | null = null
  readonly #startedAt: number
  readonly #decoder = new TextDecoder('utf-8', { fatal: false })
  readonly #held: Uint8Array[] = []
  #heldBytes = 0
  readonly #input: AttemptInput
  readonly #clock: House['clock']
  readonly #leave: () => void

  constructor(input: AttemptInput, house: Pick<House, 'clock'>, leave: () => void) {
    this.#input = input
    this.#clock = house.clock
    this.#leave = leave
    this.#startedAt = house.clock()
  }

  head(status: number, headers: Readonly<Record<string, string>>, flow: Flow): void {
    this.#flow = flow
    this.#status = status
    this.#retryAfter = headers['retry-after']
    const isStream = this.#input.reader.isStream(headers['content-type'] ?? '')
    if (status !== 200) this.#mode = 'error'
    else if (this.#input.options.stream && isStream) this.#mode = 'stream'
    else this.#mode = 'whole'
  }

  chunk(bytes: Uint8Array): void {
    if (this.#mode === 'settled') return
    if (this.#mode === 'stream')
      return this.#streamText(this.#decoder.decode(bytes, { stream: true }))
    const limit = this.#mode === 'error' ? ERROR_BYTES : WHOLE_ANSWER_BYTES
    this.#heldBytes += bytes.length
    if (this.#heldBytes <= limit) this.#held.push(bytes)
    else if (this.#mode === 'whole') this.#break(this.#refusal('destination-malformed'))
  }

  end(): void {
    if (this.#mode === 'stream') this.#endStream()
    else if (this.#mode === 'whole') this.#endWhole()
    else if (this.#mode === 'error') this.#endError()
  }

  fail(refusal: Refusal): void {
    if (this.#mode === 'settled') return
    if (this.#input.signal.aborted) {
      this.#settle({
        kind: 'cancelled',
        usage: this.#input.reader.usage(),
        firstByteMs: this.#firstByteMs,
      })
    } else this.#break(refusal)
  }

  #streamText(text: string): void {
    const { out, broken } = this.#input.reader.step(text)
    if (out !== '') this.#show(out)
    if (broken) this.#break({ code: 'stream-interrupted' })
  }

  #show(piece: string | Uint8Array): void {
    const { reply, receipt } = this.#input
    if (!this.#shown) {
      this.#shown = true
      this.#firstByteMs = this.#clock() - this.#startedAt
      const whole = this.#wholeType
      if (whole === null) reply.head(this.#input.reader.streamType, receipt, null)
      else reply.head(whole, receipt, piece.length)
    }
    const flow = this.#flow
    if (!reply.write(piece) && flow && this.#mode === 'stream') {
      flow.pause()
      reply.onDrain(() => flow.resume())
    }
  }

  #endStream(): void {
    this.#streamText(this.#decoder.decode())
    if (this.#mode !== 'stream') return
    const closing = this.#input.reader.close()
    if (closing === null) return this.#break({ code: 'stream-interrupted' })
    this.#show(closing)
    this.#input.reply.end()
    this.#settle({
      kind: 'answered',
      usage: this.#input.reader.usage(),
      firstByteMs: this.#firstByteMs,
    })
  }

  #endWhole(): void {
    const bytes = Buffer.concat(this.#held)
    const whole = this.#input.options.stream ? null : this.#input.reader.whole(bytes)
    if (whole === null) return this.#break(this.#refusal('destination-malformed'))
    this.#wholeType = whole.type
    this.#show(whole.body)
    this.#input.reply.end()
    this.#settle({
      kind: 'answered',
      usage: this.#input.reader.usage(),
      firstByteMs: this.#firstByteMs,
    })
  }

  #endError(): void {
    const said = this.#input.reader.readError(Buffer.concat(this.#held))
    const seen = {
      destination: this.#input.passage.destination,
      status: this.#status,
      retryAfter: this.#retryAfter,
    }
    this.#settle({ kind: 'refused', ...upstreamRefusal(seen, said) })
  }

  /** Before anything was shown another destination may still answer; afterwards the caller is told that it broke. */
  #break(refusal: Refusal): void {
    const { reply, reader } = this.#input
    if (!this.#shown) this.#settle({ kind: 'refused', refusal, said: null, retry: true })
    else {
      reply.interrupt(refusal)
      this.#settle({
        kind: 'interrupted',
        refusal,
        usage: reader.usage(),
        firstByteMs: this.#firstByteMs,
      })
    }
    this.#leave()
  }

  #settle(outcome: Attempt): void {
    this.#mode = 'settled'
    this.outcome ??= outcome
  }

  #refusal(code: 'destination-malformed'): Refusal {
    return { code, detail: { destination: this.#input.passage.destination } }
  }
}

/** What a destination reported, whatever became of the answer. */
export const usageOf = (result: Attempt): Usage =>
  result.kind === 'refused' ? NO_USAGE : result.usage
