import type { EpochMs, Milliseconds } from '#kernel/units.ts'
import type { Amount, Budget } from './budget.ts'
import { Meter, VALID_MS } from './meter.ts'
import { periodAt, type Period } from './period.ts'
import type { Vault } from './ports.ts'

export interface BankOptions {
  readonly vault: Vault
  /** Monotonic milliseconds: no wall clock decides what may be spent. */
  readonly now: () => Milliseconds
  /** Resolves after this long. */
  readonly sleep: (ms: Milliseconds) => Promise<void>
  /** Asks for the commit of all that was recorded until now; whether it is in the ledger. */
  readonly recorded: () => Promise<boolean>
}

export interface Need {
  readonly budget: Budget
  readonly amount: Amount
}

/** Amounts held for one request, all of them or none. */
export interface Holding {
  readonly lines: readonly HeldLine[]
}

export interface HeldLine {
  readonly meter: Meter
  /** The share that it was held in. */
  readonly epoch: string | null
  amount: Amount
}

/** What the database knows of a holding. */
export interface Secured {
  /** Whether all of it may be spent. */
  readonly isWhole: boolean
  readonly lines: ReadonlySet<HeldLine>
}

/** Why nothing was held. */
export interface Shortage {
  readonly budget: Budget
  readonly period: Period
  readonly why: 'exhausted' | 'unavailable'
}

export type Held =
  | { readonly ok: true; readonly value: Holding }
  | { readonly ok: false; readonly error: Shortage }

/** How long a denial counts before the database is asked again. */
const DENIED_MS: Milliseconds = 200
/** Others give back what they do not need when somebody gets nothing: how often, and how long to wait for it. */
const WAITS = 6
const WAIT_MS: Milliseconds = 300
/** Nothing is given back of what may be more than anybody has. */
const UNKNOWN: Amount = 2 ** 52
/** A slice that was not used for so long is given back. */
const IDLE_MS: Milliseconds = 5_000

/**
 * Holds and settles in the memory of one process, inside slices that the vault has handed out: what is held here is
 * never more than what no other process can spend. A class because it has the state of a process.
 */
export class Bank {
  readonly #meters = new Map<string, Meter>()
  /** The same by definition, found without putting a name together. */
  readonly #byBudget = new WeakMap<Budget, Meter>()
  /** Periods that have ended, with requests still open in them. */
  readonly #old = new Set<Meter>()
  readonly #periods = new Map<string, Period>()
  readonly #vault: Vault
  readonly #now: BankOptions['now']
  readonly #sleep: BankOptions['sleep']
  readonly #recorded: BankOptions['recorded']
  #isBeating = false

  constructor({ vault, now, sleep, recorded }: BankOptions) {
    this.#vault = vault
    this.#now = now
    this.#sleep = sleep
    this.#recorded = recorded
  }

  /** The present period of a budget, as far as this process knows it. */
  meter(budget: Budget, at: EpochMs): Meter {
    const quick = this.#byBudget.get(budget)
    if (quick?.budget === budget && at >= quick.period.start && at < quick.period.end) return quick
    const found = this.#find(budget, at)
    this.#byBudget.set(budget, found)
    return found
  }

