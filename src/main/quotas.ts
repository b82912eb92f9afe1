import { clearInterval, setInterval } from 'node:timers'
import { setTimeout as wait } from 'node:timers/promises'
import type { QuotasAdmin } from '#gateway/admin-ports.ts'
import { Admissions } from '#quotas/admission.ts'
import { enter } from '#quotas/entered.ts'
import { LeaseClient } from '#quotas/lease-client.ts'
import { isOfFile, LiveQuotas } from '#quotas/live-quotas.ts'
import type { Counters } from '#quotas/plan.ts'
import type { LeaseAuthority } from '#quotas/ports.ts'
import type { Quota } from '#quotas/quota.ts'
import { WindowBook } from '#quotas/window-book.ts'
import type { Limits } from '#pipeline/limits.ts'
import type { Store } from '#store/ports.ts'
import type { Core } from './core.ts'
import type { LiveConfig } from './live-config.ts'
import type { Log } from './log.ts'
import { quotasAdmin, type QuotaChange } from './quotas-admin.ts'

/** How often leases are renewed and given back, milliseconds. */
const TICK_MS = 100
/** How often counts are written down: a process that is killed forgets what it let in since. */
const SAVE_MS = 1_000
/** How often counts of which nothing is left are dropped. */
const SWEEP_MS = 60_000
/** Rows in one statement. */
const BATCH = 500

/** Never set back, and runs on while the process is stopped. */
const monotonic = (): number => performance.now()

/** Admissions over some counts, as the pipeline asks them. */
export interface LimitsHere extends Limits {
  /** Counts that are over may have been dropped. */
  readonly forget: () => void
}

export function limitsOver(counters: Counters, live: LiveQuotas): LimitsHere {
  const admissions = new Admissions({
    quotas: () => live.current,
    counters,
    now: monotonic,
    sleep: (ms, signal) => wait(ms, undefined, { signal }).catch(() => undefined),
  })
  return {
    enter: (subject, size, signal, priority) => enter(admissions, subject, size, signal, priority),
    forget: () => admissions.forgetPlans(),
  }
}

/** Leases of this process, renewed until it is closed. */
export function leasing(holder: string, authority: LeaseAuthority, live: LiveQuotas) {
  const client = new LeaseClient({ holder, authority, now: monotonic })
  const limits = limitsOver(client, live)
  const ticks = setInterval(() => void client.tick(), TICK_MS)
  const sweeps = setInterval(() => {
    if (client.sweep()) limits.forget()
  }, SWEEP_MS)
  ticks.unref()
  sweeps.unref()
  const close = async (): Promise<void> => {
    clearInterval(ticks)
    clearInterval(sweeps)
    await client.close()
  }
  return { limits, close }
}

export interface OpenQuotas {
  readonly limits: Limits
  readonly admin: QuotasAdmin
  /** Of administrators, as they are now. */
  readonly stored: () => readonly Quota[]
  /** Whom the workers of this process ask. */
  readonly authority: LeaseAuthority
  /** A worker is gone. */
  readonly forget: (holder: string) => void
  readonly onChange: (listener: (change: QuotaChange) => void) => void
  /** Another configuration is in force. */
  readonly configured: () => void
  readonly close: () => Promise<void>
}

export interface QuotaParts {
  readonly core: Core
  readonly config: LiveConfig
  readonly log: Log
}

