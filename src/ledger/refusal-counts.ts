import type { Clock } from '#kernel/ports.ts'
import type { EpochMs } from '#kernel/units.ts'
import type { LedgerWriter } from './writer.ts'

export interface RefusalCountsOptions {
  readonly clock: Clock
  readonly ledger: Pick<LedgerWriter, 'append'>
  readonly tenant: string
}

/** Kinds that are told apart between two records; the rest is `other`. So many records a minute at most, however many requests come. */
const MAX_KINDS = 32

interface Kind {
  readonly code: string
  readonly surface: string | null
  readonly key: string | null
  count: number
}

/** Counts requests that were refused before anything was decided: a flood of them must not fill the disk. */
export function createRefusalCounts({ clock, ledger, tenant }: RefusalCountsOptions) {
  const kinds = new Map<string, Kind>()
  let from: EpochMs = clock()
  return {
    add(code: string, surface: string | null, key: string | null): void {
      const name = `${code} ${surface} ${key}`
      const kind = kinds.get(name)
      if (kind) kind.count += 1
      else if (kinds.size < MAX_KINDS) kinds.set(name, { code, surface, key, count: 1 })
      else {
        const other = kinds.get('other')
        if (other) other.count += 1
        else kinds.set('other', { code: 'other', surface: null, key: null, count: 1 })
      }
    },
    /** Leaves one record for each kind since the last time. */
    flush(): void {
      const until = clock()
      for (const kind of kinds.values()) {
        ledger.append({ type: 'refusal', v: 1, ...kind, from, until }, { tenant })
      }
      kinds.clear()
      from = until
    },
  }
}
export type RefusalCounts = ReturnType<typeof createRefusalCounts>
