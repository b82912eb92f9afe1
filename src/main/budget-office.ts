import { readEvent } from '#ledger/read-event.ts'
import type { Committed } from '#ledger/writer.ts'
import type { Milliseconds } from '#kernel/units.ts'
import { sendAlerts } from '#budgets/alert-sender.ts'
import type { Budget } from '#budgets/budget.ts'
import { Clerk } from '#budgets/clerk.ts'
import type { Recorded } from '#budgets/entries.ts'
import type { Vault } from '#budgets/ports.ts'
import { openWebhookLine, type WebhookLine } from '#providers/webhook-line.ts'
import type { BudgetAdmin } from '#gateway/admin-ports.ts'
import type { AlertSettings } from '#config/types.ts'
import { budgetAdmin, storedBudgets } from './budget-admin.ts'
import type { Core } from './core.ts'
import { ownFunds, type OwnFunds } from './funds.ts'
import type { LiveConfig } from './live-config.ts'
import type { Log } from './log.ts'

/** How often slices are renewed and accounts written. */
const TICK_MS: Milliseconds = 1000
/** Ticks between two looks at who has fallen silent. */
const LOOK_TICKS = 10

/** The budgets of the process that reaches the database. */
export interface BudgetOffice {
  readonly funds: OwnFunds
  readonly admin: BudgetAdmin
  /** Definitions in force. */
  readonly budgets: () => readonly Budget[]
  /** Calls back when they are others. */
  readonly onBudgets: (listener: () => void) => void
  /** For a worker of this process, by the name of its chain. */
  readonly vaultFor: (writer: string) => Vault
  /** A worker is about to begin, or is gone. */
  readonly recover: (writer: string) => Promise<void>
  /** The configuration in force is another one. */
  readonly applied: () => void
  readonly close: () => Promise<void>
}

/** Opens the budgets: what a process before this one left behind is settled before the first request is served. */
export async function openBudgetOffice(
  core: Core,
  live: LiveConfig,
  log: Log,
): Promise<BudgetOffice> {
  const { store, clock, newId, chains } = core
  const listeners: (() => void)[] = []
  const clerk = new Clerk({
    store: store.budgets,
    ledger: {
      head: (writer) => store.ledger.head(writer),
      walk: (writer, from) => walked(store.ledger.walk(writer, from)),
    },
    table: () => funds.table(),
    clock,
    now: () => performance.now(),
    newId,
  })
  const own = chains.standing(core.writer)
  const vaultFor = (writer: string): Vault =>
    clerk.vaultFor(() => chains.standing(writer)?.writer ?? writer)
  const load = async (): Promise<readonly Budget[]> => {
    const ofFile = live.current.budgets
    const names = new Set(ofFile.map(({ tenant, id }) => `${tenant}\n${id}`))
    const stored = storedBudgets(await store.budgets.definitions())
    return [...ofFile, ...stored.filter(({ tenant, id }) => !names.has(`${tenant}\n${id}`))]
  }
  const funds: OwnFunds = ownFunds(live, vaultFor(core.writer), await load(), core.ledger)
  let stamp = await store.budgets.definitionsStamp()
  const refreshNow = async (): Promise<void> => {
    stamp = await store.budgets.definitionsStamp()
    funds.setBudgets(await load())
    for (const listener of listeners) listener()
  }
  // one after the other: what was read first must not come last
  let refreshing = Promise.resolve()
  const refresh = (): Promise<void> => {
    const next = refreshing.then(refreshNow)
    refreshing = next.catch(() => {})
    return next
  }
  // alone with its file, this process knows that whoever wrote before it is gone
  if (store.leases === null) await clerk.recoverAll()
  await clerk.recover(own?.writer ?? core.writer)
  const stopCounting = core.onCommitted((committed) => clerk.committed(recorded(core, committed)))
  const tick = async (count: number): Promise<void> => {
    if ((await store.budgets.definitionsStamp()) !== stamp) await refresh()
    await funds.bank.beat()
    await clerk.flush()
    if (store.leases !== null && count % LOOK_TICKS === 0) {
      for (const writer of await clerk.recoverSilent(chains.ours())) {
        log('warn', { msg: 'budget-shares-closed', writer })
      }
    }
  }
  const failed = (): void => log('error', { code: 'budget-unavailable', what: 'budgets' })
  const stopTicking = everySecond(tick, failed)
  const stopAlerts = sendingAlerts(core, live, log, failed)
  const stopHearing = store.changes.listen((topic) => {
    if (topic === null || topic === 'budgets') void refresh().catch(failed)
  })
  return {
    funds,
    admin: budgetAdmin({ core, funds, clerk, refresh, live }),
    budgets: () => funds.table().all,
    onBudgets: (listener) => void listeners.push(listener),
    vaultFor,
    recover: (writer) => clerk.recover(writer),
    applied: () => void refresh().catch(failed),
    async close() {
      stopHearing()
      await Promise.all([stopTicking(), stopAlerts()])
      await core.ledger.flush()
      try {
        await funds.bank.close()
        await clerk.flush()
      } catch {
        // the next process settles it from the ledger
      }
      stopCounting()
    },
  }
}

