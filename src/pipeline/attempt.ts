import { endedBy } from '#kernel/ended.ts'
import type { Receipt } from '#kernel/exchange.ts'
import type { Passage } from '#kernel/passage.ts'
import type { AnswerSink, AskOptions, Flow } from '#kernel/ports.ts'
import type { Refusal } from '#kernel/refusal.ts'
import type { Milliseconds } from '#kernel/units.ts'
import { NO_USAGE, type Usage } from '#protocols/answer-event.ts'
import type { UpstreamError } from '#protocols/dialect.ts'
import type { AnswerReader } from '#protocols/surface.ts'
import { againAfterBreak, isKeptBack } from './ending.ts'
import type { House, Reply } from './ports.ts'
import type { Again } from './retry-plan.ts'
import { upstreamRefusal } from './upstream-refusal.ts'

/** Largest answer that is held whole before it is passed on. */
const WHOLE_ANSWER_BYTES = 64 * 1024 * 1024
/** Largest error body worth reading. */
const ERROR_BYTES = 64 * 1024
/** Largest piece of a stream that may come without completing a frame, UTF-16 units. */
const FRAME_LENGTH = 16 * 1024 * 1024

/** What the caller was shown: bytes, and the frames of a stream, each about a token. */
export interface Shown {
  readonly bytes: number
  readonly pieces: number
}

export type Attempt =
  | {
      readonly kind: 'answered'
      readonly usage: Usage
      readonly firstByteMs: Milliseconds | null
      readonly shown?: Shown
    }
  /** Nothing was shown to the caller; `again` says where the verdict may be tried further. */
  | {
      readonly kind: 'refused'
      readonly refusal: Refusal
      readonly said: UpstreamError | null
      readonly again: Again
      /** What an answer took that came and may not be shown; absent where none came. */
      readonly usage?: Usage
    }
  | {
      readonly kind: 'interrupted'
      readonly refusal: Refusal
      readonly usage: Usage
      readonly firstByteMs: Milliseconds | null
      readonly shown?: Shown
    }
  | {
      readonly kind: 'cancelled'
      readonly usage: Usage
      readonly firstByteMs: Milliseconds | null
      readonly shown?: Shown
    }

export interface AttemptInput {
  readonly passage: Passage
  readonly options: AskOptions
  readonly reader: AnswerReader
  readonly receipt: Receipt
  readonly reply: Reply
  readonly signal: AbortSignal
  /** Called once, when the first piece of a good answer is shown. */
  readonly onFirstByte: (afterMs: Milliseconds) => void
}

