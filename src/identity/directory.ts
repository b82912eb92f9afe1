import type { Grant } from '#kernel/permission.ts'
import type { Clock, RandomBytes } from '#kernel/ports.ts'
import type { Refusal } from '#kernel/refusal.ts'
import { err, ok, type Result } from '#kernel/result.ts'
import { randomBase62 } from './base62.ts'
import type { Evidence } from './evidence.ts'
import { beyondActor, isOwnerOfMachine, type Actor } from './giving.ts'
import type { IdentityStores } from './identity.ts'
import { nameProblem, slugProblem } from './key-values.ts'
import type { CreatedKey, Keys } from './keys.ts'
import type { Application, Listing, Organisation, Person, Team } from './ports.ts'

export interface DirectoryOptions {
  readonly stores: IdentityStores
  readonly keys: Pick<Keys, 'create'>
  readonly clock: Clock
  readonly randomBytes: RandomBytes
  readonly evidence: Evidence
  /** Something that many keys belong to has changed. */
  readonly onChange: () => void
}

export interface NewPerson {
  readonly name: string
  readonly email?: string | null | undefined
  readonly issuer?: string | null | undefined
  readonly subject?: string | null | undefined
  readonly roles?: readonly Grant[] | undefined
  readonly team?: string | null | undefined
}

export type PersonEdit = { readonly [K in keyof NewPerson]?: NewPerson[K] | undefined }

export interface NewApplication {
  readonly id: string
  readonly name: string
  readonly team?: string | null | undefined
  readonly purpose?: string | null | undefined
  /** Makes it a service account. */
  readonly roles?: readonly Grant[] | undefined
}

export type ApplicationEdit = { readonly name?: string | undefined } & Pick<
  NewApplication,
  'team' | 'purpose' | 'roles'
>

/** What can be disabled; all that belongs to it ends at once. */
export type Disabled = 'organisation' | 'team' | 'person' | 'application'

/** Organisations, teams, people and applications. Every change is evidence before it is in force. */
export interface Directory {
  readonly organisations: (
    listing: Omit<Listing, 'tenant' | 'team'>,
  ) => Promise<readonly Organisation[]>
  /** Makes an organisation, and the key of its first owner, shown once. */
  createOrganisation(
    actor: Actor,
    organisation: { readonly id: string; readonly name: string },
  ): Promise<Result<{ readonly organisation: Organisation; readonly owner: CreatedKey }, Refusal>>
  readonly teams: (listing: Listing) => Promise<readonly Team[]>
  createTeam(
    actor: Actor,
    team: { readonly id: string; readonly name: string },
  ): Promise<Result<Team, Refusal>>
  renameTeam(actor: Actor, id: string, name: string): Promise<Result<Team, Refusal>>
  readonly people: (
    listing: Listing & { readonly role?: string | undefined },
  ) => Promise<readonly Person[]>
  /** By id or e-mail. */
  person(tenant: string, idOrEmail: string): Promise<Person | null>
  createPerson(actor: Actor, person: NewPerson): Promise<Result<Person, Refusal>>
  changePerson(actor: Actor, id: string, edit: PersonEdit): Promise<Result<Person, Refusal>>
  readonly applications: (
    listing: Listing & { readonly service?: boolean | undefined },
  ) => Promise<readonly Application[]>
  createApplication(actor: Actor, one: NewApplication): Promise<Result<Application, Refusal>>
  changeApplication(
    actor: Actor,
    id: string,
    edit: ApplicationEdit,
  ): Promise<Result<Application, Refusal>>
  /** Disables or enables; keys and sessions of it end at once, and so do the answers that run. */
  setEnabled(
    actor: Actor,
    kind: Disabled,
    id: string,
    isEnabled: boolean,
  ): Promise<Result<void, Refusal>>
}

const PERSON_ID_LENGTH = 10
/** Enough to keep a typing error out; whether it exists only a message can tell (RFC 5321, 4.5.3.1). */
const EMAIL = /^[^\s@\p{Cc}]{1,64}@[^\s@\p{Cc}]{1,189}$/u

