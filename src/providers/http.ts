import type { Dispatcher } from 'undici'
import type { AnswerSink, AskOptions, Clock } from '#kernel/ports.ts'
import type { Passage } from '#kernel/passage.ts'
import type { Refusal, RefusalCode } from '#kernel/refusal.ts'
import { decodeBody, contentCoding } from './content-encoding.ts'
import { Deadline } from './deadline.ts'
import type { Line, Timeouts } from './net.ts'

/** Headers of an answer that mean something to us; all others stay behind. */
const READ_HEADERS = ['content-type', 'retry-after', 'x-should-retry'] as const

/** A line with its credential. */
export interface OpenLine extends Line {
  readonly destination: string
  /** Headers that carry the credential, read at each request so that a rotation takes effect. */
  readonly credential: () => Readonly<Record<string, string>>
}

/** Sends a passage to its destination, whatever it speaks: the passage holds the words. Nothing of the caller's headers is forwarded. */
export function askHttp(
  line: OpenLine,
  clock: Clock,
  passage: Passage,
  options: AskOptions,
  sink: AnswerSink,
  signal: AbortSignal,
): Promise<void> {
  if (signal.aborted) {
    sink.fail({ code: 'destination-unreachable', detail: { destination: line.destination } })
    return Promise.resolve()
  }
  const opened = passage.open({ destination: line.destination, origin: line.origin, now: clock() })
  if (!opened.ok) {
    sink.fail(opened.error)
    return Promise.resolve()
  }
  const { contentType, bytes } = opened.value
  const request: Dispatcher.DispatchOptions = {
    method: 'POST',
    path: `${line.basePath}${options.path}`,
    headers: {
      accept: options.stream ? 'text/event-stream, application/x-ndjson' : 'application/json',
      ...options.headers,
      'content-type': contentType,
      'accept-encoding': 'identity',
      'user-agent': 'ecluse',
      'x-request-id': options.requestId,
      ...line.credential(),
      // our own engine alone: a vendor has no business knowing which callers are the same
      ...(line.isOurs ? { 'x-ecluse-cache-scope': options.cacheScope } : {}),
      // it serves the weights that were decided for, or none: a name may stand for others by now
      ...(line.isOurs ? { 'x-ecluse-weights': options.weights ?? 'none' } : {}),
    },
    body: Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength),
  }
  return new Promise((resolve) => {
    line.pool.dispatch(request, new Relay(line, sink, signal, resolve))
  })
}

/** Carries undici's events to the sink, the caller's departure to undici, and keeps the time limits. */
class Relay implements Dispatcher.DispatchHandler {
  #controller: Dispatcher.DispatchController | null = null
  readonly #destination: string
  readonly #timeouts: Timeouts
  readonly #sink: AnswerSink
  readonly #signal: AbortSignal
  readonly #settle: () => void
  readonly #deadline = new Deadline((code) => this.#giveUp(code))
  readonly #total = new Deadline((code) => this.#giveUp(code))
  #isFlowing = false
  #isSettled = false
  /** Coding of a body that came compressed although nobody asked for that; held until it can be decoded. */
  #encoding: string | null = null
  readonly #held: Buffer[] = []
  #heldBytes = 0

  constructor(
    line: Pick<OpenLine, 'destination' | 'timeouts'>,
    sink: AnswerSink,
    signal: AbortSignal,
    settle: () => void,
  ) {
    this.#destination = line.destination
    this.#timeouts = line.timeouts
    this.#sink = sink
    this.#signal = signal
    this.#settle = settle
    signal.addEventListener('abort', this.#leave, { once: true })
    const { headersMs, totalMs } = line.timeouts
    this.#deadline.set(headersMs, 'destination-timeout')
    if (totalMs !== null) this.#total.set(totalMs, 'destination-timeout')
  }

  readonly #leave = (): void => this.#giveUp('destination-unreachable')

  /** Ends the exchange from our side, also while undici is still connecting: then it never sends anything. */
  #giveUp(code: RefusalCode): void {
    this.#finish(() => this.#sink.fail(this.#refusal(code)))
    this.#controller?.abort(new Error('given up'))
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller
    if (this.#isSettled) controller.abort(new Error('given up'))
  }

  onResponseStart(
    controller: Dispatcher.DispatchController,
    status: number,
    headers: Record<string, string | string[] | undefined>,
  ): void {
    // an early hint or another word before the answer
    if (this.#isSettled || status < 200) return
    const read: Record<string, string> = {}
    for (const name of READ_HEADERS) {
      const value = headers[name]
      if (typeof value === 'string') read[name] = value
    }
    this.#encoding = contentCoding(headers['content-encoding'])
    this.#sink.head(status, read, {
      pause: () => {
        controller.pause()
        this.#deadline.set(STALLED_MS, 'stream-interrupted')
      },
      resume: () => {
        if (this.#isSettled) return
        this.#deadline.set(this.#timeouts.idleMs, 'destination-timeout')
        controller.resume()
      },
      stop: this.#leave,
    })
  }

  onResponseData(_: Dispatcher.DispatchController, chunk: Buffer): void {
    if (this.#isSettled) return
    if (this.#isFlowing) this.#deadline.refresh()
    else {
      this.#isFlowing = true
      this.#deadline.set(this.#timeouts.idleMs, 'destination-timeout')
    }
    if (this.#encoding === null) return this.#sink.chunk(chunk)
    this.#heldBytes += chunk.length
    if (this.#heldBytes > ENCODED_BYTES) this.#giveUp('destination-malformed')
    else this.#held.push(chunk)
  }

  onResponseEnd(): void {
    const encoding = this.#encoding
    this.#finish(() => {
      const decoded = encoding === null ? null : decodeBody(encoding, Buffer.concat(this.#held))
      if (decoded && !decoded.ok) return this.#sink.fail(this.#refusal('destination-malformed'))
      if (decoded) this.#sink.chunk(decoded.value)
      this.#sink.end()
    })
  }

  onResponseError(_: Dispatcher.DispatchController, error: Error): void {
    const code = 'code' in error && typeof error.code === 'string' ? error.code : ''
    this.#finish(() => this.#sink.fail(this.#refusal(codeOf(code))))
  }

  #finish(tell: () => void): void {
    if (this.#isSettled) return
    this.#isSettled = true
    this.#deadline.clear()
    this.#total.clear()
    this.#signal.removeEventListener('abort', this.#leave)
    tell()
    this.#settle()
  }

  #refusal(code: RefusalCode): Refusal {
    return { code, detail: { destination: this.#destination } }
  }
}

/** Longest time that a caller may leave an answer unread before it is cut off. */
const STALLED_MS = 300_000
/** Largest compressed body that is held to be decoded. */
const ENCODED_BYTES = 16 * 1024 * 1024

/** undici's own codes; everything else is a connection that could not be made or broke. */
const CODES: Readonly<Record<string, RefusalCode>> = {
  UND_ERR_CONNECT_TIMEOUT: 'destination-timeout',
  UND_ERR_HEADERS_OVERFLOW: 'destination-malformed',
  UND_ERR_RESPONSE_EXCEEDED_MAX_SIZE: 'destination-malformed',
}

const codeOf = (code: string): RefusalCode =>
  CODES[code] ?? (code.startsWith('HPE_') ? 'destination-malformed' : 'destination-unreachable')
