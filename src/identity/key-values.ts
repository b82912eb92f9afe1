import type { Grant } from '#kernel/permission.ts'
import type { Refusal } from '#kernel/refusal.ts'
import { KEY_SURFACES } from '#kernel/surfaces.ts'
import type { EpochMs } from '#kernel/units.ts'
import { isBlock } from './addresses.ts'
import type { WantedRestrictions } from './giving.ts'

// Control characters would let a name forge lines in a terminal.
const TEXT = /^[^\p{Cc}\p{Cf}]{1,100}$/u
/** What people type and logs show: no capitals, so that two of them never differ by one alone. */
const SLUG = /^[a-z0-9](?:[a-z0-9._-]{0,62}[a-z0-9])?$/
const MODEL = /^[^\s\p{Cc}\p{Cf}]{1,200}$/u
/** Entries of one list of restrictions. */
const MOST_ENTRIES = 100

const invalid = (param: string, expected: string): Refusal => ({
  code: 'invalid-value',
  param,
  detail: { expected },
})

/** What is wrong with a name for people, or null. */
export const nameProblem = (name: string, param = 'name'): Refusal | null =>
  TEXT.test(name) ? null : invalid(param, '1 to 100 printable characters')

/** What is wrong with an id that people choose, or null. */
export const slugProblem = (id: string, param = 'id'): Refusal | null =>
  SLUG.test(id) ? null : invalid(param, 'a-z 0-9 . _ -, 1 to 64 characters')

/** What a key is to be, as far as it can be wrong by itself. */
export interface KeyValues {
  readonly name?: string | undefined
  readonly scopes?: readonly Grant[] | undefined
  readonly expiresAt?: EpochMs | null | undefined
  readonly purpose?: string | null | undefined
  readonly restrictions?: WantedRestrictions | undefined
}

/** The first thing that is wrong with them, or null. */
export function keyValuesProblem(values: KeyValues, now: EpochMs): Refusal | null {
  const { name, scopes, expiresAt, purpose, restrictions } = values
  if (name !== undefined && nameProblem(name)) return nameProblem(name)
  if (scopes?.length === 0) return invalid('scopes', 'at least one scope')
  if (expiresAt !== undefined && expiresAt !== null && !(expiresAt > now))
    return invalid('expiresAt', 'a time to come')
  if (purpose !== undefined && purpose !== null && nameProblem(purpose, 'purpose'))
    return nameProblem(purpose, 'purpose')
  return restrictions ? restrictionsProblem(restrictions) : null
}

function restrictionsProblem(restrictions: WantedRestrictions): Refusal | null {
  const { models, surfaces, addresses } = restrictions
  for (const [field, list] of Object.entries({ models, surfaces, addresses })) {
    if ((list?.length ?? 1) === 0) return invalid(field, 'at least one entry, or null')
    if ((list?.length ?? 0) > MOST_ENTRIES) return invalid(field, `${MOST_ENTRIES} entries at most`)
  }
  if (models?.some((one) => !MODEL.test(one)))
    return invalid('models', 'names, * for any characters')
  const known: readonly string[] = KEY_SURFACES
  if (surfaces?.some((one) => !known.includes(one)))
    return invalid('surfaces', KEY_SURFACES.join(', '))
  return addresses?.some((one) => !isBlock(one))
    ? invalid('addresses', 'addresses or blocks, such as 192.0.2.0/24 or 2001:db8::/32')
    : null
}
