import { z } from 'zod'
import { CATEGORIES, CLASSES } from '#kernel/label.ts'
import type { GatewayHouse } from '../ports.ts'
import { adminAnswer, adminRefusal } from './answer.ts'
import { adminQuery } from './body.ts'
import type { AdminRoute } from './routes.ts'

const Time = z.iso
  .datetime({ offset: true })
  .transform((text) => Date.parse(text))
  .optional()

const Query = z.strictObject({
  limit: z.coerce.number().int().min(1).max(500).default(50),
  before: z.string().max(200).optional(),
  class: z.enum(CLASSES).optional(),
  category: z.enum(CATEGORIES).optional(),
  destination: z.string().max(100).optional(),
  key: z.string().max(100).optional(),
  refused: z.stringbool().optional(),
  since: Time,
  until: Time,
})

/** Time between two comments that keep an idle live view open through proxies. */
const KEEP_ALIVE_MS = 15_000

/** The decisions of the ledger: a page of them, one of them, and those to come. */
export function decisionRoutes(route: AdminRoute, house: GatewayHouse): void {
  route('GET', '/decisions', 'decisions.read', async (request, reply, caller) => {
    const query = adminQuery(request, Query)
    if (!query.ok) return adminRefusal(request, reply, query.error)
    const page = await house.decisions({ ...query.value, tenant: caller.tenant })
    if (!page.ok) return adminRefusal(request, reply, page.error)
    return adminAnswer(reply, { decisions: page.value.rows, next: page.value.next })
  })
  route('GET', '/decisions/live', 'decisions.read', async (_request, reply, { tenant }) => {
    reply.hijack()
    const { raw } = reply
    raw.writeHead(200, {
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store',
    })
    raw.write(': live\n\n')
    const stop = house.live(tenant, (live) => {
      const data =
        live.kind === 'decision' ? live.row : { decision: live.decision, ...live.outcome }
      // a reader that does not keep up loses events rather than memory; the page asks for the list again
      if (raw.writableLength < LIVE_BACKLOG_BYTES)
        raw.write(`event: ${live.kind}\ndata: ${JSON.stringify(data)}\n\n`)
    })
    const beat = setInterval(() => raw.write(': still here\n\n'), KEEP_ALIVE_MS)
    raw.once('close', () => {
      stop()
      clearInterval(beat)
    })
    return reply
  })
  route('GET', '/decisions/:id', 'decisions.read', async (request, reply, { tenant }) => {
    const { id } = z.object({ id: z.string() }).parse(request.params)
    const row = await house.decision(id, tenant)
    return row ? adminAnswer(reply, row) : adminRefusal(request, reply, { code: 'not-found' })
  })
}

const LIVE_BACKLOG_BYTES = 256 * 1024
