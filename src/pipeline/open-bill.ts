import { isOwnZone } from '#kernel/destination.ts'
import type { Receipt } from '#kernel/exchange.ts'
import type { Refusal } from '#kernel/refusal.ts'
import { err, ok, type Result } from '#kernel/result.ts'
import type { Choice } from '#kernel/verdict.ts'
import { heldNames, type Held, type HeldLine, type Holding, type Need } from '#budgets/bank.ts'
import type { Amount, Budget } from '#budgets/budget.ts'
import { costOf } from '#economics/cost.ts'
import type { Quantities } from '#economics/quantities.ts'
import {
  amountOf,
  priceOf,
  shortageRefusal,
  unitName,
  unknownPrice,
  type Priced,
} from './amount.ts'
import { shownOf, usageOf, type Attempt } from './attempt.ts'
import { mostOf, sizeOf, usedOf, type RequestSize } from './estimate.ts'
import type { BillFields } from './events.ts'
import type { Asked, Bill, Charge, Funded, Funds } from './bill.ts'
import { Tally } from './tally.ts'

/** What one budget has of this request. */
interface Line {
  readonly budget: Budget
  /** Of all attempts that have ended. */
  spent: Amount
  /** The most that attempts under way can take. */
  open: Amount
  /** In all holdings. */
  held: Amount
}

interface Most {
  readonly budget: Budget
  readonly amount: Amount | null
}

interface Kept {
  readonly holding: Holding
  /** What is known of it outside this process: by the decision, or by the database. */
  readonly durable: ReadonlySet<HeldLine>
}

/** A class because it gathers what every attempt costs. */
export class OpenBill implements Bill {
  readonly #funds: Funds
  readonly #at: number
  readonly #asked: Asked
  readonly #payer: readonly Budget[]
  /** By the id of the budget: its definition may become another object while the request runs. */
  readonly #lines = new Map<string, Line>()
  readonly #holdings: Kept[] = []
  readonly #tally = new Tally()
  #size: RequestSize | null = null
  #last: { readonly choice: Choice; readonly about: Priced } | null = null
  #most: { readonly choice: Choice; readonly of: readonly Most[] } | null = null
  #isSettled = false

  constructor(funds: Funds, at: number, asked: Asked) {
    this.#funds = funds
    this.#at = at
    this.#asked = asked
    this.#payer = funds.table().ofPayer(asked.exchange.caller)
  }

  fund(order: readonly Choice[]): Funded | Promise<Funded> {
    return this.#fundFrom(this.#cheapestFirst(order), 0, null)
  }

  held(): Record<string, number> | null {
    const [first] = this.#holdings
    return first && first.holding.lines.length > 0 ? heldNames(first.holding) : null
  }

  told(): Pick<Receipt, 'budget'> {
    let binding: Receipt['budget']
    let least = Infinity
    for (const { budget } of this.#lines.values()) {
      const meter = this.#funds.bank.meter(budget, this.#at)
      const { remaining, isOverSoft } = meter
      if (remaining === null || budget.hard === null) continue
      const share = budget.hard === 0 ? 0 : remaining / budget.hard
      if (share >= least) continue
      least = share
      binding = { id: budget.id, remaining, unit: unitName(budget), isOverSoft }
    }
    return binding ? { budget: binding } : {}
  }

  release(): void {
    this.#close(() => 0)
  }

