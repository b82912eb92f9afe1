import type { FastifyRequest } from 'fastify'
import { z } from 'zod'
import type { Caller } from '#kernel/exchange.ts'
import { QuotaRow, quotaOf, rowOf, saysSomething } from '#config/quotas-section.ts'
import { DIMENSIONS, type Quota } from '#quotas/quota.ts'
import type { QuotaUsage } from '#quotas/usage.ts'
import type { GatewayHouse } from '../ports.ts'
import { adminAnswer, adminRefusal } from './answer.ts'
import { adminBody, adminQuery } from './body.ts'
import type { AdminRoute } from './routes.ts'

const SOURCES = ['file', 'stored'] as const
const Filter = z.strictObject({
  per: z.enum(DIMENSIONS).optional(),
  /** A name or pattern that it speaks of, or a part of its id. */
  text: z.string().optional(),
  source: z.enum(SOURCES).optional(),
  after: z.string().optional(),
  limit: z.coerce.number().int().min(1).max(1_000).default(100),
})
type Filter = z.infer<typeof Filter>

const Row = QuotaRow.omit({ id: true })
/** So many make one change, which is recorded and stored as one. */
const MOST_AT_ONCE = 1_000
const Import = z.strictObject({
  quotas: z
    .array(QuotaRow)
    .min(1)
    .max(MOST_AT_ONCE)
    .refine((rows) => new Set(rows.map(({ id }) => id)).size === rows.length, {
      error: 'each id once',
    }),
})
const UsageFilter = z.strictObject({
  /** Part of a name that it counts for. */
  text: z.string().optional(),
  limit: z.coerce.number().int().min(1).max(1_000).default(100),
})

/** Who may send how much: those of the configuration file are shown, those of administrators can be changed. */
export function quotaRoutes(route: AdminRoute, house: GatewayHouse): void {
  route('GET', '/quotas', 'quotas.read', async (request, reply, caller) => {
    const filter = adminQuery(request, Filter)
    if (!filter.ok) return adminRefusal(request, reply, filter.error)
    const found = house.quotas.list(caller.tenant).filter((quota) => isWanted(quota, filter.value))
    const page = found.slice(0, filter.value.limit)
    const next = found.length > page.length ? (page.at(-1)?.id ?? null) : null
    return adminAnswer(reply, { quotas: page.map(shown), next })
  })
  route('GET', '/quotas/:id', 'quotas.read', async (request, reply, caller) => {
    const filter = adminQuery(request, UsageFilter)
    if (!filter.ok) return adminRefusal(request, reply, filter.error)
    const quota = house.quotas.get(caller.tenant, idOf(request))
    if (!quota) return adminRefusal(request, reply, { code: 'not-found', param: 'id' })
    const { text = '', limit } = filter.value
    const usage = (await house.quotas.usage(quota))
      .filter((one) => maySee(caller, quota, one) && speaksOf(one, text))
      .toSorted(byShare)
      .slice(0, limit)
    return adminAnswer(reply, { ...shown(quota), usage })
  })
  route('PUT', '/quotas/:id', 'quotas.write', async (request, reply, caller) => {
    const body = adminBody(request, Row)
    if (!body.ok) return adminRefusal(request, reply, body.error)
    const row = QuotaRow.safeParse({ ...body.value, id: idOf(request) })
    if (!row.success) return adminRefusal(request, reply, BAD_ID)
    if (!saysSomething(body.value)) return adminRefusal(request, reply, NO_LIMIT)
    const { tenant, keyId } = caller
    const quota = quotaOf(row.data, tenant)
    const put = await house.quotas.put(tenant, quota, keyId)
    return put.ok ? adminAnswer(reply, shown(quota)) : adminRefusal(request, reply, put.error)
  })
  route('POST', '/quotas/import', 'quotas.write', async (request, reply, caller) => {
    const body = adminBody(request, Import)
    if (!body.ok) return adminRefusal(request, reply, body.error)
    const rows = body.value.quotas
    const place = rows.findIndex((row) => !saysSomething(row))
    if (place >= 0) {
      const param = `quotas.${place}.${NO_LIMIT.param}`
      return adminRefusal(request, reply, { ...NO_LIMIT, param })
    }
    const { tenant, keyId } = caller
    const quotas = rows.map((row) => quotaOf(row, tenant))
    const put = await house.quotas.putAll(tenant, quotas, keyId)
    return put.ok ? adminAnswer(reply, put.value) : adminRefusal(request, reply, put.error)
  })
  route('DELETE', '/quotas/:id', 'quotas.write', async (request, reply, caller) => {
    const removed = await house.quotas.remove(caller.tenant, idOf(request), caller.keyId)
    return removed.ok ? reply.code(204).send() : adminRefusal(request, reply, removed.error)
  })
}

const BAD_ID = {
  code: 'invalid-value',
  param: 'id',
  detail: { expected: 'a-z 0-9 . _ -, 1..64' },
} as const
const NO_LIMIT = {
  code: 'missing-field',
  param: 'requests',
} as const

const idOf = (request: FastifyRequest): string =>
  z.object({ id: z.string() }).parse(request.params).id

const shown = (quota: Quota) => ({
  ...rowOf(quota),
  source: quota.tenant === null ? SOURCES[0] : SOURCES[1],
})

function isWanted(quota: Quota, { per, text, source, after }: Filter): boolean {
  if (after !== undefined && quota.id <= after) return false
  if (per !== undefined && !quota.per.includes(per)) return false
  if (source !== undefined && (quota.tenant === null) !== (source === 'file')) return false
  if (text === undefined) return true
  return quota.id.includes(text) || Object.values(quota.match).some((names) => names.includes(text))
}

/** A quota of the file counts all organisations: what others use is for those alone who run the house. */
const maySee = (caller: Caller, quota: Quota, { subject }: QuotaUsage): boolean =>
  quota.tenant !== null ||
  caller.permissions.includes('metrics.read') ||
  subject['organisation'] === caller.tenant

const speaksOf = ({ subject }: QuotaUsage, text: string): boolean =>
  text === '' || Object.values(subject).some((name) => name.includes(text))

/** Those that have used the largest share first. */
const byShare = (a: QuotaUsage, b: QuotaUsage): number => b.used / b.limit - a.used / a.limit