/** Records under the names of the chains that really have them. */
function recorded({ chains }: Core, committed: readonly Committed[]): readonly Recorded[] {
  return committed.map(({ record, event }, at) => {
    const standing = chains.standing(record.writer)
    const isMoved = standing !== null && standing.writer !== record.writer
    const { tenant, writer, seq } = record
    return isMoved
      ? { tenant, writer: standing.writer, seq: standing.seq - (committed.length - 1 - at), event }
      : { tenant, writer, seq, event }
  })
}

async function* walked(
  records: ReturnType<Core['store']['ledger']['walk']>,
): AsyncIterable<{ readonly seq: number; readonly record: Recorded | null }> {
  for await (const { seq, record } of records) {
    const event = record && readEvent(record.payload)
    yield {
      seq,
      record: record && event ? { tenant: record.tenant, writer: record.writer, seq, event } : null,
    }
  }
}

/** Sends alerts beside everything else: a receiver that is slow to answer keeps no slice from being renewed. */
function sendingAlerts(
  { store, clock }: Core,
  live: LiveConfig,
  log: Log,
  failed: () => void,
): () => Promise<void> {
  const webhook = webhookOf(live)
  const sender = {
    store: store.budgets,
    clock,
    receiver: () => webhook.receiver(),
    failed: (id: string) => log('warn', { msg: 'alert-given-up', alert: id }),
  }
  const stop = everySecond(async () => void (await sendAlerts(sender)), failed)
  return async () => {
    await stop()
    await webhook.close()
  }
}

/** The receiver of the configuration in force. */
function webhookOf(live: LiveConfig) {
  let line: { readonly settings: AlertSettings; readonly open: WebhookLine } | null = null
  return {
    receiver() {
      const settings = live.current.alerts
      if (!settings.webhook) return null
      if (line?.settings !== settings) {
        void line?.open.close()
        line = { settings, open: openWebhookLine(settings.webhook) }
      }
      return { post: line.open.post, secret: settings.webhook.secret.reveal() }
    },
    close: async (): Promise<void> => line?.open.close(),
  }
}

/** Runs work once a second, never twice at a time; returns the way to stop, which waits for the round under way. */
function everySecond(
  work: (count: number) => Promise<void>,
  failed: () => void,
): () => Promise<void> {
  let count = 0
  let running: Promise<void> | null = null
  const timer = setInterval(() => {
    if (running) return
    count += 1
    running = work(count)
      .catch(failed)
      .finally(() => {
        running = null
      })
  }, TICK_MS)
  timer.unref()
  return async () => {
    clearInterval(timer)
    await running
  }
}