/** The directory over its stores. */
export const createDirectory = (options: DirectoryOptions): Directory => ({
  organisations: (listing) => options.stores.organisations.list(listing),
  createOrganisation: (actor, wanted) => createOrganisation(options, actor, wanted),
  teams: (listing) => options.stores.teams.list(listing),
  createTeam: (actor, wanted) => createTeam(options, actor, wanted),
  renameTeam: (actor, id, name) => renameTeam(options, actor, id, name),
  people: (listing) => options.stores.people.list(listing),
  person: (tenant, id) =>
    id.includes('@')
      ? options.stores.people.byEmail(tenant, id.toLowerCase())
      : options.stores.people.byId(tenant, id),
  createPerson: (actor, wanted) => createPerson(options, actor, wanted),
  changePerson: (actor, id, edit) => changePerson(options, actor, id, edit),
  applications: (listing) => options.stores.applications.list(listing),
  createApplication: (actor, wanted) => createApplication(options, actor, wanted),
  changeApplication: (actor, id, edit) => changeApplication(options, actor, id, edit),
  setEnabled: (actor, kind, id, isEnabled) => setEnabled(options, actor, kind, id, isEnabled),
})

const missing = (param: string): Result<never, Refusal> => err({ code: 'not-found', param })
const taken = (param: string): Result<never, Refusal> => err({ code: 'conflict', param })

async function createOrganisation(
  { stores, keys, clock, evidence }: DirectoryOptions,
  actor: Actor,
  { id, name }: { readonly id: string; readonly name: string },
): ReturnType<Directory['createOrganisation']> {
  const owning = { ...actor, tenant: id, person: null }
  const problem = slugProblem(id) ?? nameProblem(name) ?? beyondActor(owning, ['owner'])
  if (problem) return err(problem)
  if (await stores.organisations.byId(id)) return taken('id')
  const noted = await evidence(actor, 'organisation-created', id)
  if (!noted.ok) return noted
  const organisation = { ...fresh(actor, clock()), id, name }
  if (!(await stores.organisations.insert(organisation))) return taken('id')
  const owner = await keys.create(owning, { name: 'first owner', scopes: ['owner'] })
  return owner.ok ? ok({ organisation, owner: owner.value }) : owner
}

async function createTeam(
  { stores, clock, evidence }: DirectoryOptions,
  actor: Actor,
  { id, name }: { readonly id: string; readonly name: string },
): Promise<Result<Team, Refusal>> {
  const { tenant } = actor
  const problem = slugProblem(id) ?? nameProblem(name)
  if (problem) return err(problem)
  if (await stores.teams.byId(tenant, id)) return taken('id')
  const noted = await evidence(actor, 'team-created', id)
  if (!noted.ok) return noted
  const team = { ...fresh(actor, clock()), tenant, id, name }
  return (await stores.teams.insert(team)) ? ok(team) : taken('id')
}

async function renameTeam(
  { stores, evidence }: DirectoryOptions,
  actor: Actor,
  id: string,
  name: string,
): Promise<Result<Team, Refusal>> {
  const problem = nameProblem(name)
  if (problem) return err(problem)
  const team = await stores.teams.byId(actor.tenant, id)
  if (!team) return missing('id')
  const noted = await evidence(actor, 'team-changed', id)
  if (!noted.ok) return noted
  await stores.teams.rename(actor.tenant, id, name)
  return ok({ ...team, name })
}

