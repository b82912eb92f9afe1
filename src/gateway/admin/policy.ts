import type { FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import type { Caller } from '#kernel/exchange.ts'
import { preferredLanguage } from '#kernel/language.ts'
import { hasDocument, type PolicyOrder } from '#policy/change-policy.ts'
import { POLICY_ACTIONS, SHARE_KINDS, type PolicyChange } from '#policy/ports.ts'
import type { GatewayHouse } from '../ports.ts'
import { adminAnswer, adminRefusal } from './answer.ts'
import { adminBody, adminQuery } from './body.ts'
import type { AdminRoute } from './routes.ts'

const Reason = z
  .string()
  .trim()
  .min(1, 'a reason')
  .max(500)
  .regex(/^\P{Cc}*$/u, 'one line')
/** YAML, without the one character that a database may not hold. */
const Document = z
  .string()
  .min(1)
  .max(1_048_576)
  .refine((text) => !text.includes('\0'), 'text')

const Put = z.strictObject({
  document: Document,
  reason: Reason,
  /** Percent of keys or teams; for everyone when absent. */
  share: z.int().min(1).max(99).optional(),
  by: z.enum(SHARE_KINDS).default('key'),
})
const Shadow = z.strictObject({ document: Document, reason: Reason })
const Share = z.strictObject({ share: z.int().min(0).max(100), reason: Reason })
const Rollback = z.strictObject({
  version: z.union([z.int().positive(), z.literal('file')]),
  reason: Reason,
})
const Only = z.strictObject({ reason: Reason })

const History = z.strictObject({
  before: z.coerce.number().int().positive().optional(),
  by: z.string().max(200).optional(),
  action: z.enum(POLICY_ACTIONS).optional(),
  since: z.coerce.number().int().optional(),
  until: z.coerce.number().int().optional(),
  limit: z.coerce.number().int().min(1).max(500).default(50),
})

/** The policy in force, its versions with author and reason, and the ways to change it. */
export function policyRoutes(route: AdminRoute, house: GatewayHouse): void {
  route('GET', '/policy', 'policy.read', async (_request, reply) =>
    adminAnswer(reply, house.policy.view()),
  )
  route('GET', '/policy/versions', 'policy.read', async (request, reply) => {
    const query = adminQuery(request, History)
    if (!query.ok) return adminRefusal(request, reply, query.error)
    const rows = await house.policy.history(query.value)
    const isFull = rows.length === query.value.limit
    return adminAnswer(reply, {
      versions: rows.map((row) => changeView(row)),
      next: isFull ? String(rows.at(-1)?.number) : null,
    })
  })
  route('GET', '/policy/versions/:number', 'policy.read', async (request, reply) => {
    const { number } = z.object({ number: z.string() }).parse(request.params)
    const found = /^[1-9]\d{0,8}$/.test(number) ? await house.policy.get(Number(number)) : null
    return found
      ? adminAnswer(reply, { ...changeView(found), document: found.document })
      : adminRefusal(request, reply, { code: 'not-found', param: 'number' })
  })
  route('GET', '/policy/shadow', 'policy.read', async (_request, reply) => {
    const counted = house.policy.differences()
    const requests = counted.reduce((sum, one) => sum + one.requests, 0)
    const same = counted.filter(({ change }) => change === 'same')
    return adminAnswer(reply, {
      shadow: house.policy.view().shadow,
      requests,
      same: same.reduce((sum, one) => sum + one.requests, 0),
      differences: counted
        .filter(({ change }) => change !== 'same')
        .map(({ version: _, ...one }) => one),
    })
  })
  changeRoutes(route, house)
}

function changeRoutes(route: AdminRoute, house: GatewayHouse): void {
  const changed = changing(house)
  route('POST', '/policy/versions', 'policy.write', async (request, reply, caller) => {
    const body = adminBody(request, Put)
    if (!body.ok) return adminRefusal(request, reply, body.error)
    const { document, reason, share, by } = body.value
    const order: PolicyOrder = share === undefined ? { kind: 'put' } : { kind: 'stage', share, by }
    return changed({ request, reply, caller }, order, { document, reason })
  })
  route('POST', '/policy/rollback', 'policy.write', async (request, reply, caller) => {
    const body = adminBody(request, Rollback)
    if (!body.ok) return adminRefusal(request, reply, body.error)
    const { version, reason } = body.value
    const of = { request, reply, caller }
    return version === 'file'
      ? changed(of, { kind: 'withdraw' }, { document: null, reason })
      : changed(of, { kind: 'rollback' }, { document: version, reason })
  })
  route('POST', '/policy/share', 'policy.write', async (request, reply, caller) => {
    const body = adminBody(request, Share)
    if (!body.ok) return adminRefusal(request, reply, body.error)
    const { share, reason } = body.value
    const order: PolicyOrder = { kind: 'share', share }
    return changed({ request, reply, caller }, order, { document: null, reason })
  })
  route('POST', '/policy/shadow', 'policy.write', async (request, reply, caller) => {
    const body = adminBody(request, Shadow)
    if (!body.ok) return adminRefusal(request, reply, body.error)
    return changed({ request, reply, caller }, { kind: 'shadow' }, body.value)
  })
  route('POST', '/policy/shadow/off', 'policy.write', async (request, reply, caller) => {
    const body = adminBody(request, Only)
    if (!body.ok) return adminRefusal(request, reply, body.error)
    const { reason } = body.value
    return changed({ request, reply, caller }, { kind: 'shadow-off' }, { document: null, reason })
  })
}

interface Asked {
  readonly request: FastifyRequest
  readonly reply: FastifyReply
  readonly caller: Caller
}

interface Brought {
  readonly document: string | number | null
  readonly reason: string
}

/** Makes a change, and answers with what is in force then. A document that cannot be read changes nothing: 422, each problem with its line. */
const changing =
  (house: GatewayHouse) =>
  async (
    { request, reply, caller }: Asked,
    order: PolicyOrder,
    { document, reason }: Brought,
  ): Promise<FastifyReply> => {
    const language = preferredLanguage(request.headers['accept-language'])
    const of = { actor: caller.keyId, reason, document, language }
    const done = await house.policy.change(order, of)
    if (!done.ok) return adminRefusal(request, reply, done.error)
    if (done.value.kind === 'refused')
      return adminAnswer(reply.code(422), { outcome: 'refused', problems: done.value.problems })
    const { number, version } = done.value
    const view = house.policy.view()
    return adminAnswer(reply.code(hasDocument(order) ? 201 : 200), {
      outcome: 'changed',
      number,
      version,
      policy: view,
    })
  }

const changeView = ({ tenant: _, document: __, state, ...change }: PolicyChange): object => ({
  ...change,
  ...state,
})
