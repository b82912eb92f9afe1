import type { Refusal } from '#kernel/refusal.ts'
import { err, ok, type Result } from '#kernel/result.ts'
import { lacking, type Actor } from './giving.ts'
import type { ApplicationStore, KeyView, PersonStore, TeamStore } from './ports.ts'

interface Wanted {
  readonly person?: string | null | undefined
  readonly application?: string | null | undefined
  readonly team?: string | null | undefined
}

interface Stores {
  readonly people: Pick<PersonStore, 'byId'>
  readonly applications: Pick<ApplicationStore, 'byId'>
  readonly teams: Pick<TeamStore, 'byId'>
}

/** Whose a new key will be: as it is wanted where the actor may make such keys, the actor's own otherwise. */
export async function ownerOf(
  actor: Actor,
  wanted: Wanted,
  { people, applications, teams }: Stores,
): Promise<Result<Pick<KeyView, 'person' | 'application' | 'team'>, Refusal>> {
  const { tenant } = actor
  const { application = null, team = null } = wanted
  const mayAll = actor.permissions.includes('keys.write')
  const person = wanted.person ?? (mayAll ? null : actor.person)
  if (!mayAll) {
    const missing = lacking(actor, 'keys.own')
    if (missing) return err(missing)
    // without a person a key of one's own would be a key of the organisation
    const isOwn = person !== null && person === actor.person && application === null
    if (!isOwn || team !== null)
      return err({ code: 'scope-missing', detail: { scope: 'keys.write' } })
  }
  if (person !== null && application !== null)
    return err({
      code: 'invalid-value',
      param: 'application',
      detail: { expected: 'a person or an application, not both' },
    })
  if (person !== null && !(await people.byId(tenant, person))) return unknown('person')
  if (application !== null && !(await applications.byId(tenant, application)))
    return unknown('application')
  if (team !== null && !(await teams.byId(tenant, team))) return unknown('team')
  return ok({ person, application, team })
}

const unknown = (param: string): Result<never, Refusal> => err({ code: 'not-found', param })
