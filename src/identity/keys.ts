import type { KeyObject } from 'node:crypto'
import { NO_RESTRICTIONS } from '#kernel/exchange.ts'
import type { Grant } from '#kernel/permission.ts'
import type { Clock, RandomBytes } from '#kernel/ports.ts'
import type { Refusal } from '#kernel/refusal.ts'
import { err, ok, type Result } from '#kernel/result.ts'
import type { EpochMs, Milliseconds } from '#kernel/units.ts'
import { newKeyText } from './api-key-text.ts'
import { isUsable } from './authenticate.ts'
import { keyedDigest } from './derive-key.ts'
import { ownerOf } from './key-owner.ts'
import type { Evidence } from './evidence.ts'
import {
  beyondActor,
  givenOn,
  isOwnerOfMachine,
  lacking,
  widerThanActor,
  type Actor,
  type WantedRestrictions,
} from './giving.ts'
import { keyValuesProblem } from './key-values.ts'
import type {
  ApplicationStore,
  KeyChange,
  KeyListing,
  KeyStore,
  KeyView,
  PersonStore,
  SessionStore,
  StoredKey,
  TeamStore,
} from './ports.ts'

export interface NewKey {
  /** 1 to 100 characters, for people. */
  readonly name: string
  /** `['inference']` when absent. */
  readonly scopes?: readonly Grant[] | undefined
  readonly expiresAt?: EpochMs | null | undefined
  readonly person?: string | null | undefined
  readonly application?: string | null | undefined
  readonly team?: string | null | undefined
  readonly purpose?: string | null | undefined
  readonly restrictions?: WantedRestrictions | undefined
}

export interface Rotation {
  /** How long the old key goes on beside the new one. */
  readonly overlapMs: Milliseconds
  /** End of the new key; absent: it lives as long as the old one was to live. */
  readonly expiresAt?: EpochMs | null | undefined
}

/** The key itself appears here once and never again. */
export interface CreatedKey {
  readonly key: string
  readonly view: KeyView
}

export interface KeysOptions {
  readonly store: KeyStore
  readonly sessions: Pick<SessionStore, 'removeOfKey'>
  readonly people: Pick<PersonStore, 'byId'>
  readonly applications: Pick<ApplicationStore, 'byId'>
  readonly teams: Pick<TeamStore, 'byId'>
  /** What the digests of keys are made with. */
  readonly hmacKey: KeyObject
  readonly clock: Clock
  readonly randomBytes: RandomBytes
  readonly evidence: Evidence
  /** Called after a key changed, so that nobody goes on with what was remembered. */
  readonly onChange: (id: string) => void
}

/** Every change is evidence before it takes effect, and nobody gives more than they hold. */
export interface Keys {
  /** Makes a key; refuses `invalid-value`, `not-found` for an owner that is none, `more-than-you-hold`. */
  create(actor: Actor, key: NewKey): Promise<Result<CreatedKey, Refusal>>
  change(actor: Actor, id: string, change: KeyEdit): Promise<Result<KeyView, Refusal>>
  /** A new key with the same rights; the old one ends after the overlap. */
  rotate(actor: Actor, id: string, rotation: Rotation): Promise<Result<CreatedKey, Refusal>>
  /** Refuses `not-found` for a key of no or another tenant, or one already revoked. Ends its sessions. */
  revoke(actor: Actor, id: string): Promise<Result<void, Refusal>>
  /** One that the actor may see, revoked or not; refuses `not-found`. */
  one(actor: Actor, id: string): Promise<Result<KeyView, Refusal>>
  /** In the order of ids, revoked ones too. */
  list(listing: KeyListing): Promise<readonly KeyView[]>
}

export type KeyEdit = Pick<NewKey, 'scopes' | 'expiresAt' | 'purpose' | 'restrictions'> & {
  readonly name?: string | undefined
}

/** Eight characters collide once in 2^47: trying again is enough. */
const TRIES = 3
const OWNING: readonly Grant[] = ['admin', 'owner']

/** Makes, changes, rotates, revokes and lists API keys; only their keyed digest is ever stored. */
export const createKeys = (options: KeysOptions): Keys => ({
  create: (actor, wanted) => create(options, actor, wanted),
  change: (actor, id, edit) => change(options, actor, id, edit),
  rotate: (actor, id, rotation) => rotate(options, actor, id, rotation),
  revoke: (actor, id) => revoke(options, actor, id),
  async one(actor, id) {
    const key = await mine(options, actor, id, 'keys.read')
    if (!key.ok) return key
    const { digest: _, ...view } = key.value
    return ok(view)
  },
  list: (listing) => options.store.list(listing),
})

