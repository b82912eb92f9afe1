import type { BillFilter, BillsAdmin } from '#gateway/admin-ports.ts'
import type { Refusal } from '#kernel/refusal.ts'
import { err, ok, type Result } from '#kernel/result.ts'
import type { EpochMs } from '#kernel/units.ts'
import type { BillEvent } from '#ledger/house-event.ts'
import { readEvent } from '#ledger/read-event.ts'
import { isKeptNow } from '#models/bom/bill-retention.ts'
import type { BillRow, BillThen } from '#models/bom/history.ts'
import { datedBill, unpackBill } from '#models/bom/kept-bill.ts'
import type { Store } from '#store/ports.ts'

/** Records read at once. */
const PAGE = 500

export interface BillHistoryParts {
  readonly store: Pick<Store, 'ledger' | 'bills'>
  readonly clock: () => EpochMs
  readonly tenant: string
  /** Resolves once what was told is where it can be read. */
  readonly settled: () => Promise<void>
}

interface Moment extends BillEvent {
  readonly id: string
  readonly at: EpochMs
  readonly gateway: string
}

/** The bills that were kept: the ledger says which and when, and what is kept must be what it says. */
export class BillHistory {
  readonly #parts: BillHistoryParts

  constructor(parts: BillHistoryParts) {
    this.#parts = parts
  }

  /** Newest first. @throws when the ledger cannot be read to its end: what is not known of must not count as gone. */
  async moments(): Promise<readonly Moment[]> {
    const { store, tenant, settled } = this.#parts
    await settled()
    const moments: Moment[] = []
    for (let before: string | undefined; ;) {
      const read = await store.ledger.read({
        tenant,
        type: 'bill-of-materials',
        limit: PAGE,
        before,
      })
      if (!read.ok) throw new Error(read.error.code)
      for (const { id, at, writer, payload } of read.value.rows) {
        const event = readEvent(payload)
        if (event?.type === 'bill-of-materials') moments.push({ ...event, id, at, gateway: writer })
      }
      if (read.value.next === null) return moments
      before = read.value.next
    }
  }

  list: BillsAdmin['list'] = async (filter) => {
    const found = (await this.#placed()).filter((one) => isWanted(one.moment, filter))
    const page = found.slice(0, filter.limit)
    const states = new Map<string, Promise<boolean | null>>()
    const rows = page.map(async ({ moment, isDue }): Promise<BillRow> => {
      const holds = states.get(moment.digest) ?? this.#holds(moment.digest)
      states.set(moment.digest, holds)
      return rowOf(moment, await holds, isDue)
    })
    const last = page.at(-1)
    return {
      bills: await Promise.all(rows),
      next: found.length > page.length && last ? last.moment.id : null,
    }
  }

  at: BillsAdmin['at'] = async (when, gateway): Promise<Result<BillThen, Refusal>> => {
    const placed = await this.#placed()
    const found = placed.find(
      ({ moment }) =>
        (gateway === undefined || moment.gateway === gateway) &&
        ('id' in when ? moment.id === when.id : moment.at < when.before),
    )
    if (!found) {
      const first = placed.at(-1)?.moment.at
      const since = first === undefined ? '-' : new Date(first).toISOString()
      return err({ code: 'bill-not-kept', param: 'when', detail: { since } })
    }
    const { moment, isDue } = found
    const bytes = await this.#parts.store.bills.get(moment.digest)
    const said = bytes && unpackBill({ digest: moment.digest, bytes })
    const row = rowOf(moment, bytes === null ? null : said !== null, isDue)
    const bom = said && datedBill(said, new Date(moment.at).toISOString(), moment.id)
    return ok({ ...row, bom })
  }

  /** With whether its bill must be there still. */
  async #placed(): Promise<readonly { readonly moment: Moment; readonly isDue: boolean }[]> {
    const moments = await this.moments()
    const flags = isKeptNow(moments, this.#parts.clock())
    return moments.map((moment, place) => ({ moment, isDue: flags[place] ?? true }))
  }

  /** Whether what is kept under a digest has it; null: nothing is. */
  async #holds(digest: string): Promise<boolean | null> {
    const bytes = await this.#parts.store.bills.get(digest)
    return bytes === null ? null : unpackBill({ digest, bytes }) !== null
  }
}

function rowOf(moment: Moment, holds: boolean | null, isDue: boolean): BillRow {
  const { id, at, gateway, actor, digest, components } = moment
  const absent = isDue ? 'missing' : 'let-go'
  const state = holds === null ? absent : holds ? 'kept' : 'altered'
  return { id, at, gateway, actor, digest, components, state }
}

const isWanted = (
  { id, at, gateway }: Moment,
  { since, until, gateway: wanted, after }: BillFilter,
): boolean =>
  (since === undefined || at >= since) &&
  (until === undefined || at < until) &&
  (wanted === undefined || gateway === wanted) &&
  // ids rise with time
  (after === undefined || id < after)