  begin(choice: Choice): Result<Charge, Refusal> | Promise<Result<Charge, Refusal>> {
    const ensured = this.#ensure(choice, false)
    const charged = (done: Result<void, Refusal>): Result<Charge, Refusal> =>
      done.ok ? ok(this.#charge(choice)) : done
    return ensured instanceof Promise ? ensured.then(charged) : charged(ensured)
  }

  uncovered(): Refusal | null {
    const lost = this.#holdings.find(({ holding }) => !this.#funds.bank.isCovered(holding))
    return lost ? unavailable(lost.holding) : null
  }

  total(): BillFields {
    const settled = this.#settled()
    return settled ? { ...this.#tally.fields(), settled } : this.#tally.fields()
  }

  settle(isRecorded: boolean): void {
    const due = new Map([...this.#lines].map(([id, { spent }]) => [id, spent]))
    this.#close(({ id }, amount, isLast) => {
      if (!isRecorded) return amount
      const left = due.get(id) ?? 0
      const spent = isLast ? left : Math.min(left, amount)
      due.set(id, left - spent)
      return spent
    })
  }

  #fundFrom(order: readonly Choice[], from: number, why: Refusal | null): Funded | Promise<Funded> {
    let refusal = why
    for (let at = from; at < order.length; at += 1) {
      const choice = order[at]
      if (!choice) break
      const held = this.#ensure(choice, true)
      if (held instanceof Promise) {
        const seen = refusal
        return held.then((done) =>
          done.ok
            ? { order: order.slice(at), refusal: null }
            : this.#fundFrom(order, at + 1, seen ?? done.error),
        )
      }
      if (held.ok) return { order: at === 0 ? order : order.slice(at), refusal: null }
      refusal ??= held.error
    }
    return { order: [], refusal }
  }

  /** Beyond a soft limit that asks for it, what costs least comes first; all of it is inside the verdict. */
  #cheapestFirst(order: readonly Choice[]): readonly Choice[] {
    const { bank, prices } = this.#funds
    const isOver = this.#payer.some(
      (budget) => budget.downgrade && bank.meter(budget, this.#at).isOverSoft,
    )
    if (!isOver || order.length < 2) return order
    const cost = new Map(
      order.map((choice) => {
        const { price, most } = this.#about(choice)
        const own = price && costOf(price, most())
        const rate = price && prices().rate(price.currency, 'EUR')
        // without a rate the figures of two currencies are compared as they are
        return [choice, own === null ? Infinity : own * ((rate ?? 1_000_000) / 1_000_000)]
      }),
    )
    return order.toSorted((a, b) => {
      const [one = 0, other = 0] = [cost.get(a), cost.get(b)]
      return one === other ? 0 : one - other
    })
  }