  #find(budget: Budget, at: EpochMs): Meter {
    const name = `${budget.tenant}\n${budget.id}`
    const known = this.#meters.get(name)
    const period = this.#periodOf(budget, at)
    if (known && known.period.start === period.start && sameKind(known.budget, budget)) {
      known.redefine(budget)
      return known
    }
    // a clock that was set back asks for a period that is over: it is still there, or begins anew
    const meter = [...this.#old].find(
      (old) => old.budget === budget && old.period.start === period.start,
    )
    if (known) this.#old.add(known)
    const next = meter ?? new Meter(budget, period)
    this.#old.delete(next)
    this.#meters.set(name, next)
    return next
  }

  /** Holds all of these, at once where the slices suffice; otherwise after asking for more, or never. */
  hold(needs: readonly Need[], at: EpochMs): Held | Promise<Held> {
    const lines = needs.map(({ budget, amount }) => ({ meter: this.meter(budget, at), amount }))
    return this.#tryHold(lines) ?? this.#holdLater(lines)
  }

  /**
   * Makes what was held on top of the decision's amount durable, before it is spent. A share that is gone, or a database
   * that is away, ends it; what was secured until then is in the accounts, and is given back by the outcome alone. It may
   * be what an earlier request has left: the outcome of that one has to be in the ledger first, or a crash would count both.
   */
  async secure({ lines }: Holding): Promise<Secured> {
    const secured = new Set<HeldLine>()
    const isBounded = lines.some(({ meter }) => meter.budget.hard !== null)
    if (isBounded && !(await this.#recorded())) return { isWhole: false, lines: secured }
    for (const line of lines) {
      const { meter, epoch, amount } = line
      // nothing bounds what has no hard limit: nobody hands out what it holds
      if (amount === 0 || meter.budget.hard === null || epoch === null) continue
      const isHeld = await this.#vault.holdMore(meter.key, epoch, amount).catch(() => false)
      if (!isHeld) return { isWhole: false, lines: secured }
      secured.add(line)
    }
    return { isWhole: true, lines: secured }
  }

  /** Whether what was held is still ours to spend: false after this process was stopped for too long. */
  isCovered(holding: Holding): boolean {
    return holding.lines.every(
      ({ meter, epoch }) =>
        meter.budget.hard === null || (meter.epoch === epoch && this.#now() < meter.validUntil),
    )
  }

  /** Ends what was held: so much of each was spent, in the order of the needs. */
  settle(holding: Holding, spent: readonly Amount[]): void {
    for (const [at, { meter, epoch, amount }] of holding.lines.entries()) {
      // of a share that was taken back, the ledger alone keeps the account
      if (meter.epoch !== epoch) continue
      meter.held -= amount
      meter.spent += spent[at] ?? amount
      meter.freed += amount - (spent[at] ?? amount)
    }
  }

  /** Looks after every slice: renews what is used, gives back what is not. Call it about once a second. */
  async beat(): Promise<void> {
    // one that waits for the ledger is not overtaken
    if (this.#isBeating) return
    this.#isBeating = true
    try {
      await this.#beatAll()
    } finally {
      this.#isBeating = false
    }
  }

  /** Only what the ledger knows to be free is given back: after a crash the rest would be counted here, and again where it went. */
  async #beatAll(): Promise<void> {
    const meters = [...this.#meters.values(), ...this.#old]
    const freed = meters.map((meter) => meter.freed)
    const isRecorded = meters.length === 0 || (await this.#recorded())
    await Promise.all(
      meters.map((meter, at) =>
        this.#beat(meter, isRecorded ? meter.freed - (freed[at] ?? 0) : UNKNOWN),
      ),
    )
    const now = this.#now()
    for (const [name, meter] of this.#meters) {
      if (!isIdle(meter) || now - meter.usedAt <= 10 * IDLE_MS) continue
      this.#meters.delete(name)
      this.#byBudget.delete(meter.budget)
    }
    for (const meter of this.#old) if (isIdle(meter)) this.#old.delete(meter)
  }

  /** Gives back everything that is not held or spent. */
  async close(): Promise<void> {
    const meters = [...this.#meters.values(), ...this.#old]
    await Promise.all(meters.map((meter) => this.#keep(meter, meter.spent + meter.held, 0)))
  }

  #tryHold(lines: readonly { meter: Meter; amount: Amount }[]): Held | null {
    const now = this.#now()
    for (const { meter, amount } of lines) {
      if (meter.budget.hard === null) continue
      const isValid = now < meter.validUntil && meter.epoch !== null
      if (isValid && meter.available >= amount) continue
      // a refusal is remembered for a moment, so that those who are refused cost the database nothing
      if (isValid && now < meter.deniedUntil) return this.#shortage(meter, 'exhausted')
      return null
    }
    const held: HeldLine[] = []
    for (const { meter, amount } of lines) {
      meter.held += amount
      meter.usedAt = now
      held.push({ meter, epoch: meter.epoch, amount })
    }
    return { ok: true, value: { lines: held } }
  }

  async #holdLater(lines: readonly { meter: Meter; amount: Amount }[]): Promise<Held> {
    for (let waits = 0; ;) {
      const short = lines.find(({ meter, amount }) => !this.#covers(meter, amount))
      if (!short) {
        const held = this.#tryHold(lines)
        if (held) return held
        continue
      }
      const { meter, amount } = short
      const got = await this.#take(meter, amount).catch(() => null)
      if (got === null) return this.#shortage(meter, 'unavailable')
      if (got.granted > 0 || this.#covers(meter, amount)) continue
      if (got.elsewhere === 0 || waits >= WAITS) {
        meter.deniedUntil = this.#now() + DENIED_MS
        return this.#shortage(meter, 'exhausted')
      }
      waits += 1
      await this.#sleep(WAIT_MS)
    }
  }

  #covers(meter: Meter, amount: Amount): boolean {
    if (meter.budget.hard === null) return true
    return meter.epoch !== null && this.#now() < meter.validUntil && meter.available >= amount
  }

  /** Asks for a slice; requests that come meanwhile wait for the same answer. */
  async #take(meter: Meter, amount: Amount): Promise<{ granted: Amount; elsewhere: Amount }> {
    meter.wanted += amount
    while (meter.taking) {
      await meter.taking
      if (this.#covers(meter, amount)) {
        meter.wanted -= amount
        return { granted: 0, elsewhere: 0 }
      }
    }
    const asked = this.#now()
    const want = meter.wanted - (meter.epoch === null ? 0 : Math.max(0, meter.available))
    const taking = this.#vault.take(meter.key, meter.epoch, Math.max(1, want))
    const isDone = taking.then(
      () => undefined,
      () => undefined,
    )
    meter.taking = isDone
    try {
      const taken = await taking
      if (taken.isNew) meter.forget()
      meter.epoch = taken.epoch
      meter.allotted += taken.granted
      meter.validUntil = asked + VALID_MS
      meter.others = taken.others
      return taken
    } finally {
      meter.wanted -= amount
      if (meter.taking === isDone) meter.taking = null
    }
  }

  #shortage(meter: Meter, why: Shortage['why']): Held {
    if (why === 'exhausted' && !meter.hasRefused) {
      meter.hasRefused = true
      this.#vault.refused(meter.key)
    }
    return { ok: false, error: { budget: meter.budget, period: meter.period, why } }
  }

  /** `unsure`: so much may be free, and the ledger does not say so yet. */
  async #beat(meter: Meter, unsure: Amount): Promise<void> {
    if (meter.taking) return
    const use = meter.spent + meter.held
    const now = this.#now()
    const isUnused = now - meter.usedAt > IDLE_MS
    const hasSpare = meter.available > 0
    // what nobody uses has been given back: it needs no care, and its validity runs out by itself
    if (isUnused && !hasSpare && meter.held === 0) return
    const recent = Math.max(0, use - meter.lastUse)
    meter.lastUse = use
    const spare = isUnused || meter.others.starved ? 0 : Math.max(recent * 10, meter.available / 2)
    await this.#keep(meter, Math.min(meter.allotted, Math.ceil(use + unsure + spare)), use + unsure)
  }

  /** Memory first, then the database: what is given back is not spent meanwhile. The database keeps `claim` at least. */
  async #keep(meter: Meter, allotted: Amount, claim: Amount): Promise<void> {
    const isUnlimited = meter.budget.hard === null
    if (meter.epoch === null && !isUnlimited) return
    const asked = this.#now()
    const { epoch } = meter
    if (!isUnlimited) meter.allotted = Math.max(allotted, meter.spent + meter.held)
    try {
      const kept = await this.#vault.keep(meter.key, epoch ?? '', Math.max(meter.allotted, claim))
      if (meter.epoch !== epoch) return
      meter.others = kept.others
      if (isUnlimited) return
      if (kept.isLost) meter.forget()
      else meter.validUntil = asked + VALID_MS
    } catch {
      // not reached: the slice stays valid for a while, and is not renewed
    }
  }

  /** Reading a calendar costs far more than remembering it. */
  #periodOf({ period: kind, timeZone }: Budget, at: EpochMs): Period {
    const name = `${kind}\n${timeZone}`
    const known = this.#periods.get(name)
    if (known && at >= known.start && at < known.end) return known
    const period = periodAt(kind, timeZone, at)
    this.#periods.set(name, period)
    return period
  }
}

const isIdle = (meter: Meter): boolean =>
  meter.held === 0 && meter.available <= 0 && meter.taking === null

const sameKind = (a: Budget, b: Budget): boolean =>
  a.unit === b.unit &&
  a.currency === b.currency &&
  a.period === b.period &&
  a.timeZone === b.timeZone

/** What a decision says it holds, by the names of periods; absent when it is nothing. */
export function heldNames({ lines }: Holding): Record<string, number> {
  const names: Record<string, number> = {}
  for (const { meter, amount } of lines) names[meter.name] = amount
  return names
}
