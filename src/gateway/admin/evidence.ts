import { z } from 'zod'
import type { GatewayHouse } from '../ports.ts'
import { adminAnswer, adminRefusal } from './answer.ts'
import { adminBody, adminQuery } from './body.ts'
import type { AdminRoute } from './routes.ts'

const HOUR_MS = 3_600_000
const GRAINS = { hour: HOUR_MS, day: 24 * HOUR_MS, week: 7 * 24 * HOUR_MS } as const
const DIMENSIONS = [
  'all',
  'class',
  'destination',
  'model',
  'surface',
  'key',
  'team',
  'application',
  'refusal',
  'finding',
  'flow',
  'failure',
  'total',
  'first-byte',
  'turned-away',
  'sign-in',
] as const

const Time = z.iso.datetime({ offset: true }).transform((text) => Date.parse(text))

const Chart = z.strictObject({
  dimension: z.enum(DIMENSIONS),
  grain: z.enum(['hour', 'day', 'week']).default('hour'),
  since: Time,
  until: Time,
  value: z.union([z.string().max(200), z.array(z.string().max(200)).max(50)]).optional(),
  /** The values with the most requests, with their sums, instead of a line in time. */
  top: z.coerce.number().int().min(1).max(1000).optional(),
})

const Page = z.strictObject({
  from: z.coerce.number().int().min(1).default(1),
  limit: z.coerce.number().int().min(1).max(1000).default(100),
})

const Erasure = z.union([
  z.strictObject({ key: z.string().min(1).max(100), events: z.boolean().default(false) }),
  z.strictObject({ subject: z.string().min(1).max(200) }),
])

const idOf = (params: unknown): string => z.object({ id: z.string() }).parse(params).id

/** Checkpoints, proofs, figures for charts, and what is erased. */
export function evidenceRoutes(route: AdminRoute, { evidence }: GatewayHouse): void {
  route('GET', '/evidence/checkpoints', 'evidence.read', async (request, reply) => {
    const page = adminQuery(request, Page)
    if (!page.ok) return adminRefusal(request, reply, page.error)
    const checkpoints = await evidence.checkpoints(page.value.from, page.value.limit)
    return adminAnswer(reply, { checkpoints })
  })
  route('GET', '/evidence/keys', 'evidence.read', async (_request, reply) =>
    adminAnswer(reply, { keys: await evidence.keys() }),
  )
  route('GET', '/decisions/:id/proof', 'evidence.verify', async (request, reply, caller) => {
    const id = idOf(request.params)
    const proofs = await evidence.prove(id, caller.tenant)
    return proofs.length === 0
      ? adminRefusal(request, reply, { code: 'not-found' })
      : adminAnswer(reply, { id, keys: (await evidence.keys()).map(({ key }) => key), proofs })
  })
  route('GET', '/decisions/:id/content', 'content.read', async (request, reply, caller) => {
    const texts = await evidence.content(idOf(request.params), caller.keyId, caller.tenant)
    return texts.ok
      ? adminAnswer(reply, { texts: texts.value })
      : adminRefusal(request, reply, texts.error)
  })
  route('GET', '/rollups', 'decisions.read', async (request, reply, caller) => {
    const chart = adminQuery(request, Chart)
    if (!chart.ok) return adminRefusal(request, reply, chart.error)
    const { dimension, since, until, value, top } = chart.value
    const values = value === undefined ? undefined : [value].flat()
    const { tenant } = caller
    const query = { tenant, dimension, since, until, grain: GRAINS[chart.value.grain], values }
    const rows = top === undefined ? await evidence.rollups(query) : await evidence.tops(query, top)
    return adminAnswer(reply, { rows })
  })
  route('POST', '/evidence/rotate-key', 'evidence.write', async (request, reply, caller) => {
    const rotated = await evidence.rotate(caller.keyId)
    return rotated.ok
      ? adminAnswer(reply, rotated.value)
      : adminRefusal(request, reply, rotated.error)
  })
  route('POST', '/evidence/erase', 'evidence.erase', async (request, reply, caller) => {
    const body = adminBody(request, Erasure)
    if (!body.ok) return adminRefusal(request, reply, body.error)
    const { tenant, keyId: actor } = caller
    const order =
      'key' in body.value
        ? {
            scope: 'key' as const,
            subject: body.value.key,
            events: body.value.events,
            actor,
            tenant,
          }
        : { scope: 'subject' as const, subject: body.value.subject, events: false, actor, tenant }
    const erased = await evidence.erase(order)
    return erased.ok ? adminAnswer(reply, erased.value) : adminRefusal(request, reply, erased.error)
  })
}
