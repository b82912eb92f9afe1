import type { EpochMs } from '#kernel/units.ts'
import { EMPTY_ACCOUNT, project, type Account, type Entry } from './account.ts'
import type { PeriodKey } from './budget.ts'
import type { BudgetStore } from './ports.ts'

/** One account as this process last saw it, and what it has still to count. */
export interface Slot {
  readonly key: PeriodKey
  account: Account | null
  version: number
  readonly pending: Map<string, Entry[]>
  /** Changes happen one after the other. */
  tail: Promise<unknown>
  /** Reading a calendar costs more than remembering it. */
  readonly end: EpochMs | null
}

/** Tries against others who change the same account at the same time. */
const MOST_TRIES = 50

/** Accounts, read once and changed by compare-and-swap; whatever waits to be counted goes into the next change. */
export class AccountFile {
  readonly #slots = new Map<string, Slot>()
  readonly #changed = new Set<Slot>()
  readonly #store: BudgetStore
  readonly #endOf: (key: PeriodKey) => EpochMs | null

  constructor(store: BudgetStore, endOf: (key: PeriodKey) => EpochMs | null) {
    this.#store = store
    this.#endOf = endOf
  }

  slot(key: PeriodKey): Slot {
    const name = `${key.tenant}\n${key.budget}\n${key.start}`
    const known = this.#slots.get(name)
    if (known) return known
    const made: Slot = {
      key: { tenant: key.tenant, budget: key.budget, start: key.start },
      account: null,
      version: 0,
      pending: new Map(),
      tail: Promise.resolve(),
      end: this.#endOf(key),
    }
    this.#slots.set(name, made)
    return made
  }

  /** A record to be counted with the next change. */
  add(key: PeriodKey, writer: string, entry: Entry): void {
    const { pending } = this.slot(key)
    const known = pending.get(writer)
    if (known) known.push(entry)
    else pending.set(writer, [entry])
  }

  dirty(): readonly Slot[] {
    return [...this.#slots.values()].filter(({ pending }) => pending.size > 0)
  }

  /** Accounts that were written since this was asked last: a threshold may have been passed by any of those writes. */
  takeChanged(): readonly Slot[] {
    const changed = [...this.#changed]
    this.#changed.clear()
    return changed
  }

  /** Puts one back that could not be looked at. */
  lookAgain(slot: Slot): void {
    this.#changed.add(slot)
  }

  /** Counts what waits, then changes; nothing is written when nothing changed. @throws when the database fails. */
  change<T>(
    slot: Slot,
    how: (account: Account) => readonly [Account, T],
    from: 'memory' | 'read' = 'memory',
  ): Promise<T> {
    const done = slot.tail.then(() => {
      if (from === 'read') slot.account = null
      return this.#change(slot, how)
    })
    slot.tail = done.catch(() => undefined)
    return done
  }

  /** The account as it is now, whoever changed it, with what waits here counted in. */
  look(slot: Slot): Promise<Account> {
    return this.change(slot, (account) => [account, account], 'read')
  }

  /** Periods that are over and counted need no place in memory. */
  forgetEnded(now: EpochMs): void {
    for (const [name, slot] of this.#slots) {
      if (slot.pending.size === 0 && slot.end !== null && slot.end < now) this.#slots.delete(name)
    }
  }

  async #change<T>(slot: Slot, how: (account: Account) => readonly [Account, T]): Promise<T> {
    for (let tries = 1; tries <= MOST_TRIES; tries += 1) {
      const before = slot.account ?? (await this.#read(slot))
      const counted = [...slot.pending].map(([writer, list]) => ({
        writer,
        list,
        upTo: list.length,
      }))
      const projected = counted.reduce(
        (account, { writer, list }) => project(account, writer, list),
        before,
      )
      const [after, result] = how(projected)
      const isSwapped = after === before || (await this.#swap(slot, after))
      if (!isSwapped) continue
      for (const { writer, list, upTo } of counted) {
        list.splice(0, upTo)
        if (list.length === 0) slot.pending.delete(writer)
      }
      return result
    }
    throw new Error('an account is changed by too many at once')
  }

  async #read(slot: Slot): Promise<Account> {
    const found = await this.#store.account(slot.key)
    slot.version = found?.version ?? 0
    slot.account = found ? (JSON.parse(found.json) as Account) : EMPTY_ACCOUNT // written below, by nobody else
    return slot.account
  }

  async #swap(slot: Slot, account: Account): Promise<boolean> {
    const { key, version } = slot
    // whatever comes of it, what we know of the account is not certain until the answer is here
    slot.account = null
    const isWritten = await this.#store.swapAccount({
      key,
      version,
      json: JSON.stringify(account),
      end: slot.end,
    })
    if (!isWritten) return false
    slot.account = account
    slot.version = version + 1
    this.#changed.add(slot)
    return true
  }
}