/** The quotas of the process that leads: its own counts where it writes alone, leases from the database where it does not. */
export async function openQuotas({ core, config, log }: QuotaParts): Promise<OpenQuotas> {
  const { store } = core
  const live = new LiveQuotas()
  const configured = (): void => live.replace(config.current.quotas, isOfFile)
  configured()
  const readStored = async (): Promise<void> => {
    live.replace(await allStored(store), (quota) => !isOfFile(quota))
  }
  await readStored()
  const counts = store.leases === null ? await ownCounts(core, live, log) : sharedCounts(core, live)
  const listeners: ((change: QuotaChange) => void)[] = []
  const tell = (change: QuotaChange): void => listeners.forEach((listener) => listener(change))
  const readAgain = onceAtATime(() =>
    readStored().then(
      () => tell({ kind: 'all', quotas: live.all().filter((quota) => !isOfFile(quota)) }),
      () => log('warn', { code: 'database-unavailable', what: 'quotas' }),
    ),
  )
  const stop = store.changes.listen((topic) => {
    if (topic === null || topic === 'quotas') readAgain()
  })
  return {
    limits: counts.limits,
    admin: quotasAdmin({ core, live, usage: counts.usage, changed: tell }),
    stored: () => live.all().filter((quota) => !isOfFile(quota)),
    authority: counts.authority,
    forget: counts.forget,
    onChange: (listener) => void listeners.push(listener),
    configured,
    async close() {
      stop()
      await counts.close()
    },
  }
}

interface Counts {
  readonly limits: Limits
  readonly authority: LeaseAuthority
  readonly forget: (holder: string) => void
  readonly usage: (prefix: string) => Promise<readonly { key: string; total: number }[]>
  readonly close: () => Promise<void>
}

/** Of several gateways on one database. */
function sharedCounts({ store, clock, newId }: Core, live: LiveQuotas): Counts {
  const { quotaWindows } = store
  const { limits, close } = leasing(newId(), quotaWindows, live)
  const sweeps = setInterval(
    () => void quotaWindows.sweep(clock() - SWEEP_MS).catch(() => 0),
    SWEEP_MS,
  )
  sweeps.unref()
  return {
    limits,
    authority: quotaWindows,
    forget: () => {},
    usage: (prefix) => quotaWindows.usage(prefix),
    async close() {
      clearInterval(sweeps)
      await close()
    },
  }
}

/** Of the one process that holds the data directory: kept in memory, written down every second. */
async function ownCounts({ store, clock }: Core, live: LiveQuotas, log: Log): Promise<Counts> {
  const { quotaWindows } = store
  const book = new WindowBook(monotonic)
  await quotaWindows.sweep(clock())
  book.restore(await quotaWindows.all(), clock())
  const limits = limitsOver(book, live)
  const save = async (): Promise<void> => {
    const changed = book.changed(clock())
    for (let from = 0; from < changed.length; from += BATCH) {
      await quotaWindows.save(changed.slice(from, from + BATCH))
    }
  }
  let saving: Promise<void> = Promise.resolve()
  const saveOrSay = (): void => {
    saving = saving
      .then(save)
      .catch(() => log('error', { code: 'database-unavailable', what: 'quotas' }))
  }
  const saves = setInterval(saveOrSay, SAVE_MS)
  const sweeps = setInterval(() => {
    if (book.sweep()) limits.forget()
    void quotaWindows.sweep(clock()).catch(() => 0)
  }, SWEEP_MS)
  saves.unref()
  sweeps.unref()
  return {
    limits,
    authority: book,
    forget: (holder) => book.forget(holder),
    usage: (prefix) => Promise.resolve(book.usage(prefix)),
    async close() {
      clearInterval(saves)
      clearInterval(sweeps)
      saveOrSay()
      await saving
    },
  }
}

const PAGE = 10_000

/** Runs the work; asked for meanwhile, however often, it runs once more after that. */
function onceAtATime(work: () => Promise<void>): () => void {
  let isRunning = false
  let isWanted = false
  const run = (): void => {
    isWanted = isRunning
    if (isRunning) return
    isRunning = true
    void work().finally(() => {
      isRunning = false
      if (isWanted) run()
    })
  }
  return run
}

async function allStored({ quotas }: Pick<Store, 'quotas'>): Promise<readonly Quota[]> {
  const all: Quota[] = []
  for (let after: { tenant: string; id: string } | undefined; ;) {
    const page = await quotas.list({ limit: PAGE, ...(after ? { after } : {}) })
    all.push(...page.map(({ quota }) => quota))
    const last = page.at(-1)
    if (!last || page.length < PAGE) return all
    after = { tenant: last.tenant, id: last.quota.id }
  }
}
