import type { CacheRow, CacheStore } from '#caches/ports.ts'
import type { HeldAnswerStore, SealedRow } from '#ledger/content/held-answer.ts'
import type { SealedContent } from '#ledger/ports.ts'
import type { Sinks } from './world.ts'

const bytesOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString('latin1')

/** A database that shows the witness every row. */
export function cacheRows(sinks: Sinks): CacheStore {
  const rows = new Map<string, CacheRow>()
  const key = (tenant: string, of: string): string => `${tenant}\n${of}`
  return {
    put(row) {
      sinks.noted('rows', `${JSON.stringify({ ...row, sealed: '' })}${bytesOf(row.sealed)}`)
      rows.set(key(row.tenant, row.key), row)
      return Promise.resolve()
    },
    get: (tenant, of) => Promise.resolve(rows.get(key(tenant, of)) ?? null),
    alike: (tenant, bucket, limit) =>
      Promise.resolve(
        [...rows.values()]
          .filter((row) => row.tenant === tenant && row.bucket === bucket)
          .slice(-limit),
      ),
    remove: () => Promise.resolve(0),
    removeExpired: () => Promise.resolve(0),
    stats: () => Promise.resolve({ answers: rows.size, bytes: 0 }),
  }
}

export function contentRows(rows: SealedContent[], sinks: Sinks) {
  const wrapped = new Map<string, Uint8Array>()
  return {
    wrappedOf: (tenant: string, owner: string): Uint8Array | null =>
      wrapped.get(`${tenant}\n${owner}`) ?? null,
    ownerKey(tenant: string, owner: string, fresh: Uint8Array) {
      const known = wrapped.get(`${tenant}\n${owner}`) ?? fresh
      wrapped.set(`${tenant}\n${owner}`, known)
      return Promise.resolve(known)
    },
    put(content: SealedContent) {
      sinks.noted('vault', bytesOf(content.sealed))
      rows.push(content)
      return Promise.resolve()
    },
    get: (tenant: string, decision: string) =>
      Promise.resolve(
        rows
          .filter((row) => row.tenant === tenant && row.decision === decision)
          .map((row) => ({ ...row, wrapped: wrapped.get(`${tenant}\n${row.owner}`) ?? null })),
      ),
  }
}

/** Answers that wait; the witness sees every row that is written. */
export function heldRows(
  sinks: Sinks,
  owners: { wrappedOf(tenant: string, owner: string): Uint8Array | null },
) {
  const rows = new Map<string, SealedRow>()
  const noted = (row: SealedRow): SealedRow => {
    sinks.noted('held', `${JSON.stringify({ ...row, sealed: '' })}${bytesOf(row.sealed)}`)
    rows.set(row.id, row)
    return row
  }
  const store: HeldAnswerStore = {
    async put(row) {
      noted(row)
    },
    async get(tenant, id) {
      const row = rows.get(id)
      if (row?.tenant !== tenant) return null
      return { ...row, wrapped: owners.wrappedOf(tenant, row.owner) }
    },
    list: ({ tenant, limit }) =>
      Promise.resolve(
        [...rows.values()]
          .filter((row) => row.tenant === tenant)
          .map(({ sealed: _, ...row }) => row)
          .slice(-limit),
      ),
    async decide(tenant, id, { sealed, ...decision }) {
      const row = rows.get(id)
      if (row?.tenant !== tenant || row.state !== 'waiting') return false
      noted({ ...row, ...decision, ...(sealed ? { sealed } : {}) })
      return true
    },
    removeOf: () => Promise.resolve(0),
    removeExpired: () => Promise.resolve(0),
  }
  return { rows, store }
}
