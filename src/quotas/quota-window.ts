import type { Milliseconds } from '#kernel/units.ts'

/** Slices of a window: what was used is given back with the slice, at most one slice late. */
export const SLICES = 20
const RING = SLICES + 1
/** Of what is free, the part that one process gets ahead of need at most: one in so many. */
const LEASED_PARTS = 16

/** What one process has of an allowance, and until when. */
export interface HeldLease {
  /** Of the holder's reports, the last one that was counted. */
  readonly report: number
  readonly units: number
  /** In the time of whoever counts. */
  readonly expiresAt: Milliseconds
}

/** What one process says of its lease, and what it asks for. */
export interface LeaseAsk {
  readonly holder: string
  readonly limit: number
  /** What it has used, `[report, slice, units]`, as far as it does not know that it was counted. */
  readonly used: readonly (readonly [number, number, number])[]
  /** What it keeps: allowance not used yet, and requests that are open. */
  readonly held: number
  /** The least it can do with now; 0: it only reports. */
  readonly need: number
  /** What it could use before the lease ends. */
  readonly want: number
  readonly ttlMs: Milliseconds
}

export interface LeaseGrant {
  /** Units more than were held. */
  readonly granted: number
  /** Reports up to this one have been counted. */
  readonly report: number
  /** When this was counted, in the time of whoever counts. */
  readonly at: Milliseconds
  /** How long what is held and granted may be used, from the moment the ask was sent. */
  readonly ttlMs: Milliseconds
  /** Used and leased, all processes together. */
  readonly total: number
  /** Processes that hold something. */
  readonly holders: number
  /** Until as much as was needed can be free; 0 when it was granted. */
  readonly freeInMs: Milliseconds
}

/** The stored form; slices as `[number, units]`. */
export interface WindowState {
  readonly at: Milliseconds
  readonly slices: readonly (readonly [number, number])[]
  readonly leases: Readonly<Record<string, HeldLease>>
}

/**
 * Counts what was used in a window that slides in slices. Whatever is taken or leased is counted before it is used and
 * at the latest slice that it can be used in, until it is known better: the sum over any stretch as long as the window
 * never exceeds the limit. A window of 0 ms counts what is open now. A class because it is a count that lives.
 */
export class QuotaWindow {
  readonly windowMs: Milliseconds
  readonly #sliceMs: number
  readonly #ring: Float64Array | null
  #slice = 0
  #at: Milliseconds = 0
  /** The last slice that anything was counted in. */
  #lastUse = -Infinity
  #used = 0
  #leased = 0
  #leases: Map<string, HeldLease> | null = null

  constructor(windowMs: Milliseconds) {
    this.windowMs = windowMs
    this.#sliceMs = windowMs / SLICES
    this.#ring = windowMs === 0 ? null : new Float64Array(RING)
  }

  static from(windowMs: Milliseconds, state: WindowState | null): QuotaWindow {
    const window = new QuotaWindow(windowMs)
    if (state === null) return window
    window.#advance(state.at)
    for (const [slice, units] of state.slices) window.#add(Math.min(slice, window.#slice), units)
    for (const [holder, lease] of Object.entries(state.leases)) window.#setLease(holder, lease)
    return window
  }