async function createPerson(
  { stores, clock, randomBytes, evidence }: DirectoryOptions,
  actor: Actor,
  wanted: NewPerson,
): Promise<Result<Person, Refusal>> {
  const { tenant } = actor
  const roles = wanted.roles ?? []
  const problem = nameProblem(wanted.name) ?? contactProblem(wanted) ?? beyondActor(actor, roles)
  if (problem) return err(problem)
  const team = wanted.team ?? null
  if (team !== null && !(await stores.teams.byId(tenant, team))) return missing('team')
  const person: Person = {
    ...fresh(actor, clock()),
    tenant,
    id: randomBase62(PERSON_ID_LENGTH, randomBytes),
    name: wanted.name,
    email: wanted.email?.toLowerCase() ?? null,
    issuer: wanted.issuer ?? null,
    subject: wanted.subject ?? null,
    roles,
    team,
    lastSeenAt: null,
  }
  const noted = await evidence(actor, 'person-created', subjectOf(person.id, roles))
  if (!noted.ok) return noted
  // the id is new, so only the e-mail or the subject can be somebody's
  return (await stores.people.insert(person)) ? ok(person) : taken('email')
}

async function changePerson(
  options: DirectoryOptions,
  actor: Actor,
  id: string,
  edit: PersonEdit,
): Promise<Result<Person, Refusal>> {
  const { stores, evidence, onChange } = options
  const { tenant } = actor
  const person = await stores.people.byId(tenant, id)
  if (!person) return missing('id')
  const problem =
    (edit.name === undefined ? null : nameProblem(edit.name)) ??
    contactProblem(edit) ??
    // neither more than the actor holds, nor anything of those who hold more
    (touchesStanding(edit) ? beyondActor(actor, [...person.roles, ...(edit.roles ?? [])]) : null)
  if (problem) return err(problem)
  if (edit.team && !(await stores.teams.byId(tenant, edit.team))) return missing('team')
  const change = {
    ...edit,
    ...(edit.email ? { email: edit.email.toLowerCase() } : {}),
  }
  const losesOwner = isOwner(person) && edit.roles !== undefined && !edit.roles.includes('owner')
  if (losesOwner && (await isLastOwner(options, actor))) return err({ code: 'last-owner' })
  const noted = await evidence(actor, 'person-changed', subjectOf(id, edit.roles))
  if (!noted.ok) return noted
  if (!(await stores.people.change(tenant, id, change))) return taken('email')
  if (losesOwner && (await isOwnerless(options, actor))) {
    await stores.people.change(tenant, id, { roles: person.roles })
    return err({ code: 'last-owner' })
  }
  onChange()
  return ok((await stores.people.byId(tenant, id)) ?? person)
}

async function createApplication(
  { stores, clock, evidence }: DirectoryOptions,
  actor: Actor,
  wanted: NewApplication,
): Promise<Result<Application, Refusal>> {
  const { tenant } = actor
  const roles = wanted.roles ?? []
  const problem =
    slugProblem(wanted.id) ??
    nameProblem(wanted.name) ??
    (wanted.purpose ? nameProblem(wanted.purpose, 'purpose') : null) ??
    beyondActor(actor, roles)
  if (problem) return err(problem)
  const team = wanted.team ?? null
  if (team !== null && !(await stores.teams.byId(tenant, team))) return missing('team')
  if (await stores.applications.byId(tenant, wanted.id)) return taken('id')
  const noted = await evidence(actor, 'application-created', subjectOf(wanted.id, roles))
  if (!noted.ok) return noted
  const application = {
    ...fresh(actor, clock()),
    tenant,
    id: wanted.id,
    name: wanted.name,
    team,
    purpose: wanted.purpose ?? null,
    roles,
  }
  return (await stores.applications.insert(application)) ? ok(application) : taken('id')
}

async function changeApplication(
  { stores, evidence, onChange }: DirectoryOptions,
  actor: Actor,
  id: string,
  edit: ApplicationEdit,
): Promise<Result<Application, Refusal>> {
  const { tenant } = actor
  const application = await stores.applications.byId(tenant, id)
  if (!application) return missing('id')
  const problem =
    (edit.name === undefined ? null : nameProblem(edit.name)) ??
    (edit.purpose ? nameProblem(edit.purpose, 'purpose') : null) ??
    (edit.roles ? beyondActor(actor, [...application.roles, ...edit.roles]) : null)
  if (problem) return err(problem)
  if (edit.team && !(await stores.teams.byId(tenant, edit.team))) return missing('team')
  const noted = await evidence(actor, 'application-changed', subjectOf(id, edit.roles))
  if (!noted.ok) return noted
  await stores.applications.change(tenant, id, edit)
  onChange()
  return ok((await stores.applications.byId(tenant, id)) ?? application)
}

