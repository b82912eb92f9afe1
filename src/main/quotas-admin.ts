import { createHash } from 'node:crypto'
import { isDeepStrictEqual } from 'node:util'
import type { QuotasAdmin } from '#gateway/admin-ports.ts'
import type { Refusal } from '#kernel/refusal.ts'
import { err, ok, type Result } from '#kernel/result.ts'
import type { LiveQuotas } from '#quotas/live-quotas.ts'
import { usageOfKey, usagePrefix } from '#quotas/usage.ts'
import { MOST_QUOTAS, type Quota } from '#quotas/quota.ts'
import type { Core } from './core.ts'

/** What others who have a copy must do. */
export type QuotaChange =
  | { readonly kind: 'put'; readonly quotas: readonly Quota[] }
  | { readonly kind: 'remove'; readonly tenant: string; readonly id: string }
  /** These are all that administrators wrote. */
  | { readonly kind: 'all'; readonly quotas: readonly Quota[] }

export interface QuotasAdminParts {
  readonly core: Core
  readonly live: LiveQuotas
  /** Counts whose names begin so. */
  readonly usage: (prefix: string) => Promise<readonly { key: string; total: number }[]>
  readonly changed: (change: QuotaChange) => void
}

/** Changes quotas: evidence first, then the database, then what is in force here, then whoever has a copy. */
export function quotasAdmin({ core, live, usage, changed }: QuotasAdminParts): QuotasAdmin {
  const { store, ledger, clock } = core
  const evidence = async (
    tenant: string,
    actor: string,
    action: string,
    subject: string,
  ): Promise<Result<void, Refusal>> => {
    const recorded = ledger.append({ type: 'admin', v: 1, actor, action, subject }, { tenant })
    return recorded.ok ? recorded.value.durable : recorded
  }
  let sorted = { of: live.current, byTenant: new Map<string, readonly Quota[]>() }
  /** In the order of ids; sorted once after every change, as a list is read page by page. */
  const seenBy = (tenant: string): readonly Quota[] => {
    if (sorted.of !== live.current) sorted = { of: live.current, byTenant: new Map() }
    const known = sorted.byTenant.get(tenant)
    if (known) return known
    const seen = live.all().filter((quota) => quota.tenant === null || quota.tenant === tenant)
    const inOrder = seen.toSorted((a, b) => (a.id < b.id ? -1 : 1))
    sorted.byTenant.set(tenant, inOrder)
    return inOrder
  }
  return {
    list: seenBy,
    get: (tenant, id) => live.get(tenant, id) ?? live.get(null, id),
    async put(tenant, quota, actor) {
      if (live.get(null, quota.id)) return err({ code: 'conflict', param: 'id' })
      const isNew = live.get(tenant, quota.id) === null
      if (isNew && seenBy(tenant).length >= MOST_QUOTAS) return err({ code: 'conflict' })
      const durable = await evidence(tenant, actor, 'quota-written', quota.id)
      if (!durable.ok) return durable
      const own = { ...quota, tenant }
      await store.quotas.put({ tenant, quota: own, at: clock(), by: actor })
      live.put(own)
      changed({ kind: 'put', quotas: [own] })
      return ok(undefined)
    },
    async putAll(tenant, quotas, actor) {
      const own = quotas.map((quota) => ({ ...quota, tenant }))
      const ofFile = own.find(({ id }) => live.get(null, id))
      if (ofFile) return err({ code: 'conflict', param: ofFile.id })
      const fresh = own.filter((quota) => !isSame(live.get(tenant, quota.id), quota))
      const added = fresh.filter(({ id }) => live.get(tenant, id) === null).length
      if (seenBy(tenant).length + added > MOST_QUOTAS) return err({ code: 'conflict' })
      if (fresh.length === 0) return ok({ written: 0, unchanged: own.length })
      // one event says which: a digest of the rows as they are stored
      const digest = createHash('sha256').update(JSON.stringify(fresh)).digest('hex')
      const subject = `${fresh.length} sha256:${digest}`
      const durable = await evidence(tenant, actor, 'quotas-written', subject)
      if (!durable.ok) return durable
      const at = clock()
      await store.quotas.putAll(fresh.map((quota) => ({ tenant, quota, at, by: actor })))
      for (const quota of fresh) live.put(quota)
      changed({ kind: 'put', quotas: fresh })
      return ok({ written: fresh.length, unchanged: own.length - fresh.length })
    },
    async remove(tenant, id, actor) {
      if (!live.get(tenant, id)) return err({ code: 'not-found', param: 'id' })
      const durable = await evidence(tenant, actor, 'quota-removed', id)
      if (!durable.ok) return durable
      await store.quotas.remove(tenant, id)
      live.remove(tenant, id)
      changed({ kind: 'remove', tenant, id })
      return ok(undefined)
    },
    async usage(quota) {
      const counts = await usage(usagePrefix(quota))
      return counts.flatMap(({ key, total }) => usageOfKey(quota, key, total) ?? [])
    },
  }
}

const isSame = (known: Quota | null, quota: Quota): boolean => isDeepStrictEqual(known, quota)
