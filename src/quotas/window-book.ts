import type { Milliseconds } from '#kernel/units.ts'
import { OwnCounter } from './counter.ts'
import type { KeyedAsk, LeaseAuthority, StoredWindow } from './ports.ts'
import { QuotaWindow, type LeaseGrant } from './quota-window.ts'

/** Counts of shorter windows are not kept over a restart, which takes about as long. */
const KEPT_FROM_MS: Milliseconds = 60_000

/** Every count of the processes of one machine, in the one that leads them: the authority of its workers. */
export class WindowBook implements LeaseAuthority {
  readonly #now: () => Milliseconds
  readonly #counters = new Map<string, OwnCounter>()
  #saved = new Map<string, string>()

  /** The clock is monotonic. */
  constructor(now: () => Milliseconds) {
    this.#now = now
  }

  counter(key: string, windowMs: Milliseconds): OwnCounter {
    const known = this.#counters.get(key)
    if (known) return known
    const made = new OwnCounter(new QuotaWindow(windowMs))
    this.#counters.set(key, made)
    return made
  }

  get size(): number {
    return this.#counters.size
  }

  lease(asks: readonly KeyedAsk[]): Promise<readonly LeaseGrant[]> {
    const now = this.#now()
    return Promise.resolve(
      asks.map(({ key, windowMs, ask }) => this.counter(key, windowMs).window.lease(ask, now)),
    )
  }

  /** A process ended: what it had open is closed. */
  forget(holder: string): void {
    for (const { window } of this.#counters.values()) window.forget(holder)
  }

  /** What is counted under names that begin so. */
  usage(prefix: string): readonly { key: string; total: number }[] {
    const now = this.#now()
    return [...this.#counters]
      .filter(([key]) => key.startsWith(prefix))
      .map(([key, { window }]) => ({ key, total: window.total(now) }))
  }

  /** Drops counts of which nothing is left; true when there were any. */
  sweep(): boolean {
    const now = this.#now()
    const before = this.#counters.size
    for (const [key, counter] of this.#counters) {
      if (counter.isIdle(now)) this.#counters.delete(key)
    }
    return this.#counters.size < before
  }

  /** Counts that changed since they were last asked for, with their times on the calendar. */
  changed(wallNow: Milliseconds): readonly StoredWindow[] {
    const now = this.#now()
    const saved = new Map<string, string>()
    const changed: StoredWindow[] = []
    for (const [key, { window }] of this.#counters) {
      if (window.windowMs < KEPT_FROM_MS || window.total(now) === 0) continue
      const state = window.state()
      const text = JSON.stringify([state.slices, state.leases])
      saved.set(key, text)
      if (this.#saved.get(key) === text) continue
      changed.push({ key, windowMs: window.windowMs, state: window.shifted(wallNow - now) })
    }
    this.#saved = saved
    return changed
  }

  /** Takes up counts of an earlier run; what that had leased counts as used when the lease ends. */
  restore(windows: readonly StoredWindow[], wallNow: Milliseconds): void {
    const now = this.#now()
    for (const { key, windowMs, state } of windows) {
      const window = QuotaWindow.from(windowMs, state)
      // a calendar that was set back in between must not make the past last longer than the window
      const by = now - Math.max(wallNow, state.at)
      const moved = QuotaWindow.from(windowMs, window.shifted(by))
      if (moved.total(now) > 0) this.#counters.set(key, new OwnCounter(moved))
    }
  }
}