  state(): WindowState {
    const slices: [number, number][] = []
    for (let slice = this.#slice - SLICES; slice <= this.#slice; slice += 1) {
      const units = this.#ring?.[positionOf(slice)] ?? 0
      if (units !== 0) slices.push([slice, units])
    }
    if (!this.#ring && this.#used !== 0) slices.push([0, this.#used])
    return { at: this.#at, slices, leases: Object.fromEntries(this.#leases ?? []) }
  }

  /** The same on another clock, that shows so much more; later by up to a slice, never earlier. */
  shifted(byMs: Milliseconds): WindowState {
    const { at, slices, leases } = this.state()
    const by = this.#ring ? Math.ceil(byMs / this.#sliceMs) : 0
    const moved = Object.entries(leases).map(([holder, lease]) => [
      holder,
      { ...lease, expiresAt: lease.expiresAt + byMs },
    ])
    return {
      at: at + byMs,
      slices: slices.map(([slice, units]) => [slice + by, units]),
      leases: Object.fromEntries(moved),
    }
  }

  /** When nothing of what is counted now can be in the window any more. */
  get endsAt(): Milliseconds {
    const ends = [...(this.#leases?.values() ?? [])].map(({ expiresAt }) => expiresAt)
    return Math.max(this.#at, ...ends) + this.windowMs + this.#sliceMs
  }

  /** Used and leased in the window that ends now. Time never runs backwards here. */
  total(now: Milliseconds): number {
    this.#advance(now)
    return this.#used + this.#leased
  }

  /** Counts so many units as used now; returns the slice, by which they can be corrected. */
  take(units: number, now: Milliseconds): number {
    this.#advance(now)
    this.#add(this.#slice, units)
    return this.#slice
  }

  /** Takes back what was counted in a slice, as far as that is in the window still. */
  giveBack(units: number, slice: number): void {
    if (!this.#ring) {
      this.#used = Math.max(0, this.#used - units)
      return
    }
    if (slice < this.#slice - SLICES || slice > this.#slice) return
    const there = this.#ring[positionOf(slice)] ?? 0
    this.#add(slice, -Math.min(units, there))
  }

  /** How long until at most so much is counted, if nothing more is taken; null: not by waiting. */
  untilAtMost(most: number, now: Milliseconds): Milliseconds | null {
    let over = this.total(now) - most
    if (over <= 0) return 0
    if (most < 0 || !this.#ring) return this.#ring ? null : this.#firstLeaseEnd(now)
    const leaving: [number, number][] = []
    for (const lease of this.#leases?.values() ?? []) {
      leaving.push([this.#sliceOf(lease.expiresAt), lease.units])
    }
    for (let slice = this.#slice - SLICES; slice <= this.#slice; slice += 1) {
      leaving.push([slice, this.#ring[positionOf(slice)] ?? 0])
    }
    for (const [slice, units] of leaving.toSorted(([a], [b]) => a - b)) {
      over -= units
      if (over <= 0) return Math.max(0, (slice + RING) * this.#sliceMs - this.#at)
    }
    return null
  }

  /** How long until nothing is counted, if nothing more is taken. */
  untilEmpty(now: Milliseconds): Milliseconds {
    if (this.total(now) === 0 || !this.#ring) return 0
    let last = this.#lastUse
    for (const { expiresAt } of this.#leases?.values() ?? []) {
      last = Math.max(last, this.#sliceOf(expiresAt))
    }
    return Math.max(0, (last + RING) * this.#sliceMs - this.#at)
  }

  /** Counts what a holder has used, then leases more if there is enough for its need. */
  lease(ask: LeaseAsk, now: Milliseconds): LeaseGrant {
    this.#advance(now)
    const known = this.#leases?.get(ask.holder)
    let report = known?.report ?? 0
    for (const [number, slice, units] of ask.used) {
      if (number <= (known?.report ?? 0)) continue
      report = Math.max(report, number)
      // nothing is used in the future: the holder's reckoning of our time is never behind, and may be ahead
      if (units < 0) this.giveBack(-units, Math.min(slice, this.#slice))
      else if (slice >= this.#slice - SLICES) this.#add(Math.min(slice, this.#slice), units)
    }
    const others = this.#used + this.#leased - (known?.units ?? 0)
    const free = ask.limit - others - ask.held
    const enough = ask.need > 0 && free >= ask.need
    // another process that asks now must get something too, and one that is killed strands no more than this
    const granted = enough
      ? Math.max(ask.need, Math.min(ask.want, Math.floor(free / LEASED_PARTS)))
      : 0
    const expiresAt = this.#at + ask.ttlMs
    this.#setLease(ask.holder, { report, units: ask.held + granted, expiresAt })
    const total = this.#used + this.#leased
    const freeInMs =
      enough || ask.need === 0 ? 0 : (this.untilAtMost(ask.limit - ask.need, now) ?? ask.ttlMs)
    const holders = this.#leases?.size ?? 0
    return { granted, report, at: this.#at, ttlMs: ask.ttlMs, total, holders, freeInMs }
  }

  /** A holder is gone for good: what it had open ends now; what it may have used stays counted. */
  forget(holder: string): void {
    if (this.#ring) return
    const lease = this.#leases?.get(holder)
    if (!lease) return
    this.#leased -= lease.units
    this.#leases?.delete(holder)
  }

  #sliceOf(at: Milliseconds): number {
    return this.#ring ? Math.floor(at / this.#sliceMs) : 0
  }

  #advance(now: Milliseconds): void {
    if (now > this.#at) this.#at = now
    if (this.#ring) {
      const slice = Math.floor(this.#at / this.#sliceMs)
      if (slice === this.#slice) return
      const from = Math.max(this.#slice + 1, slice - SLICES)
      for (let one = from; one <= slice; one += 1) {
        const position = positionOf(one)
        this.#used -= this.#ring[position] ?? 0
        this.#ring[position] = 0
      }
      if (slice - this.#slice >= RING) this.#used = 0
      this.#slice = slice
    }
    if (this.#leases) this.#dropLeases()
  }

  /** Leases whose last possible use has left the window. */
  #dropLeases(): void {
    for (const [holder, lease] of this.#leases ?? []) {
      const isOver = this.#ring
        ? this.#sliceOf(lease.expiresAt) < this.#slice - SLICES
        : lease.expiresAt <= this.#at
      if (!isOver) continue
      this.#leased -= lease.units
      this.#leases?.delete(holder)
    }
  }

  #add(slice: number, units: number): void {
    this.#used += units
    if (!this.#ring) return
    if (slice > this.#lastUse) this.#lastUse = slice
    const position = positionOf(slice)
    this.#ring[position] = (this.#ring[position] ?? 0) + units
  }

  #setLease(holder: string, lease: HeldLease): void {
    this.#leases ??= new Map()
    this.#leased += lease.units - (this.#leases.get(holder)?.units ?? 0)
    this.#leases.set(holder, lease)
  }

  #firstLeaseEnd(now: Milliseconds): Milliseconds | null {
    const ends = [...(this.#leases?.values() ?? [])].map(({ expiresAt }) => expiresAt - now)
    return ends.length === 0 ? null : Math.max(0, Math.min(...ends))
  }
}

const positionOf = (slice: number): number => ((slice % RING) + RING) % RING
