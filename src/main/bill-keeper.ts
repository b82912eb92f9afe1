import { clearInterval, setInterval } from 'node:timers'
import type { BillsAdmin } from '#gateway/admin-ports.ts'
import type { JsonObject } from '#kernel/canonical-json.ts'
import type { Refusal } from '#kernel/refusal.ts'
import { err, ok, type Result } from '#kernel/result.ts'
import type { EpochMs } from '#kernel/units.ts'
import { billsToLetGo } from '#models/bom/bill-retention.ts'
import { CYCLONEDX_VERSIONS, cycloneDx, type CycloneDxVersion } from '#models/bom/cyclonedx.ts'
import { inventoryOf, type Inventory } from '#models/bom/inventory.ts'
import { packBill } from '#models/bom/kept-bill.ts'
import { ownPackages, type OwnPackages } from '#models/bom/own-packages.ts'
import { listModels } from '#models/store/find-model.ts'
import type { DataSet } from '#models/data-sets/data-set.ts'
import type { StackComponent } from '#models/stack/stack.ts'
import type { EngineView } from '#models/vulnerabilities/view.ts'
import { BillHistory } from './bill-history.ts'
import { TENANT, type Core } from './core.ts'
import type { Log } from './log.ts'

/** Whether what runs has changed is looked at this often, milliseconds. */
const LOOK_MS = 5_000
/** Engines are asked for their versions at least this often, milliseconds. */
const ASK_MS = 3_600_000

export interface BillKeeperParts {
  readonly core: Pick<Core, 'store' | 'clock' | 'newId' | 'houseEvent'> & {
    readonly ledger: Pick<Core['ledger'], 'flush'>
  }
  readonly log: Log
  /** The store of this machine. */
  readonly models: () => string
  /** Asks engines for their versions, and puts everything in its layer. */
  readonly look: () => Promise<{
    readonly engines: readonly EngineView[]
    readonly components: readonly StackComponent[]
    readonly dataSets?: readonly DataSet[]
  }>
  /** Differs when what is served does. */
  readonly version: () => string
}

/** Bills of materials: what runs now, and what ran. */
export interface BillKeeper {
  readonly admin: BillsAdmin
  /** Something that a bill tells of has changed. */
  readonly changed: () => void
  /** Begins to keep the bill by itself, whenever it says something else. */
  readonly follow: () => void
  readonly close: () => Promise<void>
}

/** Makes bills of what runs, and keeps those that differ. */
export function keepBills(parts: BillKeeperParts): BillKeeper {
  const keeper = new Keeper(parts)
  return { admin: keeper, changed: keeper.changed, follow: keeper.follow, close: keeper.close }
}

class Keeper implements BillsAdmin {
  readonly #parts: BillKeeperParts
  readonly #history: BillHistory
  #own: OwnPackages | null | undefined
  /** Digest of the bill that this process kept, or found kept, last. */
  #last: string | null = null
  #isDue = true
  #seen: { readonly version: string; readonly at: EpochMs } | null = null
  #timer: NodeJS.Timeout | null = null
  #running: Promise<unknown> = Promise.resolve()

  constructor(parts: BillKeeperParts) {
    this.#parts = parts
    const { store, clock, ledger } = parts.core
    this.#history = new BillHistory({ store, clock, tenant: TENANT, settled: () => ledger.flush() })
  }

  changed = (): void => {
    this.#isDue = true
  }

  follow = (): void => {
    this.#timer = setInterval(() => {
      this.#running = this.#running.then(() => this.#lookAgain())
    }, LOOK_MS)
    this.#timer.unref()
  }

  close = async (): Promise<void> => {
    if (this.#timer) clearInterval(this.#timer)
    this.#timer = null
    await this.#running
  }

  inventory = async (): Promise<Inventory | null> => {
    const { core, look, models } = this.#parts
    // what the program is made of stays as it is while it runs
    this.#own ??= ownPackages()
    if (this.#own === null) return null
    const { engines, components, dataSets = [] } = await look()
    return inventoryOf({
      at: new Date(core.clock()).toISOString(),
      id: core.newId(),
      stack: components,
      engines,
      dataSets,
      manifests: await listModels(models()),
      own: this.#own,
    })
  }

  now = async (version: CycloneDxVersion): Promise<JsonObject | null> => {
    const inventory = await this.inventory()
    return inventory && cycloneDx(inventory, version)
  }

  list: BillsAdmin['list'] = (filter) => this.#history.list(filter)

  at: BillsAdmin['at'] = (when, gateway) => this.#history.at(when, gateway)

  keep: BillsAdmin['keep'] = async (actor) => {
    const bom = await this.now(CYCLONEDX_VERSIONS[0])
    // without the product's own manifest there is nothing to tell
    if (bom === null) return err({ code: 'internal-error' })
    return this.#keep(bom, actor)
  }

  async #keep(bom: JsonObject, actor: string): Promise<Result<{ isNew: boolean }, Refusal>> {
    const { core } = this.#parts
    const bill = packBill(bom)
    if (bill.digest === this.#last) return ok({ isNew: false })
    const components = bom['components']
    return core.store.alone('bill-of-materials', async () => {
      const moments = await this.#history.moments()
      const newest = moments[0]?.digest ?? null
      await core.store.bills.put(bill.digest, bill.bytes)
      if (newest !== bill.digest) {
        const recorded = await core.houseEvent({
          type: 'bill-of-materials',
          v: 1,
          actor,
          digest: bill.digest,
          previous: newest,
          components: Array.isArray(components) ? components.length : 0,
        })
        if (!recorded.ok) return recorded
        const { digest } = bill
        const told = [{ digest, at: core.clock() }, ...moments]
        const kept = await core.store.bills.digests()
        await core.store.bills.remove(billsToLetGo(told, kept, core.clock()))
      }
      this.#last = bill.digest
      return ok({ isNew: newest !== bill.digest })
    })
  }

  async #lookAgain(): Promise<void> {
    const { core, log, version } = this.#parts
    const now = core.clock()
    const seen = this.#seen
    const isOld = seen === null || now - seen.at >= ASK_MS || now < seen.at
    if (!this.#isDue && !isOld && seen.version === version()) return
    this.#isDue = false
    this.#seen = { version: version(), at: now }
    try {
      const kept = await this.keep('system')
      if (!kept.ok) this.#failed(kept.error.code)
    } catch {
      log('warn', { code: 'database-unavailable', what: 'bill-of-materials' })
      this.#isDue = true
    }
  }

  #failed(code: Refusal['code']): void {
    this.#parts.log('warn', { code, what: 'bill-of-materials' })
    this.#isDue = code !== 'internal-error'
  }
}