/** Asks one destination once and passes its answer on. Nothing is shown before the first whole frame. */
export async function attempt(
  input: AttemptInput,
  house: Pick<House, 'ask' | 'clock' | 'now'>,
): Promise<Attempt> {
  const answer = new IncomingAnswer(input, house)
  await house.ask(input.passage, input.options, answer, input.signal)
  return (
    answer.outcome ?? {
      kind: 'refused',
      refusal: { code: 'internal-error' },
      said: null,
      again: 'nowhere',
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
  #headers: Readonly<Record<string, string>> = {}
  #flow: Flow | null = null
  #firstByteMs: Milliseconds | null = null
  readonly #startedAt: number
  /** Made for streams alone. */
  #decoder: InstanceType<typeof TextDecoder> | null = null
  readonly #held: Uint8Array[] = []
  #heldBytes = 0
  #unframed = 0
  #shownBytes = 0
  #pieces = 0
  #isPaused = false
  readonly #input: AttemptInput
  readonly #clock: House['clock']
  readonly #now: House['now']

  constructor(input: AttemptInput, house: Pick<House, 'clock' | 'now'>) {
    this.#input = input
    this.#clock = house.clock
    this.#now = house.now
    this.#startedAt = house.now()
  }

  head(status: number, headers: Readonly<Record<string, string>>, flow: Flow): void {
    this.#flow = flow
    this.#status = status
    this.#headers = headers
    const isStream = this.#input.reader.isStream(headers['content-type'] ?? '')
    if (status !== 200) this.#mode = 'error'
    else if (this.#input.options.stream && isStream) {
      this.#mode = 'stream'
      this.#decoder = new TextDecoder('utf-8', { fatal: false })
    } else this.#mode = 'whole'
  }

  chunk(bytes: Uint8Array): void {
    if (this.#mode === 'settled') return
    if (this.#decoder) return this.#streamText(this.#decoder.decode(bytes, { stream: true }))
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
    const ended = endedBy(this.#input.signal)
    if (ended) this.#break(ended)
    else if (this.#input.signal.aborted) {
      this.#settle({
        kind: 'cancelled',
        usage: this.#input.reader.usage(),
        firstByteMs: this.#firstByteMs,
        shown: this.#shownSoFar(),
      })
    } else this.#break(refusal)
  }

  #streamText(text: string): void {
    const { out, broken } = this.#input.reader.step(text)
    this.#unframed = out === '' ? this.#unframed + text.length : 0
    if (out !== '') this.#show(out)
    if (broken) this.#break(this.#broken('stream-interrupted'))
    else if (this.#unframed > FRAME_LENGTH) this.#break(this.#refusal('destination-malformed'))
  }

  #show(piece: string): void {
    const { reply, receipt, reader } = this.#input
    if (!this.#shown) {
      this.#noteFirstByte()
      reply.head(reader.streamType, receipt)
    }
    this.#shownBytes += piece.length
    this.#pieces += framesIn(piece)
    if (!reply.write(piece)) this.#holdBack()
  }

  #noteFirstByte(): void {
    this.#shown = true
    this.#firstByteMs = this.#now() - this.#startedAt
    this.#input.onFirstByte(this.#firstByteMs)
  }

  /** The caller reads slowly: the upstream waits, and what had been read of it already is all that is held. */
  #holdBack(): void {
    const flow = this.#flow
    if (this.#isPaused || !flow) return
    this.#isPaused = true
    flow.pause()
    this.#input.reply.onDrain(() => {
      this.#isPaused = false
      flow.resume()
    })
  }

  #endStream(): void {
    this.#streamText(this.#decoder?.decode() ?? '')
    if (this.#mode !== 'stream') return
    const closing = this.#input.reader.close()
    if (closing === null) return this.#break(this.#broken('stream-interrupted'))
    this.#show(closing)
    this.#input.reply.end()
    this.#answered()
  }

  #endWhole(): void {
    const bytes = wholeOf(this.#held)
    const whole = this.#input.options.stream ? null : this.#input.reader.whole(bytes)
    if (whole === null) return this.#break(this.#broken('destination-malformed'))
    this.#noteFirstByte()
    this.#shownBytes = whole.body.length
    this.#input.reply.whole(whole.type, this.#input.receipt, whole.body)
    this.#answered()
  }

  #answered(): void {
    const usage = this.#input.reader.usage()
    const [firstByteMs, shown] = [this.#firstByteMs, this.#shownSoFar()]
    this.#settle({ kind: 'answered', usage, firstByteMs, shown })
  }

  #shownSoFar(): Shown {
    return { bytes: this.#shownBytes, pieces: this.#pieces }
  }

  #endError(): void {
    const said = this.#input.reader.readError(Buffer.concat(this.#held))
    const seen = {
      destination: this.#input.passage.destination,
      status: this.#status,
      headers: this.#headers,
      at: this.#clock(),
    }
    this.#settle({ kind: 'refused', ...upstreamRefusal(seen, said) })
  }

  /** Before anything was shown another destination may still answer; afterwards the caller is told that it broke. */
  #break(refusal: Refusal): void {
    const { reply, reader } = this.#input
    if (!this.#shown) {
      const again = againAfterBreak(refusal)
      const usage = isKeptBack(refusal) ? { usage: reader.usage() } : null
      this.#settle({ kind: 'refused', refusal, said: null, again, ...usage })
    } else {
      reply.interrupt(refusal, reader.failed)
      this.#settle({
        kind: 'interrupted',
        refusal,
        usage: reader.usage(),
        firstByteMs: this.#firstByteMs,
        shown: this.#shownSoFar(),
      })
    }
    this.#flow?.stop()
  }

  #settle(outcome: Attempt): void {
    this.#mode = 'settled'
    this.outcome ??= outcome
  }

  /** Why the answer goes no further: a filter says so, or it is not what it should be. */
  #broken(code: 'stream-interrupted' | 'destination-malformed'): Refusal {
    const { reader } = this.#input
    if (code === 'destination-malformed') return reader.stopped?.() ?? this.#refusal(code)
    return reader.stopped?.() ?? { code }
  }

  #refusal(code: 'destination-malformed'): Refusal {
    return { code, detail: { destination: this.#input.passage.destination } }
  }
}

/** Most answers come in one piece. */
const wholeOf = (pieces: readonly Uint8Array[]): Uint8Array =>
  pieces.length === 1 && pieces[0] ? pieces[0] : Buffer.concat(pieces)

/** Frames that a piece of a stream completes: events end with an empty line, lines of JSON with their own. */
function framesIn(piece: string): number {
  let frames = 0
  const mark = piece.endsWith('\n\n') ? '\n\n' : '\n'
  for (let at = piece.indexOf(mark); at >= 0; at = piece.indexOf(mark, at + mark.length)) {
    frames += 1
  }
  return frames
}

const NOTHING_SHOWN: Shown = { bytes: 0, pieces: 0 }

/** What the caller was shown of an answer. */
export const shownOf = (result: Attempt): Shown =>
  result.kind === 'refused' ? NOTHING_SHOWN : (result.shown ?? NOTHING_SHOWN)

/** What a destination reported, whatever became of the answer. */
export const usageOf = (result: Attempt): Usage =>
  result.kind === 'refused' ? (result.usage ?? NO_USAGE) : result.usage
