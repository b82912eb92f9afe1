import { z } from 'zod'
import { CLASSES } from '#kernel/label.ts'
import { HELD_STATES } from '#ledger/content/held-answer.ts'
import type { GatewayHouse } from '../ports.ts'
import { adminAnswer, adminRefusal } from './answer.ts'
import { adminBody, adminQuery } from './body.ts'
import type { AdminRoute } from './routes.ts'

const Time = z.iso
  .datetime({ offset: true })
  .transform((text) => Date.parse(text))
  .optional()

const Query = z.strictObject({
  state: z.enum(HELD_STATES).optional(),
  class: z.enum(CLASSES).optional(),
  caller: z.string().max(200).optional(),
  rule: z.string().max(200).optional(),
  since: Time,
  until: Time,
  after: z.uuid().optional(),
  limit: z.coerce.number().int().min(1).max(500).default(50),
})

const Edited = z.strictObject({ text: z.string().max(1_000_000) })
const Refused = z.strictObject({ reason: z.string().min(1).max(1000) })
const Nothing = z.strictObject({})

const idOf = (params: unknown): string => z.object({ id: z.string() }).parse(params).id

/** Answers that wait for a person: the list, one of them, and what is decided about it. */
export function reviewRoutes(route: AdminRoute, { reviews }: GatewayHouse): void {
  route('GET', '/reviews', 'answers.review', async (request, reply, { tenant }) => {
    const query = adminQuery(request, Query)
    if (!query.ok) return adminRefusal(request, reply, query.error)
    const rows = await reviews.list({ ...query.value, tenant })
    const next = rows.length === query.value.limit ? (rows.at(-1)?.id ?? null) : null
    return adminAnswer(reply, { reviews: rows, next })
  })
  route('GET', '/reviews/:id', 'answers.review', async (request, reply, caller) => {
    const read = await reviews.read(idOf(request.params), caller)
    if (!read.ok) return adminRefusal(request, reply, read.error)
    const { row, content } = read.value
    const { text, reasoning, calls } = content
    return adminAnswer(reply, { ...row, text, reasoning, calls })
  })
  const decide = <T>(
    verb: string,
    shape: z.ZodType<T>,
    given: (body: T) => Parameters<typeof reviews.decide>[2],
  ): void =>
    route('POST', `/reviews/:id/${verb}`, 'answers.review', async (request, reply, caller) => {
      const body = adminBody(request, shape)
      if (!body.ok) return adminRefusal(request, reply, body.error)
      const done = await reviews.decide(idOf(request.params), caller, given(body.value))
      return done.ok ? adminAnswer(reply, done.value) : adminRefusal(request, reply, done.error)
    })
  decide('approve', Nothing, () => ({ state: 'approved', text: null, reason: null }))
  decide('edit', Edited, ({ text }) => ({ state: 'edited', text, reason: null }))
  decide('refuse', Refused, ({ reason }) => ({ state: 'refused', text: null, reason }))
}
