import type { FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import type { Disabled } from '#identity/directory.ts'
import { GRANTS, ROLES, type Permission } from '#kernel/permission.ts'
import type { Refusal } from '#kernel/refusal.ts'
import type { Result } from '#kernel/result.ts'
import type { GatewayHouse } from '../ports.ts'
import { adminAnswer, adminRefusal } from './answer.ts'
import { adminBody, adminQuery } from './body.ts'
import { keyView } from './key-view.ts'
import type { AdminRoute } from './routes.ts'

const id = z.string().min(1).max(254)
const name = z.string().min(1).max(100)
const text = z.string().min(1).max(254).nullable().optional()
const roles = z.array(z.enum(ROLES)).max(ROLES.length)

const Query = z.strictObject({
  state: z.enum(['enabled', 'disabled']).optional(),
  after: id.optional(),
  limit: z.coerce.number().int().min(1).max(1000).default(100),
})
const TeamQuery = Query.extend({ team: id.optional() })
const PersonQuery = TeamQuery.extend({ role: z.enum(GRANTS).optional() })
const ApplicationQuery = TeamQuery.extend({ service: z.stringbool().optional() })

const Named = z.strictObject({ id, name })
const Rename = z.strictObject({ name })
const NewPerson = z.strictObject({
  name,
  email: text,
  issuer: text,
  subject: text,
  team: text,
  roles: roles.optional(),
})
const NewApplication = Named.extend({ team: text, purpose: text, roles: roles.optional() })

/** Organisations, teams, people and applications. */
export function directoryRoutes(route: AdminRoute, house: GatewayHouse): void {
  const { directory } = house.identity
  route('GET', '/organisations', 'organisations.read', async (request, reply) => {
    const query = adminQuery(request, Query)
    if (!query.ok) return adminRefusal(request, reply, query.error)
    const rows = await directory.organisations(query.value)
    return adminAnswer(reply, { organisations: rows, next: nextOf(rows, query.value.limit) })
  })
  route('POST', '/organisations', 'organisations.write', async (request, reply, caller) => {
    const body = adminBody(request, Named)
    if (!body.ok) return adminRefusal(request, reply, body.error)
    const made = await directory.createOrganisation(caller, body.value)
    if (!made.ok) return adminRefusal(request, reply, made.error)
    const { organisation, owner } = made.value
    return adminAnswer(reply.code(201), {
      ...organisation,
      owner: { key: owner.key, ...keyView(owner.view) },
    })
  })
  enabledRoutes(route, house, '/organisations', 'organisation', 'organisations.write')
  teamRoutes(route, house)
  personRoutes(route, house)
  applicationRoutes(route, house)
}

function teamRoutes(route: AdminRoute, house: GatewayHouse): void {
  const { directory } = house.identity
  route('GET', '/teams', 'teams.read', async (request, reply, { tenant }) => {
    const query = adminQuery(request, Query)
    if (!query.ok) return adminRefusal(request, reply, query.error)
    const rows = await directory.teams({ ...query.value, tenant })
    return adminAnswer(reply, { teams: rows, next: nextOf(rows, query.value.limit) })
  })
  route('POST', '/teams', 'teams.write', async (request, reply, caller) => {
    const body = adminBody(request, Named)
    if (!body.ok) return adminRefusal(request, reply, body.error)
    return told(request, reply.code(201), await directory.createTeam(caller, body.value))
  })
  route('PUT', '/teams/:id', 'teams.write', async (request, reply, caller) => {
    const body = adminBody(request, Rename)
    if (!body.ok) return adminRefusal(request, reply, body.error)
    const { name: to } = body.value
    return told(request, reply, await directory.renameTeam(caller, idOf(request), to))
  })
  enabledRoutes(route, house, '/teams', 'team', 'teams.write')
}

function personRoutes(route: AdminRoute, house: GatewayHouse): void {
  const { directory } = house.identity
  route('GET', '/people', 'people.read', async (request, reply, { tenant }) => {
    const query = adminQuery(request, PersonQuery)
    if (!query.ok) return adminRefusal(request, reply, query.error)
    const rows = await directory.people({ ...query.value, tenant })
    return adminAnswer(reply, { people: rows, next: nextOf(rows, query.value.limit) })
  })
  route('GET', '/people/:id', 'people.read', async (request, reply, { tenant }) => {
    const person = await directory.person(tenant, idOf(request))
    return person ? adminAnswer(reply, person) : adminRefusal(request, reply, NOT_FOUND)
  })
  route('POST', '/people', 'people.write', async (request, reply, caller) => {
    const body = adminBody(request, NewPerson)
    if (!body.ok) return adminRefusal(request, reply, body.error)
    return told(request, reply.code(201), await directory.createPerson(caller, body.value))
  })
  route('PUT', '/people/:id', 'people.write', async (request, reply, caller) => {
    const body = adminBody(request, NewPerson.partial())
    if (!body.ok) return adminRefusal(request, reply, body.error)
    return told(request, reply, await directory.changePerson(caller, idOf(request), body.value))
  })
  enabledRoutes(route, house, '/people', 'person', 'people.write')
}

function applicationRoutes(route: AdminRoute, house: GatewayHouse): void {
  const { directory } = house.identity
  route('GET', '/applications', 'applications.read', async (request, reply, { tenant }) => {
    const query = adminQuery(request, ApplicationQuery)
    if (!query.ok) return adminRefusal(request, reply, query.error)
    const rows = await directory.applications({ ...query.value, tenant })
    return adminAnswer(reply, { applications: rows, next: nextOf(rows, query.value.limit) })
  })
  route('POST', '/applications', 'applications.write', async (request, reply, caller) => {
    const body = adminBody(request, NewApplication)
    if (!body.ok) return adminRefusal(request, reply, body.error)
    return told(request, reply.code(201), await directory.createApplication(caller, body.value))
  })
  route('PUT', '/applications/:id', 'applications.write', async (request, reply, caller) => {
    const body = adminBody(request, NewApplication.omit({ id: true }).partial())
    if (!body.ok) return adminRefusal(request, reply, body.error)
    const changed = await directory.changeApplication(caller, idOf(request), body.value)
    return told(request, reply, changed)
  })
  enabledRoutes(route, house, '/applications', 'application', 'applications.write')
}

/** `POST .../:id/disable` ends all that belongs to it at once; `POST .../:id/enable` takes that back. */
function enabledRoutes(
  route: AdminRoute,
  house: GatewayHouse,
  path: string,
  kind: Disabled,
  permission: Permission,
): void {
  for (const [verb, isEnabled] of [
    ['disable', false],
    ['enable', true],
  ] as const) {
    route('POST', `${path}/:id/${verb}`, permission, async (request, reply, caller) => {
      const { directory } = house.identity
      const done = await directory.setEnabled(caller, kind, idOf(request), isEnabled)
      return done.ok ? reply.code(204).send() : adminRefusal(request, reply, done.error)
    })
  }
}

const NOT_FOUND: Refusal = { code: 'not-found', param: 'id' }

const told = (
  request: FastifyRequest,
  reply: FastifyReply,
  result: Result<object, Refusal>,
): FastifyReply =>
  result.ok ? adminAnswer(reply, result.value) : adminRefusal(request, reply, result.error)

const nextOf = (rows: readonly { readonly id: string }[], limit: number): string | null =>
  rows.length < limit ? null : (rows.at(-1)?.id ?? null)

const idOf = (request: FastifyRequest): string =>
  z.object({ id: z.string() }).parse(request.params).id
