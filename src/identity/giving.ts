import { NO_RESTRICTIONS, type Caller, type Restrictions } from '#kernel/exchange.ts'
import { matchesGlob } from '#kernel/glob.ts'
import { classRank } from '#kernel/label.ts'
import type { Grant, Permission } from '#kernel/permission.ts'
import type { Refusal } from '#kernel/refusal.ts'
import { permissionsOf } from './access.ts'

/** Who administers; `keyId` is what the evidence calls them. */
export type Actor = Pick<Caller, 'tenant' | 'keyId' | 'permissions' | 'restrictions' | 'person'>

/** What a key is to be narrowed to; absent is left as it is. */
export type WantedRestrictions = {
  readonly [K in keyof Restrictions]?: Restrictions[K] | undefined
}

/** The owner of the machine, who can read every file of the data directory anyway. */
export const isOwnerOfMachine = ({ keyId }: Actor): boolean => keyId === 'local'

/** What of these grants somebody does not hold, as a refusal; null when they may give them. */
export function beyondActor(actor: Actor, grants: readonly Grant[]): Refusal | null {
  const missing = permissionsOf(grants, actor.tenant).filter(
    (one) => !actor.permissions.includes(one),
  )
  return missing.length === 0 ? null : moreThanHeld(missing.slice(0, 5).join(', '))
}

/** The permission that an actor lacks for this; null when they hold it. */
export const lacking = (actor: Actor, permission: Permission): Refusal | null =>
  actor.permissions.includes(permission)
    ? null
    : { code: 'scope-missing', detail: { scope: permission } }

/** What a key that is limited itself gives on: its own limits where the new key names none. */
export const givenOn = (actor: Actor, wanted: WantedRestrictions): Restrictions => ({
  models: wanted.models ?? actor.restrictions.models,
  surfaces: wanted.surfaces ?? actor.restrictions.surfaces,
  maxClass: wanted.maxClass ?? actor.restrictions.maxClass,
  zones: wanted.zones ?? actor.restrictions.zones,
  addresses: wanted.addresses ?? actor.restrictions.addresses,
})

/** The first restriction that would reach further than the actor's own, as a refusal. */
export function widerThanActor(actor: Actor, wanted: Restrictions): Refusal | null {
  const own = actor.restrictions
  if (own === NO_RESTRICTIONS) return null
  if (!isWithin(wanted.surfaces, own.surfaces)) return moreThanHeld('surfaces')
  if (!isWithin(wanted.zones, own.zones)) return moreThanHeld('zones')
  if (!isWithin(wanted.addresses, own.addresses)) return moreThanHeld('addresses')
  if (!isWithin(wanted.models, own.models, matchesGlob)) return moreThanHeld('models')
  const { maxClass } = own
  if (maxClass === null) return null
  const isHigher = wanted.maxClass === null || classRank(wanted.maxClass) > classRank(maxClass)
  return isHigher ? moreThanHeld('maxClass') : null
}

/** A pattern is within another when it reads as one of its names: `gpt-*` within `gpt-*` and within `*`. */
function isWithin(
  wanted: readonly string[] | null,
  own: readonly string[] | null,
  covers: (own: string, wanted: string) => boolean = (a, b) => a === b,
): boolean {
  if (own === null) return true
  return wanted !== null && wanted.every((one) => own.some((allowed) => covers(allowed, one)))
}

const moreThanHeld = (missing: string): Refusal => ({
  code: 'more-than-you-hold',
  detail: { missing },
})
