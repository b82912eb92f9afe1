import type { Clock, NewId } from '#kernel/ports.ts'
import type { EpochMs, Milliseconds } from '#kernel/units.ts'
import {
  close,
  committedOf,
  heldOf,
  holdMore,
  keep,
  othersOf,
  spentOf,
  take,
  type Account,
} from './account.ts'
import { AccountFile, type Slot } from './account-file.ts'
import { alertOf, type Threshold } from './alert.ts'
import type { Amount, Budget, PeriodKey } from './budget.ts'
import { entriesOf, type Recorded } from './entries.ts'
import { RECLAIM_MS } from './meter.ts'
import { periodAt, type Period } from './period.ts'
import type { BudgetStore, Vault } from './ports.ts'
import type { BudgetTable } from './table.ts'

/** The ledger as the clerk reads it. */
export interface LedgerReader {
  readonly head: (writer: string) => Promise<{ readonly seq: number } | null>
  readonly walk: (
    writer: string,
    fromSeq: number,
  ) => AsyncIterable<{ readonly seq: number; readonly record: Recorded | null }>
}

export interface ClerkOptions {
  readonly store: BudgetStore
  readonly ledger: LedgerReader
  readonly table: () => BudgetTable
  readonly clock: Clock
  /** Monotonic milliseconds. */
  readonly now: () => Milliseconds
  readonly newId: NewId
}

/** What a period looks like to those who ask. */
export interface BudgetState {
  readonly budget: Budget
  readonly period: Period
  readonly spent: Amount
  readonly held: Amount
  /** Handed out to processes, spent and held amounts included. */
  readonly committed: Amount
}

/** A period that ended so long ago is still closed for a writer that is gone. */
const ENDED_MS: Milliseconds = 48 * 3_600_000
/** Accounts written in one round, so that many budgets cost the database no more than it can bear. */
const ACCOUNTS_PER_ROUND = 256

/**
 * Keeps the accounts of all budgets true to the ledger: hands out slices, counts committed records, closes the shares
 * of those who are gone, notices thresholds. One per process that reaches the database; any number may work at once.
 */
export class Clerk {
  readonly #options: ClerkOptions
  readonly #file: AccountFile
  /** Last record of each writer that this process was told of. */
  readonly #heard = new Map<string, number>()
  /** Writers that were recovered here, so that nothing of them is missing. */
  readonly #known = new Set<string>()
  /** Writers that were not, and the first record that was heard of them: a chain that this process continues after it lost its own. */
  readonly #strange = new Map<string, number>()
  /** What has been told already, so that the database is not asked again. */
  readonly #told = new Set<string>()
  /** When each share of another writer last changed. */
  readonly #pulse = new Map<string, { beat: string; since: Milliseconds }>()

  constructor(options: ClerkOptions) {
    this.#options = options
    this.#file = new AccountFile(options.store, (key) => this.#endOf(key))
  }