async function setEnabled(
  options: DirectoryOptions,
  actor: Actor,
  kind: Disabled,
  id: string,
  isEnabled: boolean,
): Promise<Result<void, Refusal>> {
  const { stores, clock, evidence, onChange } = options
  const { tenant } = actor
  const at = isEnabled ? null : clock()
  // one's own ground would be taken from under one's feet, and nobody of it could give it back
  if (!isEnabled && kind === 'organisation' && id === tenant) return err({ code: 'last-owner' })
  const person = kind === 'person' ? await stores.people.byId(tenant, id) : null
  if (kind === 'person' && !person) return missing('id')
  const losesOwner = !isEnabled && person !== null && isOwner(person)
  if (losesOwner && (await isLastOwner(options, actor))) return err({ code: 'last-owner' })
  // to give somebody their rights back is to give them
  const beyond = isEnabled && person ? beyondActor(actor, person.roles) : null
  if (beyond) return err(beyond)
  const noted = await evidence(actor, `${kind}-${isEnabled ? 'enabled' : 'disabled'}`, id)
  if (!noted.ok) return noted
  if (!(await disable(options, tenant, kind, id, at))) return missing('id')
  // a team can have the last owner in it
  const mayLose = losesOwner || (!isEnabled && kind === 'team')
  if (mayLose && (await isOwnerless(options, actor))) {
    await disable(options, tenant, kind, id, null)
    return err({ code: 'last-owner' })
  }
  if (!isEnabled && kind === 'person') await stores.sessions.removeOfPerson(tenant, id)
  onChange()
  return ok(undefined)
}

function disable(
  { stores }: DirectoryOptions,
  tenant: string,
  kind: Disabled,
  id: string,
  at: number | null,
): Promise<boolean> {
  switch (kind) {
    case 'organisation':
      return stores.organisations.disable(id, at)
    case 'team':
      return stores.teams.disable(tenant, id, at)
    case 'person':
      return stores.people.disable(tenant, id, at)
    case 'application':
      return stores.applications.disable(tenant, id, at)
  }
}

const fresh = (actor: Actor, now: number) => ({
  createdAt: now,
  createdBy: actor.keyId,
  disabledAt: null,
})

/** Roles are in the evidence, because they are what an audit asks for; names and addresses are not. */
const subjectOf = (id: string, roles: readonly Grant[] | undefined): string =>
  roles === undefined ? id : `${id} roles:${roles.join(',') || '-'}`

function contactProblem({ email, issuer, subject }: PersonEdit): Refusal | null {
  const invalid = (param: string, expected: string): Refusal => ({
    code: 'invalid-value',
    param,
    detail: { expected },
  })
  if (email && !EMAIL.test(email)) return invalid('email', 'name@example.org')
  return (issuer === null || issuer === undefined) === (subject === null || subject === undefined)
    ? null
    : invalid('subject', 'an issuer and a subject together')
}

/** What signs somebody in, or says what they may: of those who hold more it is theirs alone. */
const touchesStanding = ({ email, issuer, subject, roles }: PersonEdit): boolean =>
  [email, issuer, subject, roles].some((one) => one !== undefined)

const isOwner = ({ roles, disabledAt }: Person): boolean =>
  disabledAt === null && roles.includes('owner')

const isLastOwner = async ({ stores, clock }: DirectoryOptions, actor: Actor): Promise<boolean> =>
  !isOwnerOfMachine(actor) && (await stores.keys.countOwners(actor.tenant, clock())) <= 1

/** Looked at after a change, because two can take away each other at one moment. */
const isOwnerless = async ({ stores, clock }: DirectoryOptions, actor: Actor): Promise<boolean> =>
  !isOwnerOfMachine(actor) && (await stores.keys.countOwners(actor.tenant, clock())) === 0
