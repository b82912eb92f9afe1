import type { Milliseconds } from '#kernel/units.ts'
import type { Choice } from '#kernel/verdict.ts'
import { askOnce, type Asked, type Asking } from './ask-once.ts'
import { outgoingFor, type Prepared } from './outgoing.ts'
import type { House, Reply } from './ports.ts'
import type { Hedge } from './retry-plan.ts'
import { isRefused, type Traffic, type Turn } from './traffic.ts'

interface First {
  readonly choice: Choice
  readonly outgoing: Prepared
  readonly turn: Turn
}

interface Second {
  readonly choice: Choice
  /** How long the first has the caller to itself. */
  readonly lateMs: Milliseconds
}

/** How long to wait for the first before the second is asked too; null: for as long as it takes. */
export function lateAfterMs(
  traffic: Traffic,
  hedge: Hedge | null,
  first: Choice,
): Milliseconds | null {
  if (hedge === null) return null
  const usualMs = hedge.share === null ? null : traffic.usualMs(first, hedge.share)
  return usualMs ?? hedge.afterMs
}

/**
 * Asks the first choice and, when it is late, the second one too. Whoever answers first is
 * shown, the other is cancelled. Both are of the verdict; the second one costs a repetition of the budget.
 */
export async function askTwice(
  house: House,
  asking: Asking,
  first: First,
  second: Second,
): Promise<readonly Asked[]> {
  const race = new Race(asking)
  const asked = askOnce(house, race.lane(0), first.choice, first.outgoing, first.turn)
  const isLate = await Promise.race([
    asked.then(() => false),
    house.sleep(second.lateMs, race.either).then(() => true),
  ])
  const other = isLate && !race.either.aborted ? takeTurn(house, asking, second.choice) : null
  if (!other) return [await asked.finally(() => race.close())]
  const both = [asked, askOnce(house, race.lane(1), second.choice, other.outgoing, other.turn)]
  const results = await Promise.all(both)
  race.close()
  // the one that was shown is the one that counts, whatever its place
  const shown = results.filter(
    ({ result }) => result.kind !== 'refused' && result.kind !== 'cancelled',
  )
  const sentTo = results.flatMap((one) => one.sentTo)
  return shown[0] ? [{ ...shown[0], sentTo }] : results
}

function takeTurn(
  house: House,
  asking: Asking,
  choice: Choice,
): { outgoing: Prepared; turn: Turn } | null {
  const outgoing = outgoingFor(asking, choice)
  if (!outgoing.ok || !house.traffic.mayRepeat()) return null
  const turn = house.traffic.enter(choice, asking.exchange.caller.keyId)
  return isRefused(turn) ? null : { outgoing: outgoing.value, turn }
}

/** Two requests for one caller: the first to show something has the caller to itself, and stops the other. */
class Race {
  readonly #asking: Asking
  readonly #stops = [new AbortController(), new AbortController()]
  readonly #over = new AbortController()
  readonly #leave = (): void => {
    // why it is over is told on: an end from our side is not the caller's leaving
    const { reason } = this.#asking.signal
    for (const stop of [...this.#stops, this.#over]) stop.abort(reason)
  }
  #owner: number | null = null
  #sent = 0

  constructor(asking: Asking) {
    this.#asking = asking
    if (asking.signal.aborted) this.#leave()
    else asking.signal.addEventListener('abort', this.#leave, { once: true })
  }

  /** Aborted when the caller leaves or something was shown. */
  get either(): AbortSignal {
    return this.#over.signal
  }

  close(): void {
    this.#asking.signal.removeEventListener('abort', this.#leave)
    this.#over.abort()
  }

  lane(at: number): Asking {
    this.#sent += 1
    const stop = this.#stops[at] ?? this.#over
    return { ...this.#asking, reply: this.#replyOf(at), signal: stop.signal }
  }

  /** The first to show something has the caller to itself. */
  #own(at: number, show: () => void): void {
    if (this.#owner !== null) return
    this.#owner = at
    this.#over.abort()
    show()
    this.#stops[1 - at]?.abort()
  }

  #replyOf(at: number): Reply {
    const { reply } = this.#asking
    const isMine = (): boolean => this.#owner === at
    return {
      limits: (told) => reply.limits(told),
      refuse: (refusal, receipt, said) => reply.refuse(refusal, receipt, said),
      whole: (type, receipt, body) =>
        this.#own(at, () => reply.whole(type, { ...receipt, attempts: this.#sent }, body)),
      head: (type, receipt) =>
        this.#own(at, () => reply.head(type, { ...receipt, attempts: this.#sent })),
      write: (piece) => !isMine() || reply.write(piece),
      onDrain: (resume) => (isMine() ? reply.onDrain(resume) : resume()),
      end: () => {
        if (isMine()) reply.end()
      },
      interrupt: (refusal, failed) => {
        if (isMine()) reply.interrupt(refusal, failed)
      },
    }
  }
}