  /** What the ledger has just committed. Nothing is written before the next `flush`. */
  committed(records: readonly Recorded[]): void {
    for (const record of records) {
      if (!this.#known.has(record.writer) && !this.#strange.has(record.writer)) {
        this.#strange.set(record.writer, record.seq)
      }
      // what a strange chain had before is counted first, and this with it
      if (this.#strange.has(record.writer)) continue
      this.#heard.set(record.writer, record.seq)
      for (const { key, entry } of entriesOf(record)) this.#file.add(key, record.writer, entry)
    }
  }

  /** Writes what was counted since, and notices thresholds. Call it about once a second. @throws when the database fails. */
  async flush(): Promise<void> {
    for (const writer of this.#strange.keys()) await this.recover(writer)
    const heard = new Map(this.#heard)
    const dirty = this.#file.dirty()
    const round = dirty.slice(0, ACCOUNTS_PER_ROUND)
    await Promise.all(
      round.map((slot) => this.#file.change(slot, (account) => [account, undefined])),
    )
    for (const slot of this.#file.takeChanged()) {
      await this.#notice(slot).catch((error: unknown) => {
        this.#file.lookAgain(slot)
        throw error
      })
    }
    if (round.length < dirty.length) return
    for (const [writer, seq] of heard) await this.#options.store.moveCursor(writer, seq)
    for (const [writer, seq] of heard) {
      if (this.#heard.get(writer) === seq) this.#heard.delete(writer)
    }
    this.#file.forgetEnded(this.#options.clock())
  }

  /**
   * Makes the accounts true for a writer that is gone or is about to begin anew: counts what the ledger has of it
   * since the last flush, then closes its shares; decisions without an outcome count as spent.
   */
  async recover(writer: string): Promise<void> {
    const { store, ledger, clock } = this.#options
    const cursor = await store.cursor(writer)
    const first = this.#strange.get(writer)
    this.#known.add(writer)
    this.#strange.delete(writer)
    // where nothing was ever counted, nothing was held before now
    let last = cursor ?? (first === undefined ? ((await ledger.head(writer))?.seq ?? 0) : first - 1)
    for await (const { seq, record } of ledger.walk(writer, last + 1)) {
      last = seq
      if (record === null) continue
      for (const { key, entry } of entriesOf(record)) this.#file.add(key, writer, entry)
    }
    const open = await store.openAccounts(clock() - ENDED_MS)
    const slots = new Set([...open.map(({ key }) => this.#file.slot(key)), ...this.#file.dirty()])
    for (const slot of slots) {
      await this.#file.change(slot, (account) => [close(account, writer), undefined])
      await this.#notice(slot)
    }
    await store.moveCursor(writer, last)
  }

  /** Recovers every writer that has something: for a process that knows it is alone. */
  async recoverAll(): Promise<void> {
    for (const writer of await this.#writers()) await this.recover(writer)
  }

  /** Recovers the writers that were silent for too long, told by their shares alone: no two clocks are compared. Returns them. */
  async recoverSilent(own: ReadonlySet<string>): Promise<readonly string[]> {
    const now = this.#options.now()
    const beats = await this.#beats()
    const silent: string[] = []
    for (const [writer, beat] of beats) {
      const known = this.#pulse.get(writer)
      if (own.has(writer)) continue
      if (known?.beat !== beat) this.#pulse.set(writer, { beat, since: now })
      else if (now - known.since >= RECLAIM_MS) silent.push(writer)
    }
    for (const writer of this.#pulse.keys()) if (!beats.has(writer)) this.#pulse.delete(writer)
    for (const writer of silent) {
      await this.recover(writer)
      this.#pulse.delete(writer)
    }
    return silent
  }

  /** The way to the accounts for the process that writes this chain of the ledger; which one that is may change. */
  vaultFor(current: () => string): Vault {
    const { newId } = this.#options
    const of = (key: PeriodKey): Slot => this.#file.slot(key)
    return {
      take: (key, epoch, want) => {
        const hard = this.#options.table().find(key.tenant, key.budget)?.hard ?? 0
        const newEpoch = newId()
        return this.#file.change(of(key), (account) =>
          take(account, { writer: current(), epoch, newEpoch, want, hard }),
        )
      },
      keep: (key, epoch, allotted) =>
        epoch === ''
          ? this.#file
              .look(of(key))
              .then((account) => ({ isLost: false, others: othersOf(account, current()) }))
          : this.#file.change(of(key), (account) =>
              keep(account, { writer: current(), epoch, allotted }),
            ),
      holdMore: (key, epoch, amount) =>
        this.#file.change(of(key), (account) =>
          holdMore(account, { writer: current(), epoch, amount }),
        ),
      refused: (key) => void this.#tell(key, 'hard').catch(() => undefined),
    }
  }

  /** The present period of a budget, as the ledger has it. */
  async stateOf(budget: Budget): Promise<BudgetState> {
    const period = periodAt(budget.period, budget.timeZone, this.#options.clock())
    const key = { tenant: budget.tenant, budget: budget.id, start: period.start }
    const account = await this.#file.look(this.#file.slot(key))
    return {
      budget,
      period,
      spent: spentOf(account),
      held: heldOf(account),
      committed: committedOf(account),
    }
  }

  async #notice(slot: Slot): Promise<void> {
    const budget = this.#options.table().find(slot.key.tenant, slot.key.budget)
    if (!budget) return
    const spent = spentOf(slot.account ?? (await this.#file.look(slot)))
    if (budget.soft !== null && spent >= budget.soft) await this.#tell(slot.key, 'soft')
    if (budget.hard !== null && spent >= budget.hard) await this.#tell(slot.key, 'hard')
  }

  /** Queues the alert of a threshold, once: its id is the same for everybody. */
  async #tell(key: PeriodKey, threshold: Threshold): Promise<void> {
    const { store, table, clock } = this.#options
    const name = `${nameOf(key)}\n${threshold}`
    const budget = table().find(key.tenant, key.budget)
    if (!budget || this.#told.has(name)) return
    const account = await this.#file.look(this.#file.slot(key))
    const period = periodAt(budget.period, budget.timeZone, key.start)
    const alert = alertOf(budget, period, threshold, spentOf(account), clock())
    await store.addAlert(alert, clock())
    this.#told.add(name)
  }

  #endOf(key: PeriodKey): EpochMs | null {
    const budget = this.#options.table().find(key.tenant, key.budget)
    const end = budget ? periodAt(budget.period, budget.timeZone, key.start).end : Infinity
    return Number.isFinite(end) ? end : null
  }

  async #writers(): Promise<ReadonlySet<string>> {
    return new Set((await this.#beats()).keys())
  }

  /** Every writer with a share in an open account, and what changes while it lives. */
  async #beats(): Promise<ReadonlyMap<string, string>> {
    const beats = new Map<string, string>()
    for (const { key, json } of await this.#options.store.openAccounts(
      this.#options.clock() - ENDED_MS,
    )) {
      const { shares }: Account = JSON.parse(json) // written by account-file.ts alone
      for (const [writer, { beat, allotted, held, spent }] of Object.entries(shares)) {
        if (allotted <= spent && held === 0) continue
        beats.set(writer, `${beats.get(writer) ?? ''} ${nameOf(key)} ${beat}`)
      }
    }
    return beats
  }
}

const nameOf = ({ tenant, budget, start }: PeriodKey): string => `${tenant}\n${budget}\n${start}`