/** A key the actor may see or touch: all of their organisation's with the permission, their own otherwise. */
async function mine(
  { store }: KeysOptions,
  actor: Actor,
  id: string,
  permission: 'keys.read' | 'keys.write',
): Promise<Result<StoredKey, Refusal>> {
  const key = await store.byId(id)
  if (!key || key.tenant !== actor.tenant) return err({ code: 'not-found', param: 'id' })
  if (actor.permissions.includes(permission)) return ok(key)
  // a key of somebody else is not there for those who may not manage it
  const isOwn = key.person === null ? key.id === actor.keyId : key.person === actor.person
  return isOwn ? ok(key) : err({ code: 'not-found', param: 'id' })
}

async function open(
  options: KeysOptions,
  actor: Actor,
  id: string,
): Promise<Result<StoredKey, Refusal>> {
  const key = await mine(options, actor, id, 'keys.write')
  if (!key.ok || key.value.revokedAt === null) return key
  return err({ code: 'not-found', param: 'id' })
}

async function insert(
  { store, hmacKey, randomBytes, evidence }: KeysOptions,
  actor: Actor,
  action: string,
  wanted: Omit<KeyView, 'id'>,
): Promise<Result<CreatedKey, Refusal>> {
  for (let tries = 0; tries < TRIES; tries += 1) {
    const { id, key } = newKeyText(randomBytes)
    const noted = await evidence(actor, action, id)
    if (!noted.ok) return noted
    const view = { ...wanted, id }
    if (await store.insert({ ...view, digest: keyedDigest(hmacKey, key) })) return ok({ key, view })
  }
  return err({ code: 'internal-error' })
}

async function create(
  options: KeysOptions,
  actor: Actor,
  wanted: NewKey,
): Promise<Result<CreatedKey, Refusal>> {
  const now = options.clock()
  const problem = keyValuesProblem(wanted, now)
  if (problem) return err(problem)
  const owner = await ownerOf(actor, wanted, options)
  if (!owner.ok) return owner
  const scopes = wanted.scopes ?? ['inference']
  const restrictions = givenOn(actor, wanted.restrictions ?? {})
  const beyond = beyondActor(actor, scopes) ?? widerThanActor(actor, restrictions)
  if (beyond) return err(beyond)
  return insert(options, actor, 'key-created', {
    ...FRESH,
    ...owner.value,
    tenant: actor.tenant,
    name: wanted.name,
    scopes,
    createdAt: now,
    createdBy: actor.keyId,
    expiresAt: wanted.expiresAt ?? null,
    purpose: wanted.purpose ?? null,
    restrictions,
  })
}

async function change(
  options: KeysOptions,
  actor: Actor,
  id: string,
  edit: KeyEdit,
): Promise<Result<KeyView, Refusal>> {
  const { store, clock, evidence, onChange } = options
  const problem = keyValuesProblem(edit, clock()) ?? lacking(actor, 'keys.write')
  if (problem) return err(problem)
  const key = await open(options, actor, id)
  if (!key.ok) return key
  const { restrictions: narrowing, ...plain } = edit
  const restrictions = narrowing && { ...key.value.restrictions, ...definedOf(narrowing) }
  const beyond =
    beyondActor(actor, [...key.value.scopes, ...(edit.scopes ?? [])]) ??
    widerThanActor(actor, restrictions ?? key.value.restrictions)
  if (beyond) return err(beyond)
  const set: KeyChange = { ...plain, ...(restrictions ? { restrictions } : {}) }
  const after = { ...key.value, ...definedOf(set) }
  // an end puts an owner away as surely as other scopes do
  const losesOwner =
    isOwning(key.value, clock()) && (!isStillOwning(after) || after.expiresAt !== null)
  if (losesOwner && (await isLastOwner(options, actor, key.value)))
    return err({ code: 'last-owner' })
  const noted = await evidence(actor, 'key-changed', id)
  if (!noted.ok) return noted
  const changed = await store.change(actor.tenant, id, set)
  onChange(id)
  if (!changed) return err({ code: 'not-found', param: 'id' })
  if (losesOwner && (await isOwnerless(options, actor))) {
    // two of them took their rights away at the same moment: neither did
    const { scopes, expiresAt } = key.value
    await store.change(actor.tenant, id, { scopes, expiresAt })
    onChange(id)
    return err({ code: 'last-owner' })
  }
  const { digest: _, ...view } = after
  return ok(view)
}

