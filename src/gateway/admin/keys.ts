import type { FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import { ZONES } from '#kernel/destination.ts'
import { CLASSES } from '#kernel/label.ts'
import { GRANTS } from '#kernel/permission.ts'
import type { Refusal } from '#kernel/refusal.ts'
import type { Result } from '#kernel/result.ts'
import type { CreatedKey } from '#identity/keys.ts'
import type { GatewayHouse } from '../ports.ts'
import { adminAnswer, adminRefusal } from './answer.ts'
import { adminBody, adminQuery } from './body.ts'
import { keyView } from './key-view.ts'
import type { AdminRoute } from './routes.ts'

const words = z.array(z.string().min(1).max(200)).max(100).nullable().optional()
const id = z.string().min(1).max(100)
const Time = z.number().int().positive().nullable().optional()

const Restrictions = z.strictObject({
  models: words,
  surfaces: words,
  maxClass: z.enum(CLASSES).nullable().optional(),
  zones: z.array(z.enum(ZONES)).max(ZONES.length).nullable().optional(),
  addresses: words,
})

const NewKey = z.strictObject({
  name: z.string().min(1).max(100),
  scopes: z.array(z.enum(GRANTS)).min(1).optional(),
  expiresAt: Time,
  person: id.nullable().optional(),
  application: id.nullable().optional(),
  team: id.nullable().optional(),
  purpose: z.string().max(100).nullable().optional(),
  restrictions: Restrictions.optional(),
})

const Edit = z.strictObject({
  name: z.string().min(1).max(100).optional(),
  scopes: z.array(z.enum(GRANTS)).min(1).optional(),
  expiresAt: Time,
  purpose: z.string().max(100).nullable().optional(),
  restrictions: Restrictions.optional(),
})

/** Longest time that two keys stand for each other, milliseconds: thirty days. */
const LONGEST_OVERLAP_MS = 30 * 86_400_000

const Rotation = z.strictObject({
  overlapMs: z.number().int().min(0).max(LONGEST_OVERLAP_MS).default(0),
  expiresAt: Time,
})

const Query = z.strictObject({
  person: id.optional(),
  application: id.optional(),
  team: id.optional(),
  state: z.enum(['usable', 'expired', 'revoked']).optional(),
  after: id.optional(),
  limit: z.coerce.number().int().min(1).max(1000).default(100),
})

/** API keys: the key itself is shown once, in the answer that makes it. */
export function keyRoutes(route: AdminRoute, house: GatewayHouse): void {
  const { keys } = house.identity
  route('GET', '/keys', 'keys.read', async (request, reply, caller) => {
    const query = adminQuery(request, Query)
    if (!query.ok) return adminRefusal(request, reply, query.error)
    return adminAnswer(reply, await page(house, { ...query.value, tenant: caller.tenant }))
  })
  route('POST', '/keys', 'keys.write', async (request, reply, caller) => {
    const body = adminBody(request, NewKey)
    if (!body.ok) return adminRefusal(request, reply, body.error)
    return created(request, reply, await keys.create(caller, body.value))
  })
  route('GET', '/keys/:id', 'keys.read', async (request, reply, caller) => {
    const key = await keys.one(caller, idOf(request))
    return key.ok ? adminAnswer(reply, keyView(key.value)) : adminRefusal(request, reply, key.error)
  })
  route('PUT', '/keys/:id', 'keys.write', async (request, reply, caller) => {
    const body = adminBody(request, Edit)
    if (!body.ok) return adminRefusal(request, reply, body.error)
    const changed = await keys.change(caller, idOf(request), body.value)
    return changed.ok
      ? adminAnswer(reply, keyView(changed.value))
      : adminRefusal(request, reply, changed.error)
  })
  route('POST', '/keys/:id/rotate', 'keys.write', async (request, reply, caller) => {
    const body = adminBody(request, Rotation)
    if (!body.ok) return adminRefusal(request, reply, body.error)
    return created(request, reply, await keys.rotate(caller, idOf(request), body.value))
  })
  route('DELETE', '/keys/:id', 'keys.write', async (request, reply, caller) => {
    const revoked = await keys.revoke(caller, idOf(request))
    return revoked.ok ? reply.code(204).send() : adminRefusal(request, reply, revoked.error)
  })
  ownKeyRoutes(route, house)
}

const OwnKey = NewKey.omit({ person: true, application: true, team: true })
const OwnQuery = Query.pick({ state: true, after: true, limit: true })

/** The same for people and their own keys: those of others are not there for them. */
function ownKeyRoutes(route: AdminRoute, house: GatewayHouse): void {
  const { keys } = house.identity
  route('GET', '/own/keys', 'keys.own', async (request, reply, caller) => {
    const query = adminQuery(request, OwnQuery)
    if (!query.ok) return adminRefusal(request, reply, query.error)
    const { tenant, person, keyId } = caller
    if (person !== null)
      return adminAnswer(reply, await page(house, { ...query.value, tenant, person }))
    const own = await keys.one(caller, keyId)
    return adminAnswer(reply, { keys: own.ok ? [keyView(own.value)] : [], next: null })
  })
  route('POST', '/own/keys', 'keys.own', async (request, reply, caller) => {
    const body = adminBody(request, OwnKey)
    if (!body.ok) return adminRefusal(request, reply, body.error)
    // a key that stands for nobody has no keys of its own
    if (caller.person === null) return adminRefusal(request, reply, NOBODY)
    const made = await keys.create(caller, { ...body.value, person: caller.person })
    return created(request, reply, made)
  })
  route('POST', '/own/keys/:id/rotate', 'keys.own', async (request, reply, caller) => {
    const body = adminBody(request, Rotation)
    if (!body.ok) return adminRefusal(request, reply, body.error)
    return created(request, reply, await keys.rotate(caller, idOf(request), body.value))
  })
  route('DELETE', '/own/keys/:id', 'keys.own', async (request, reply, caller) => {
    const revoked = await keys.revoke(caller, idOf(request))
    return revoked.ok ? reply.code(204).send() : adminRefusal(request, reply, revoked.error)
  })
}

const NOBODY: Refusal = { code: 'scope-missing', detail: { scope: 'keys.write' } }

const created = (
  request: FastifyRequest,
  reply: FastifyReply,
  made: Result<CreatedKey, Refusal>,
): FastifyReply =>
  made.ok
    ? adminAnswer(reply.code(201), { key: made.value.key, ...keyView(made.value.view) })
    : adminRefusal(request, reply, made.error)

async function page(
  house: GatewayHouse,
  listing: z.infer<typeof Query> & { readonly tenant: string },
): Promise<object> {
  const rows = await house.identity.keys.list({ ...listing, now: house.clock() })
  const next = rows.length < listing.limit ? null : (rows.at(-1)?.id ?? null)
  return { keys: rows.map(keyView), next }
}

const idOf = (request: FastifyRequest): string =>
  z.object({ id: z.string() }).parse(request.params).id
