import type { Refusal } from '#kernel/refusal.ts'
import { err, ok, type Result } from '#kernel/result.ts'
import type { Clock, NewId } from '#kernel/ports.ts'
import type { EpochMs } from '#kernel/units.ts'
import type { Evidence } from '../evidence.ts'
import type { Person, PersonChange, PersonStore, TeamStore } from '../ports.ts'
import type { Admitted } from './admission.ts'
import type { ProviderSettings } from './settings.ts'

export interface PersonForParts {
  readonly people: Pick<PersonStore, 'bySubject' | 'byEmail' | 'withState' | 'insert' | 'change'>
  readonly teams: Pick<TeamStore, 'byId'>
  /** How many ways there are to own an organisation, keys and people together. */
  readonly countOwners: (tenant: string, now: EpochMs) => Promise<number>
  readonly evidence: Evidence
  readonly clock: Clock
  readonly newId: NewId
  /** What somebody may do has changed. */
  readonly onChange: () => void
}

export interface Vouched {
  readonly settings: ProviderSettings
  readonly subject: string
  readonly admitted: Admitted
}

/**
 * The person whom a provider vouches for: known by issuer and subject, never by e-mail alone; somebody new is made, or
 * must have been invited. Roles and team become what the provider's groups say now, rights that are gone included.
 */
export async function personFor(
  parts: PersonForParts,
  { settings, subject, admitted }: Vouched,
): Promise<Result<Person, Refusal>> {
  const { tenant, issuer } = settings
  const known = await parts.people.bySubject(tenant, issuer, subject)
  const invited = known ?? (await invitedAs(parts, settings, admitted))
  if (invited === 'taken') return notAllowed('email-taken')
  if (!invited) return create(parts, { settings, subject, admitted })
  const state = await parts.people.withState(tenant, invited.id)
  if (!state) return err({ code: 'sign-in-invalid' })
  if (state.disabled !== null) {
    return err({ code: 'access-disabled', detail: { what: state.disabled } })
  }
  const updated = await update(parts, state.person, { settings, subject, admitted })
  if (!updated.ok) return updated
  return updated.value.roles.length === 0 ? notAllowed('no-role') : updated
}

/** Somebody whom an administrator added by e-mail, and who has not signed in before. */
async function invitedAs(
  { people }: PersonForParts,
  { tenant }: ProviderSettings,
  { email }: Admitted,
): Promise<Person | 'taken' | null> {
  const found = email === null ? null : await people.byEmail(tenant, email)
  return found !== null && found.subject !== null ? 'taken' : found
}

async function create(
  parts: PersonForParts,
  { settings, subject, admitted }: Vouched,
): Promise<Result<Person, Refusal>> {
  if (settings.people === 'invited') return err({ code: 'sign-in-not-invited' })
  const roles = admitted.roles ?? []
  if (roles.length === 0) return notAllowed('no-role')
  const person: Person = {
    tenant: settings.tenant,
    id: parts.newId(),
    name: admitted.name,
    email: admitted.email,
    issuer: settings.issuer,
    subject,
    roles,
    team: await teamOf(parts, settings, admitted),
    createdAt: parts.clock(),
    createdBy: actorOf(settings).keyId,
    disabledAt: null,
    lastSeenAt: parts.clock(),
  }
  const noted = await parts.evidence(actorOf(settings), 'person-created', person.id)
  if (!noted.ok) return noted
  // two tabs at the same moment: the other one was first
  return (await parts.people.insert(person)) ? ok(person) : err({ code: 'sign-in-expired' })
}

async function update(
  parts: PersonForParts,
  person: Person,
  { settings, subject, admitted }: Vouched,
): Promise<Result<Person, Refusal>> {
  const isNew = person.subject === null
  const change: PersonChange = {
    ...(isNew ? { issuer: settings.issuer, subject } : {}),
    ...(person.name === admitted.name ? {} : { name: admitted.name }),
    ...(admitted.email === null || admitted.email === person.email
      ? {}
      : { email: admitted.email }),
    ...rightsOf(person, admitted.roles, await teamOf(parts, settings, admitted)),
  }
  const { name: _, email: __, ...weighty } = change
  if (Object.keys(weighty).length > 0) {
    const action = isNew ? 'person-linked' : 'person-changed'
    const noted = await parts.evidence(actorOf(settings), action, person.id)
    if (!noted.ok) return noted
  }
  const seen = { ...change, lastSeenAt: parts.clock() }
  const isDone = await parts.people.change(person.tenant, person.id, seen)
  // the address may belong to somebody else here: everything but it still counts
  const { email: ___, ...rest } = seen
  if (!isDone && !(await parts.people.change(person.tenant, person.id, rest))) {
    return err({ code: 'sign-in-expired' })
  }
  const hasOtherRights = change.roles !== undefined || change.team !== undefined
  const kept = hasOtherRights ? await keptOwner(parts, settings, person, admitted.roles ?? []) : {}
  if (!kept) return err({ code: 'ledger-unavailable' })
  if (hasOtherRights) parts.onChange()
  return ok({ ...person, ...definedOf({ ...(isDone ? seen : rest), ...kept }) })
}

/** Whatever a provider's groups say, the last owner of an organisation stays one: nobody could give it back. Looked at after the change, because two can sign in at one moment. Null when that could not be recorded. */
async function keptOwner(
  { people, countOwners, evidence, clock }: PersonForParts,
  settings: ProviderSettings,
  { tenant, id, roles, team }: Person,
  told: Person['roles'],
): Promise<Pick<PersonChange, 'roles' | 'team'> | null> {
  if (!roles.includes('owner') || (await countOwners(tenant, clock())) > 0) return {}
  const others = told.filter((role) => role !== 'owner')
  const kept = { roles: ['owner' as const, ...others], team }
  await people.change(tenant, id, kept)
  const noted = await evidence(actorOf(settings), 'last-owner-kept', id)
  return noted.ok ? kept : null
}

/** Roles and team where the provider says something else than what is known. */
const rightsOf = (person: Person, roles: Admitted['roles'], team: string | null): PersonChange => ({
  ...(roles === null || sameSet(roles, person.roles) ? {} : { roles }),
  ...(team === null || team === person.team ? {} : { team }),
})

async function teamOf(
  { teams }: PersonForParts,
  { tenant }: ProviderSettings,
  { team }: Admitted,
): Promise<string | null> {
  // a team that the configuration names and nobody made counts for nobody
  return team !== null && (await teams.byId(tenant, team)) !== null ? team : null
}

const sameSet = (some: readonly string[], others: readonly string[]): boolean =>
  some.length === others.length && some.every((one) => others.includes(one))

const definedOf = ({ ...change }: PersonChange): Partial<Person> =>
  Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined))

/** Who is written into the evidence for what a provider's word changed. */
export const actorOf = ({ id, tenant }: ProviderSettings): { tenant: string; keyId: string } => ({
  tenant,
  keyId: `oidc:${id}`,
})

const notAllowed = (reason: string): Result<never, Refusal> =>
  err({ code: 'sign-in-not-allowed', detail: { reason } })