async function rotate(
  options: KeysOptions,
  actor: Actor,
  id: string,
  { overlapMs, expiresAt }: Rotation,
): Promise<Result<CreatedKey, Refusal>> {
  const { store, clock, onChange } = options
  const now = clock()
  const problem = keyValuesProblem({ expiresAt }, now)
  if (problem) return err(problem)
  const found = await open(options, actor, id)
  if (!found.ok) return found
  const { digest: _, ...old } = found.value
  if (!isUsable(old, now)) return err({ code: 'key-expired' })
  if (old.replacedBy !== null) return err({ code: 'conflict', param: 'id' })
  const beyond = beyondActor(actor, old.scopes) ?? widerThanActor(actor, old.restrictions)
  if (beyond) return err(beyond)
  const lives = old.expiresAt === null ? null : old.expiresAt - old.createdAt + now
  const made = await insert(options, actor, 'key-rotated', {
    ...old,
    ...FRESH,
    createdAt: now,
    createdBy: actor.keyId,
    expiresAt: expiresAt === undefined ? lives : expiresAt,
    replaces: id,
  })
  if (!made.ok) return made
  const end = Math.min(old.expiresAt ?? Infinity, now + overlapMs)
  await store.change(actor.tenant, id, { expiresAt: end, replacedBy: made.value.view.id })
  onChange(id)
  return made
}

async function revoke(
  options: KeysOptions,
  actor: Actor,
  id: string,
): Promise<Result<void, Refusal>> {
  const { store, sessions, clock, evidence, onChange } = options
  const key = await open(options, actor, id)
  if (!key.ok) return key
  if (await isLastOwner(options, actor, key.value)) return err({ code: 'last-owner' })
  const noted = await evidence(actor, 'key-revoked', id)
  if (!noted.ok) return noted
  const at = clock()
  const revoked = await store.revoke(actor.tenant, id, at)
  if (revoked && isOwning(key.value, at) && (await isOwnerless(options, actor))) {
    // two of them revoked each other at the same moment: neither did
    await store.restore(actor.tenant, id, at)
    return err({ code: 'last-owner' })
  }
  onChange(id)
  if (!revoked) return err({ code: 'not-found', param: 'id' })
  await sessions.removeOfKey(id)
  return ok(undefined)
}

async function isLastOwner(
  { store, clock }: KeysOptions,
  actor: Actor,
  key: StoredKey,
): Promise<boolean> {
  if (isOwnerOfMachine(actor) || !isOwning(key, clock())) return false
  return (await store.countOwners(actor.tenant, clock())) <= 1
}

/** Looked at after a change, because two can take away each other at one moment. The owner of the machine needs no owner. */
const isOwnerless = async ({ store, clock }: KeysOptions, actor: Actor): Promise<boolean> =>
  !isOwnerOfMachine(actor) && (await store.countOwners(actor.tenant, clock())) === 0

/** What is true of every key before its first use. */
const FRESH = {
  revokedAt: null,
  lastUsedAt: null,
  replacedBy: null,
  replaces: null,
} as const

/** The stored form of the first administrator's key. */
export const firstKey = (
  of: Pick<KeyView, 'tenant' | 'name' | 'scopes'>,
  id: string,
  now: EpochMs,
): KeyView => ({
  ...FRESH,
  ...of,
  id,
  createdAt: now,
  createdBy: 'system',
  expiresAt: null,
  person: null,
  application: null,
  team: null,
  purpose: null,
  restrictions: NO_RESTRICTIONS,
})

/** Whether a key could give rights again by itself: it counts as an owner of the organisation. */
const isOwning = (key: StoredKey, now: EpochMs): boolean => isUsable(key, now) && isStillOwning(key)

const isStillOwning = (key: Pick<KeyView, 'person' | 'application' | 'scopes'>): boolean =>
  key.person === null && key.application === null && key.scopes.some((one) => OWNING.includes(one))

/** The fields that are given; what is absent stays what it was. */
const definedOf = <T extends object>(set: T): { [K in keyof T]?: Exclude<T[K], undefined> } =>
  Object.fromEntries(Object.entries(set).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>
  } // what was filtered out
