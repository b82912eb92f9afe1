import { NO_RESTRICTIONS, type Caller } from '#kernel/exchange.ts'
import type { Permission } from '#kernel/permission.ts'
import { APPLICATION_PERMISSIONS, inBoth, permissionsOf } from './access.ts'
import type { OwnerState, Person, StoredKey } from './ports.ts'

/** Who presents a key. What it allows ends where the rights of its person or program end. */
export function callerOfKey(key: StoredKey, owner: OwnerState): Caller {
  return {
    tenant: key.tenant,
    keyId: key.id,
    name: key.name,
    grants: key.scopes,
    permissions: keyPermissions(key, owner),
    team: owner.team,
    application: key.application,
    person: key.person,
    purpose: owner.purpose,
    restrictions: key.restrictions,
  }
}

function keyPermissions(key: StoredKey, owner: OwnerState): readonly Permission[] {
  const own = permissionsOf(key.scopes, key.tenant)
  if (owner.grants === null) return own
  const ofOwner = permissionsOf(owner.grants, key.tenant)
  return key.application === null
    ? inBoth(own, ofOwner)
    : inBoth(own, [...APPLICATION_PERMISSIONS, ...ofOwner])
}

/** A person who signed in, without a key in between; `keyId` is what the evidence calls them. */
export const callerOfPerson = (person: Person): Caller => ({
  tenant: person.tenant,
  keyId: `person:${person.id}`,
  name: person.name,
  grants: person.roles,
  permissions: permissionsOf(person.roles, person.tenant),
  team: person.team,
  application: null,
  person: person.id,
  purpose: null,
  restrictions: NO_RESTRICTIONS,
})
