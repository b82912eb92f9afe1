import type { Arrival, RequestWatch, Stage } from '#gateway/ports.ts'
import type { RefusalCode } from '#kernel/refusal.ts'
import type { Clock } from '#kernel/ports.ts'
import type { Milliseconds } from '#kernel/units.ts'
import type { DecisionEvent, LedgerEvent, OutcomeEvent } from '#ledger/event.ts'
import type { Observation, StageTime } from './observation.ts'
import { readTraceParent, type TraceParent } from './trace-parent.ts'

export interface WatchPorts {
  readonly clock: Clock
  /** Milliseconds of a clock that never goes back, with fractions. */
  readonly now: () => Milliseconds
  readonly observe: (observation: Observation) => void
  /** Requests and open streams at this moment. */
  readonly open: OpenCounts
}

/** How many are open at this moment. */
export interface OpenCounts {
  requests: number
  streams: number
}

/** Starts to follow a request that has just arrived. */
export const watchRequest = (ports: WatchPorts, arrival: Arrival): RequestWatch =>
  new OneRequest(ports, arrival)

/** A class because it has a lifetime: from arrival to its one end. */
class OneRequest implements RequestWatch {
  readonly #ports: WatchPorts
  readonly #arrival: Arrival
  readonly #parent: TraceParent | null
  readonly #startedAt: number
  readonly #began: Milliseconds
  #last: Milliseconds
  readonly #stages: StageTime[] = []
  #surface: string | null = null
  #stream = false
  #bytes = 0
  #firstByteMs: Milliseconds | null = null
  #decisionId: string | null = null
  #decision: DecisionEvent | null = null
  #outcome: OutcomeEvent | null = null
  #refusal: RefusalCode | null = null
  #isOpen = true

  constructor(ports: WatchPorts, arrival: Arrival) {
    this.#ports = ports
    this.#arrival = arrival
    this.#parent = readTraceParent(arrival.traceparent)
    this.#startedAt = ports.clock()
    this.#began = ports.now()
    this.#last = this.#began
    ports.open.requests += 1
  }

  mark(stage: Stage): void {
    const now = this.#ports.now()
    this.#stages.push({ stage, ms: now - this.#last })
    this.#last = now
  }

  read(surface: string, stream: boolean, bytes: number): void {
    this.#surface = surface
    this.#bytes = bytes
    this.#stream = stream
    if (stream) this.#ports.open.streams += 1
    this.mark('read')
  }

  recorded(event: LedgerEvent, id: string): void {
    if (event.type === 'decision') {
      this.#decision = event
      this.#decisionId = id
    } else if (event.type === 'outcome') this.#outcome = event
  }

  refused(code: RefusalCode): void {
    this.#refusal = code
  }

  timing(): string {
    if (this.#firstByteMs === null) {
      this.mark('first-byte')
      this.#firstByteMs = this.#last - this.#began
    }
    let header = ''
    for (const { stage, ms } of this.#stages) header += `${stage};dur=${milliseconds(ms)}, `
    return `${header}total;dur=${milliseconds(this.#firstByteMs)}`
  }

  ended(status: number): void {
    if (!this.#isOpen) return
    this.#isOpen = false
    const { observe, now, open } = this.#ports
    open.requests -= 1
    if (this.#stream) open.streams -= 1
    observe({
      request: this.#arrival.request,
      route: this.#arrival.route,
      parent: this.#parent,
      surface: this.#surface,
      stream: this.#stream,
      status,
      bytes: this.#bytes,
      startedAt: this.#startedAt,
      durationMs: now() - this.#began,
      firstByteMs: this.#firstByteMs,
      stages: this.#stages,
      decisionId: this.#decisionId,
      decision: this.#decision,
      outcome: this.#outcome,
      refusal: this.#refusal,
    })
  }
}

/** Every fraction with three digits, because writing them out costs more than all else in the header. */
const FRACTIONS = Array.from({ length: 1000 }, (_, thousandths) =>
  String(thousandths).padStart(3, '0'),
)

/** Milliseconds with three decimals: `12.345`. */
function milliseconds(ms: Milliseconds): string {
  const microseconds = Math.round(ms * 1000)
  const whole = Math.floor(microseconds / 1000)
  return `${whole}.${FRACTIONS[microseconds - whole * 1000] ?? '000'}`
}
