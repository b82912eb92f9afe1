import type { CacheScope } from '#caches/ports.ts'
import type { CachesAdmin } from '#gateway/admin-ports.ts'
import { ok } from '#kernel/result.ts'
import type { OpenAnswerCache } from './answer-cache.ts'
import type { Core } from './core.ts'

/** What administrators see of kept answers, and how they remove them. */
export const cachesAdmin = (core: Core, answers: OpenAnswerCache): CachesAdmin => ({
  stats: async (tenant) => ({ ...answers.counts(), ...(await answers.kept.stats(tenant)) }),
  async clear({ tenant, keyId: actor }, key) {
    const subject = key === null ? 'all' : key
    const told = core.ledger.append(
      { type: 'admin', v: 1, actor, action: 'cache-clear', subject },
      { tenant },
    )
    if (!told.ok) return told
    const durable = await told.value.durable
    if (!durable.ok) return durable
    const scope: CacheScope = { tenant, ...(key === null ? {} : { owner: `key:${key}` }) }
    return ok({ answers: await answers.cache.clear(scope) })
  },
})
