import type { FastifyRequest } from 'fastify'
import { z } from 'zod'
import type { Refusal } from '#kernel/refusal.ts'
import { err, ok, type Result } from '#kernel/result.ts'
import type { EpochMs } from '#kernel/units.ts'
import { CYCLONEDX_VERSIONS, cycloneDx } from '#models/bom/cyclonedx.ts'
import { diffBoms } from '#models/bom/diff-boms.ts'
import type { BillDiff, BillRow, BillThen } from '#models/bom/history.ts'
import { spdxDocument } from '#models/bom/spdx.ts'
import type { BillsAdmin } from '../admin-ports.ts'
import type { GatewayHouse } from '../ports.ts'
import { adminAnswer, adminRefusal } from './answer.ts'
import { adminQuery } from './body.ts'
import type { AdminRoute } from './routes.ts'

const Gateway = z.string().max(200).optional()
const When = z.string().max(100)
const Now = z.strictObject({
  format: z.enum(['cyclonedx', 'spdx3']).default('cyclonedx'),
  /** Version of CycloneDX; SPDX is 3.0.1. */
  spec: z.enum(CYCLONEDX_VERSIONS).default(CYCLONEDX_VERSIONS[0]),
})
const Filter = z.strictObject({
  since: When.optional(),
  until: When.optional(),
  gateway: Gateway,
  after: z.uuid().optional(),
  limit: z.coerce.number().int().min(1).max(500).default(100),
})
const Diff = z.strictObject({ from: When, to: When.optional(), gateway: Gateway })

/** `GET /api/bom`: the bill of materials of now; `/api/bom/history`: those that were kept, and what changed between two. */
export function bomRoutes(route: AdminRoute, { bills }: GatewayHouse): void {
  route('GET', '/bom', 'vulnerabilities.read', async (request, reply) => {
    const query = adminQuery(request, Now)
    if (!query.ok) return adminRefusal(request, reply, query.error)
    const inventory = await bills.inventory()
    if (inventory === null) return adminRefusal(request, reply, { code: 'internal-error' })
    const { format, spec } = query.value
    const isSpdx = format === 'spdx3'
    return adminAnswer(reply, isSpdx ? spdxDocument(inventory) : cycloneDx(inventory, spec))
  })
  route('GET', '/bom/history', 'vulnerabilities.read', async (request, reply) => {
    const query = adminQuery(request, Filter)
    if (!query.ok) return adminRefusal(request, reply, query.error)
    const { since, until, ...rest } = query.value
    const [begin, end] = [momentOf(since, 'since', 'begin'), momentOf(until, 'until', 'end')]
    if (!begin.ok) return adminRefusal(request, reply, begin.error)
    if (!end.ok) return adminRefusal(request, reply, end.error)
    const bounds = { since: begin.value ?? undefined, until: end.value ?? undefined }
    return adminAnswer(reply, await bills.list({ ...rest, ...bounds }))
  })
  route('POST', '/bom/history', 'models.write', async (request, reply, caller) => {
    const kept = await bills.keep(caller.keyId)
    return kept.ok ? adminAnswer(reply, kept.value) : adminRefusal(request, reply, kept.error)
  })
  route('GET', '/bom/history/:when', 'vulnerabilities.read', async (request, reply) => {
    const query = adminQuery(request, z.strictObject({ gateway: Gateway }))
    if (!query.ok) return adminRefusal(request, reply, query.error)
    const found = await billAt(bills, whenOf(request), query.value.gateway, 'when')
    return found.ok ? adminAnswer(reply, found.value) : adminRefusal(request, reply, found.error)
  })
  route('GET', '/bom/diff', 'vulnerabilities.read', async (request, reply) => {
    const query = adminQuery(request, Diff)
    if (!query.ok) return adminRefusal(request, reply, query.error)
    const found = await differenceOf(bills, query.value)
    return found.ok ? adminAnswer(reply, found.value) : adminRefusal(request, reply, found.error)
  })
}

/** Between two moments, or one and now. */
async function differenceOf(
  bills: BillsAdmin,
  { from, to, gateway }: z.infer<typeof Diff>,
): Promise<Result<BillDiff, Refusal>> {
  const before = await billAt(bills, from, gateway, 'from')
  if (!before.ok) return before
  if (to !== undefined) {
    const after = await billAt(bills, to, gateway, 'to')
    if (!after.ok) return after
    const { bom } = after.value
    return ok({
      from: rowOf(before.value),
      to: rowOf(after.value),
      changes: diffBoms(before.value.bom, bom),
    })
  }
  const now = await bills.now(CYCLONEDX_VERSIONS[0])
  return ok({ from: rowOf(before.value), to: null, changes: diffBoms(before.value.bom, now) })
}

const rowOf = ({ bom: _bom, ...row }: BillThen): BillRow => row

async function billAt(
  bills: BillsAdmin,
  when: string,
  gateway: string | undefined,
  param: string,
): Promise<Result<BillThen, Refusal>> {
  if (z.uuid().safeParse(when).success) return bills.at({ id: when.toLowerCase() }, gateway)
  const before = momentOf(when, param, 'end')
  return before.ok ? bills.at({ before: before.value ?? 0 }, gateway) : before
}

const whenOf = (request: FastifyRequest): string =>
  z.object({ when: z.string() }).parse(request.params).when

const DAY_MS = 86_400_000

/** A day in UTC, its beginning or its end, or an instant with its zone; null for none. */
function momentOf(
  text: string | undefined,
  param: string,
  side: 'begin' | 'end',
): Result<EpochMs | null, Refusal> {
  if (text === undefined) return ok(null)
  if (z.iso.date().safeParse(text).success)
    return ok(Date.parse(text) + (side === 'end' ? DAY_MS : 0))
  // an instant ends with itself
  if (z.iso.datetime({ offset: true }).safeParse(text).success)
    return ok(Date.parse(text) + (side === 'end' ? 1 : 0))
  const expected = 'a day (2026-06-30), an instant (2026-06-30T12:00:00Z), or an id'
  return err({ code: 'invalid-value', param, detail: { expected } })
}