  #budgetsOf({ destination, model }: Choice): readonly Budget[] {
    const { tenant } = this.#asked.exchange.caller
    const ofChoice = this.#funds.table().ofChoice(tenant, destination.id, model.name)
    return ofChoice.length === 0 ? this.#payer : [...this.#payer, ...ofChoice]
  }

  /** Holds what this choice can take on top of all that is spent and open. */
  #ensure(
    choice: Choice,
    isDecision: boolean,
  ): Result<void, Refusal> | Promise<Result<void, Refusal>> {
    const needs: Need[] = []
    for (const { budget, amount } of this.#mostFor(choice)) {
      if (amount === null) return err(unknownPrice(budget, choice))
      const line = this.#lines.get(budget.id)
      const missing = line ? line.spent + line.open + amount - line.held : amount
      if (missing > 0 || !line) needs.push({ budget, amount: Math.max(0, missing) })
    }
    if (needs.length === 0) return ok(undefined)
    const done = this.#funds.bank.hold(needs, this.#at)
    const how = isDecision ? 'decision' : isOwnZone(choice.zone) ? 'memory' : 'database'
    const keep = (held: Held): Result<void, Refusal> | Promise<Result<void, Refusal>> =>
      held.ok ? this.#keep(held.value, how) : err(shortageRefusal(held.error, this.#at))
    return done instanceof Promise ? done.then(keep) : keep(done)
  }

  /** The decision makes its own holding durable; a later one is told to the database, unless it stays in our zones. */
  #keep(
    holding: Holding,
    how: 'decision' | 'database' | 'memory',
  ): Result<void, Refusal> | Promise<Result<void, Refusal>> {
    const keep = (durable: ReadonlySet<HeldLine>): Result<void, Refusal> => {
      for (const { meter, amount } of holding.lines) this.#line(meter.budget).held += amount
      this.#holdings.push({ holding, durable })
      return ok(undefined)
    }
    if (how !== 'database') return keep(new Set(how === 'decision' ? holding.lines : []))
    return this.#funds.bank.secure(holding).then(({ isWhole, lines }) => {
      if (isWhole) return keep(lines)
      // of no use to an attempt; what the database has of it is given back by the outcome
      this.#holdings.push({ holding, durable: lines })
      return err(unavailable(holding))
    })
  }

  #charge(choice: Choice): Charge {
    const about = this.#about(choice)
    const { prices } = this.#funds
    const most = this.#mostFor(choice)
    const open = most.map(({ budget, amount }) => {
      const line = this.#line(budget)
      line.open += amount ?? 0
      return { line, amount: amount ?? 0 }
    })
    let isOver = false
    const end = (used: Quantities | null): void => {
      isOver = true
      for (const { line, amount } of open) {
        line.open -= amount
        // what cannot be counted afterwards is taken at the most it can have been
        if (used) line.spent += amountOf(line.budget, about, used, prices()) ?? amount
      }
    }
    return {
      note: (result, written) => {
        if (!isOver) end(this.#used(choice, about, result, written))
      },
      end: () => {
        if (!isOver) end(null)
      },
    }
  }

  /** Counts what an attempt used; null when it cost nothing. */
  #used(choice: Choice, about: Priced, result: Attempt, written: number): Quantities | null {
    if (isFree(result)) return null
    const whole = result.kind === 'answered' ? shownOf(result).bytes : 0
    const { used, counted } = usedOf(
      () => this.#sized(),
      about.most,
      usageOf(result),
      written > 0 ? written : whole,
    )
    if (result.kind === 'answered') this.#funds.longest.note(choice, used.output)
    this.#tally.add(about, used, counted)
    return used
  }

  #close(spent: (budget: Budget, amount: Amount, isLast: boolean) => Amount): void {
    if (this.#isSettled) return
    this.#isSettled = true
    const { bank } = this.#funds
    for (const [at, { holding }] of this.#holdings.entries()) {
      const later = this.#holdings.slice(at + 1)
      const isLast = (meter: HeldLine['meter']): boolean =>
        !later.some((one) => one.holding.lines.some((line) => line.meter === meter))
      const amounts = holding.lines.map(({ meter, amount }) =>
        spent(meter.budget, amount, later.length === 0 || isLast(meter)),
      )
      bank.settle(holding, amounts)
    }
  }

  #settled(): BillFields['settled'] | null {
    if (this.#holdings.length === 0) return null
    const settled: Record<string, [number, number]> = {}
    for (const { holding, durable } of this.#holdings) {
      for (const line of holding.lines) {
        const { meter, amount } = line
        const before = settled[meter.name]?.[0] ?? 0
        const spent = this.#lines.get(meter.budget.id)?.spent ?? 0
        settled[meter.name] = [before + (durable.has(line) ? amount : 0), spent]
      }
    }
    return settled
  }

  /** What each budget would need for the most that this choice can use; null where that is unknown. */
  #mostFor(choice: Choice): readonly Most[] {
    if (this.#most?.choice === choice) return this.#most.of
    const budgets = this.#budgetsOf(choice)
    const about = this.#about(choice)
    const of = budgets.map((budget) => ({
      budget,
      amount: amountOf(budget, about, about.most(), this.#funds.prices()),
    }))
    this.#most = { choice, of }
    return of
  }

  #about(choice: Choice): Priced {
    if (this.#last?.choice === choice) return this.#last.about
    const { prices, energy, longest } = this.#funds
    const price = priceOf(prices(), choice, this.#at)
    const rate = energy()(choice.destination.id, choice.model.name)
    let most: Quantities | null = null
    const about = {
      price,
      rate,
      most: () => (most ??= mostOf(this.#sized(), choice, price, longest)),
    }
    this.#last = { choice, about }
    return about
  }

  #sized(): RequestSize {
    this.#size ??= sizeOf(this.#asked.request, this.#asked.parts)
    return this.#size
  }

  #line(budget: Budget): Line {
    const known = this.#lines.get(budget.id)
    if (known) return known
    const made = { budget, spent: 0, open: 0, held: 0 }
    this.#lines.set(budget.id, made)
    return made
  }
}

const unavailable = ({ lines }: Holding): Refusal => ({
  code: 'budget-unavailable',
  detail: { budget: lines[0]?.meter.budget.id ?? '?' },
  retryAfterSeconds: 5,
})

/** Whether nobody charges for an attempt: it never arrived, or was answered with an error. */
function isFree(result: Attempt): boolean {
  // an answer that came and was kept back was made all the same
  if (result.kind !== 'refused' || result.usage) return false
  const { code, detail } = result.refusal
  return typeof detail?.['status'] === 'number' || !MAY_COST.has(code)
}

/** Refusals after which the destination may have worked all the same. */
const MAY_COST: ReadonlySet<Refusal['code']> = new Set([
  'destination-timeout',
  'destination-malformed',
  'stream-interrupted',
])
