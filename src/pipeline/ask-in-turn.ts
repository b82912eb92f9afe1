import type { Choice } from '#kernel/verdict.ts'
import type { Refusal } from '#kernel/refusal.ts'
import { askOnce, left, notSent, type Asked, type Asking } from './ask-once.ts'
import { askTwice, lateAfterMs } from './hedge.ts'
import { outgoingFor } from './outgoing.ts'
import type { House } from './ports.ts'
import {
  nextTry,
  planStep,
  startPlan,
  type Hedge,
  type NextTry,
  type Plan,
  type Tried,
} from './retry-plan.ts'
import { isRefused, type NoTurn } from './traffic.ts'

/** Seconds after which a full queue is worth another look. */
const FULL_RETRY_SECONDS = 1

/**
 * Asks the destinations of the verdict, in this order, until one has shown something or there is nothing left to try:
 * each once at once, then again within the budget and the bounds of the plan. Never one outside the verdict.
 */
export async function askInTurn(
  house: House,
  asking: Asking,
  order: readonly Choice[],
): Promise<Asked> {
  house.traffic.arrived()
  const round = new Round(house, asking, order)
  for (;;) {
    const next = nextTry(round.plan, house.random())
    const choice = next.kind === 'ask' ? order[next.choice] : undefined
    if (next.kind === 'give-up' || !choice) return round.asked
    if (next.how === 'repeat' && !house.traffic.mayRepeat()) return round.asked
    if (next.waitMs > 0) await house.sleep(next.waitMs, asking.signal)
    if (asking.signal.aborted) return round.left()
    const isSettled = await round.ask(next, choice)
    if (isSettled) return round.asked
  }
}

type Ask = Extract<NextTry, { kind: 'ask' }>

/** One request on its way through its choices. A class because it gathers what came of each. */
class Round {
  plan: Plan
  asked: Asked
  readonly #house: House
  readonly #asking: Asking
  readonly #order: readonly Choice[]
  readonly #hedge: Hedge | null

  constructor(house: House, asking: Asking, order: readonly Choice[]) {
    this.#house = house
    this.#asking = asking
    this.#order = order
    const { attempts, hedge } = house.trying()
    this.plan = startPlan(order.length, attempts)
    this.#hedge = attempts > 1 ? hedge : null
    this.asked = notSent({ code: 'no-eligible-destination' }, asking.receipt)
  }

  left(): Asked {
    const { receipt, sentTo } = this.asked
    return { ...left({ receipt, signal: this.#asking.signal }), sentTo }
  }

  /** Asks one choice if there is a place for it; true when the exchange is over. */
  async ask(next: Ask, choice: Choice): Promise<boolean> {
    const { request, exchange, signal } = this.#asking
    const outgoing = outgoingFor(this.#asking, choice)
    // another destination of the verdict may speak what this one cannot
    if (!outgoing.ok) {
      return this.#passOver({ kind: 'passed-over', choice: next.choice }, outgoing.error)
    }
    const { traffic } = this.#house
    const turn =
      next.how === 'queue'
        ? await traffic.wait(choice, exchange.caller.keyId, signal, exchange.narrowing.priority)
        : traffic.enter(choice, exchange.caller.keyId)
    if (isRefused(turn)) {
      if (signal.aborted) {
        this.asked = this.left()
        return true
      }
      const kind = turn === 'busy' && next.how === 'now' ? 'busy' : 'passed-over'
      return this.#passOver({ kind, choice: next.choice }, refusalOf(turn, choice))
    }
    const told = this.#told()
    const second = next.how === 'now' && next.choice === 0 ? this.#order[1] : undefined
    const lateMs =
      second && !request.stream ? lateAfterMs(this.#house.traffic, this.#hedge, choice) : null
    const first = { choice, outgoing: outgoing.value, turn }
    const results =
      second && lateMs !== null
        ? await askTwice(this.#house, told, first, { choice: second, lateMs })
        : [await askOnce(this.#house, told, choice, outgoing.value, turn)]
    for (const [at, asked] of results.entries()) {
      if (this.#take(next.choice + at, asked)) return true
    }
    return false
  }

  #told(): Asking {
    const attempts = this.plan.tries + 1
    return { ...this.#asking, receipt: { ...this.#asking.receipt, attempts } }
  }

  /** Notes what came of a request that may have been sent; true when it was the last. */
  #take(choice: number, asked: Asked): boolean {
    this.asked = { ...asked, sentTo: [...this.asked.sentTo, ...asked.sentTo] }
    const { result } = asked
    if (result.kind !== 'refused') return true
    const afterSeconds = result.refusal.retryAfterSeconds
    const afterMs = afterSeconds === undefined ? null : afterSeconds * 1000
    this.#note({ kind: 'failed', choice, again: result.again, afterMs })
    return this.plan.isOver || this.#asking.signal.aborted
  }

  /** Nothing was sent there; what an earlier destination said of the request stays the answer. */
  #passOver(tried: Tried, refusal: Refusal): false {
    this.#note(tried)
    if (this.asked.sentTo.length === 0) this.asked = notSent(refusal, this.#asking.receipt)
    return false
  }

  #note(tried: Tried): void {
    this.plan = planStep(this.plan, tried)
  }
}

function refusalOf(turn: NoTurn, choice: Choice): Refusal {
  if (typeof turn === 'object') return turn.limited
  return turn === 'busy'
    ? { code: 'queue-full', retryAfterSeconds: FULL_RETRY_SECONDS }
    : { code: 'destination-unreachable', detail: { destination: choice.destination.id } }
}
