import type { Dispatcher } from 'undici'
import type { AnswerSink, AskOptions, Clock } from '#kernel/ports.ts'
import type { Passage } from '#kernel/passage.ts'
import type { Refusal, RefusalCode } from '#kernel/refusal.ts'
import type { Line } from './net.ts'

/** Headers of an answer that mean something to us; all others stay behind. */
const READ_HEADERS = ['content-type', 'retry-after'] as const

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
  const opened = passage.open({ destination: line.destination, origin: line.origin, now: clock() })
  if (!opened.ok) {
    sink.fail(opened.error)
    return Promise.resolve()
  }
  const request: Dispatcher.DispatchOptions = {
    method: 'POST',
    path: `${line.basePath}${options.path}`,
    headers: {
      ...options.headers,
      'content-type': 'application/json',
      accept: options.stream ? 'text/event-stream, application/x-ndjson' : 'application/json',
      'user-agent': 'ecluse',
      'x-request-id': options.requestId,
      ...line.credential(),
      // our own engine alone: a vendor has no business knowing which callers are the same
      ...(line.isOurs ? { 'x-ecluse-cache-scope': options.cacheScope } : {}),
    },
    body: Buffer.from(opened.value.buffer, opened.value.byteOffset, opened.value.byteLength),
  }
  return new Promise((resolve) => {
    line.pool.dispatch(request, new Relay(line.destination, sink, signal, resolve))
  })
}

/** Carries undici's events to the sink and the caller's departure to undici. */
class Relay implements Dispatcher.DispatchHandler {
  #controller: Dispatcher.DispatchController | null = null
  readonly #destination: string
  readonly #sink: AnswerSink
  readonly #signal: AbortSignal
  readonly #settle: () => void
  #settled = false

  constructor(destination: string, sink: AnswerSink, signal: AbortSignal, settle: () => void) {
    this.#destination = destination
    this.#sink = sink
    this.#signal = signal
    this.#settle = settle
    signal.addEventListener('abort', this.#leave, { once: true })
  }

  readonly #leave = (): void => {
    this.#controller?.abort(new Error('the caller left'))
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller
    if (this.#signal.aborted) this.#leave()
  }

  onResponseStart(
    controller: Dispatcher.DispatchController,
    status: number,
    headers: Record<string, string | string[] | undefined>,
  ): void {
    const read: Record<string, string> = {}
    for (const name of READ_HEADERS) {
      const value = headers[name]
      if (typeof value === 'string') read[name] = value
    }
    this.#sink.head(status, read, {
      pause: () => controller.pause(),
      resume: () => controller.resume(),
    })
  }

  onResponseData(_: Dispatcher.DispatchController, chunk: Buffer): void {
    this.#sink.chunk(chunk)
  }

  onResponseEnd(): void {
    this.#finish(() => this.#sink.end())
  }

  onResponseError(_: Dispatcher.DispatchController, error: Error): void {
    this.#finish(() => this.#sink.fail(this.#refusal(error)))
  }

  #finish(tell: () => void): void {
    if (this.#settled) return
    this.#settled = true
    this.#signal.removeEventListener('abort', this.#leave)
    tell()
    this.#settle()
  }

  #refusal(error: Error): Refusal {
    const code = 'code' in error && typeof error.code === 'string' ? error.code : ''
    return {
      code: CODES[code] ?? 'destination-unreachable',
      detail: { destination: this.#destination },
    }
  }
}

/** undici's own codes; everything else is a connection that could not be made or broke. */
const CODES: Readonly<Record<string, RefusalCode>> = {
  UND_ERR_HEADERS_TIMEOUT: 'destination-timeout',
  UND_ERR_BODY_TIMEOUT: 'destination-timeout',
  UND_ERR_CONNECT_TIMEOUT: 'destination-timeout',
  UND_ERR_RESPONSE_EXCEEDED_MAX_SIZE: 'destination-malformed',
  HPE_INVALID_CONSTANT: 'destination-malformed',
}
