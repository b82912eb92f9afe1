import { hash } from 'node:crypto'
import { NO_RESTRICTIONS, type Caller } from '#kernel/exchange.ts'
import type { Grant } from '#kernel/permission.ts'
import type { Clock, RandomBytes } from '#kernel/ports.ts'
import type { Refusal } from '#kernel/refusal.ts'
import { err, ok, type Result } from '#kernel/result.ts'
import type { EpochMs, Milliseconds } from '#kernel/units.ts'
import { APPLICATION_PERMISSIONS, inBoth, permissionsOf } from '../access.ts'
import { hasRequired, textClaim, wordsClaim, type Claims } from '../claims.ts'
import type {
  Application,
  ApplicationStore,
  OrganisationStore,
  Person,
  PersonStore,
  TeamStore,
} from '../ports.ts'
import type { IssuerKeys } from './issuer-keys.ts'
import type { TokenIssuerSettings } from './settings.ts'
import {
  claimedIssuer,
  looksLikeToken,
  MAX_TOKEN_BYTES,
  verifyToken,
  type TokenProblem,
} from './verify-token.ts'

/** An issuer with the keys that it signs with. */
export interface TokenIssuer {
  readonly settings: TokenIssuerSettings
  readonly keys: IssuerKeys
}

export interface TokenCallersOptions {
  /** As the configuration in force has them. */
  readonly issuers: () => readonly TokenIssuer[]
  readonly organisations: Pick<OrganisationStore, 'byId'>
  readonly people: Pick<PersonStore, 'bySubject' | 'withState'>
  readonly applications: Pick<ApplicationStore, 'byId'>
  readonly teams: Pick<TeamStore, 'byId'>
  readonly clock: Clock
  readonly randomBytes: RandomBytes
  /** Tokens remembered at once. */
  readonly maxRemembered?: number
  /** How long it is not looked again whether what a token stands for is still enabled. */
  readonly rememberFor?: Milliseconds
}

/** Callers by tokens of others. */
export interface TokenCallers {
  /** Whether a credential is a token, here where somebody's tokens count. */
  accepts(presented: string): boolean
  /** Who presents this token. A token seen before costs a digest and a look into a map. */
  authenticate(token: string): Promise<Result<Caller, Refusal>>
  /** Looks whether what a token stood for is still let in; null for a caller who came otherwise. Its expiry ends nothing that runs. */
  recheckOf(caller: Caller): (() => Promise<Refusal | null>) | null
  /** Looks again at what tokens stand for: something was disabled or changed. */
  forgetAll(): void
}

interface Remembered {
  readonly issuer: TokenIssuer
  readonly claims: Claims
  readonly expiresAt: EpochMs
  readonly caller: Caller
  readonly until: EpochMs
}

export function createTokenCallers(options: TokenCallersOptions): TokenCallers {
  const { clock, maxRemembered = 10_000, rememberFor = 30_000 } = options
  const remembered = new Map<string, Remembered>()
  // the digest of the whole token, never a part of it: two tokens that begin alike are two tokens
  const seed = Buffer.from(options.randomBytes(32)).toString('hex')
  const placeOf = (token: string): string => hash('sha256', seed + token, 'base64')
  let changes = 0
  const rechecks = new WeakMap<Caller, () => Promise<Refusal | null>>()

  const remember = (place: string, one: Remembered): void => {
    const [oldest] = remembered.keys()
    if (remembered.size >= maxRemembered && oldest !== undefined) remembered.delete(oldest)
    remembered.set(place, one)
  }
  const stand = async (
    place: string,
    one: Pick<Remembered, 'issuer' | 'claims' | 'expiresAt'>,
  ): Promise<Result<Caller, Refusal>> => {
    const before = changes
    const caller = await callerOfToken(options, one.issuer.settings, one.claims)
    if (!caller.ok) {
      remembered.delete(place)
      return caller
    }
    rechecks.set(caller.value, async () => {
      const again = await callerOfToken(options, one.issuer.settings, one.claims)
      return again.ok ? null : again.error
    })
    if (before === changes) {
      remember(place, { ...one, caller: caller.value, until: clock() + rememberFor })
    }
    return caller
  }
  return {
    accepts: (presented) => looksLikeToken(presented) && options.issuers().length > 0,
    authenticate(token) {
      if (token.length > MAX_TOKEN_BYTES) return Promise.resolve(err(TOO_LARGE))
      const place = placeOf(token)
      const known = remembered.get(place)
      const now = clock()
      // an issuer that the configuration no longer has vouches for nothing
      if (!known || known.expiresAt <= now || !options.issuers().includes(known.issuer)) {
        remembered.delete(place)
        return verified(options, token).then((read) => (read.ok ? stand(place, read.value) : read))
      }
      if (known.until > now) return Promise.resolve(ok(known.caller))
      remembered.delete(place)
      return stand(place, known)
    },
    recheckOf: (caller) => rechecks.get(caller) ?? null,
    forgetAll() {
      changes += 1
      for (const [place, one] of remembered) remembered.set(place, { ...one, until: 0 })
    },
  }
}

const TOO_LARGE: Refusal = { code: 'token-malformed', detail: { limit: MAX_TOKEN_BYTES } }

type Verified = Pick<Remembered, 'issuer' | 'claims' | 'expiresAt'>

/** Tries the issuers of that name, each with its own audience; the best reason counts. */
async function verified(
  { issuers, clock }: TokenCallersOptions,
  token: string,
): Promise<Result<Verified, Refusal>> {
  const name = claimedIssuer(token)
  if (name === null) return err(TOO_LARGE)
  let problem: TokenProblem = 'issuer'
  for (const issuer of issuers().filter(({ settings }) => settings.issuer === name)) {
    const { settings, keys } = issuer
    const found = await verifyToken(token, {
      issuer: settings.issuer,
      audiences: [settings.audience],
      algorithms: settings.algorithms,
      keys,
      now: clock(),
      skewSeconds: settings.skewSeconds,
      maxAgeSeconds: settings.maxAgeSeconds,
      type: settings.type ?? undefined,
    })
    const isMeant = found.ok && hasRequired(found.value, settings.require)
    if (found.ok && isMeant) return ok({ issuer, ...remembering(found.value, settings) })
    problem = found.ok ? 'claims' : found.error
    if (problem !== 'audience' && problem !== 'claims') break
  }
  return err(refusalOf(problem))
}

/** Until when a token is worth remembering: its own end and the age it may reach, as the verification counts them. */
function remembering(
  claims: Claims,
  { maxAgeSeconds, skewSeconds }: TokenIssuerSettings,
): Pick<Remembered, 'claims' | 'expiresAt'> {
  const exp = typeof claims['exp'] === 'number' ? claims['exp'] : 0
  const iat = typeof claims['iat'] === 'number' ? claims['iat'] : 0
  return { claims, expiresAt: (Math.min(exp, iat + maxAgeSeconds) + skewSeconds) * 1000 }
}

function refusalOf(problem: TokenProblem): Refusal {
  switch (problem) {
    case 'malformed':
      return TOO_LARGE
    case 'expired':
    case 'too-old':
      return { code: 'token-expired' }
    case 'early':
      return { code: 'token-early' }
    case 'keys-unavailable':
      return { code: 'token-keys-unavailable', retryAfterSeconds: 30 }
    case 'unknown-key':
    case 'algorithm':
    case 'signature':
    case 'issuer':
    case 'audience':
    case 'type':
    case 'claims':
      return { code: 'token-untrusted', detail: { reason: problem } }
  }
}

const unmapped = (reason: string): Result<never, Refusal> =>
  err({ code: 'token-unmapped', detail: { reason } })
const disabled = (what: string): Result<never, Refusal> =>
  err({ code: 'access-disabled', detail: { what } })

/** Who a token stands for, as they are now: what it names must be known here and enabled, and limits what it may. */
async function callerOfToken(
  stores: TokenCallersOptions,
  settings: TokenIssuerSettings,
  claims: Claims,
): Promise<Result<Caller, Refusal>> {
  const { tenant } = settings
  const organisation = await stores.organisations.byId(tenant)
  if (organisation && organisation.disabledAt !== null) return disabled('organisation')
  const application = await applicationOf(stores, settings, claims)
  if (!application.ok) return application
  const person = await personOf(stores, settings, claims)
  if (!person.ok) return person
  const team = await teamOf(stores, settings, claims, {
    application: application.value,
    person: person.value,
  })
  if (!team.ok) return team
  const grants = grantsOf(settings, claims)
  let permissions = permissionsOf(grants, tenant)
  if (application.value) {
    const own = permissionsOf(application.value.roles, tenant)
    permissions = inBoth(permissions, [...APPLICATION_PERMISSIONS, ...own])
  }
  if (person.value) permissions = inBoth(permissions, permissionsOf(person.value.roles, tenant))
  const subject = application.value?.id ?? person.value?.id ?? settings.id
  return ok({
    tenant,
    keyId: `jwt:${settings.id}${subject === settings.id ? '' : `:${subject}`}`,
    name: application.value?.name ?? person.value?.name ?? settings.id,
    grants,
    permissions,
    team: team.value,
    application: application.value?.id ?? null,
    person: person.value?.id ?? null,
    purpose: application.value?.purpose ?? null,
    restrictions: NO_RESTRICTIONS,
  })
}

async function applicationOf(
  { applications }: TokenCallersOptions,
  { tenant, application, claims: names }: TokenIssuerSettings,
  claims: Claims,
): Promise<Result<Application | null, Refusal>> {
  if (application === null && names.application === null) return ok(null)
  const id = application ?? textClaim(claims, names.application ?? '')
  const found = id === null ? null : await applications.byId(tenant, id)
  if (!found) return unmapped('application')
  return found.disabledAt === null ? ok(found) : disabled('application')
}

async function personOf(
  { people }: TokenCallersOptions,
  { tenant, issuer, claims: names }: TokenIssuerSettings,
  claims: Claims,
): Promise<Result<Person | null, Refusal>> {
  if (names.person === null) return ok(null)
  const subject = textClaim(claims, names.person)
  const found = subject === null ? null : await people.bySubject(tenant, issuer, subject)
  const state = found && (await people.withState(tenant, found.id))
  if (!state) return unmapped('person')
  return state.disabled === null ? ok(state.person) : disabled(state.disabled)
}

async function teamOf(
  { teams }: TokenCallersOptions,
  { tenant, claims: names }: TokenIssuerSettings,
  claims: Claims,
  of: { readonly application: Application | null; readonly person: Person | null },
): Promise<Result<string | null, Refusal>> {
  const own = of.application?.team ?? of.person?.team ?? null
  const claimed = own === null && names.team !== null ? textClaim(claims, names.team) : null
  const id = own ?? claimed
  if (id === null) return names.team !== null && own === null ? unmapped('team') : ok(null)
  const found = await teams.byId(tenant, id)
  if (!found) return unmapped('team')
  return found.disabledAt === null ? ok(id) : disabled('team')
}

const grantsOf = (
  { roles, defaultRoles, claims: names }: TokenIssuerSettings,
  claims: Claims,
): readonly Grant[] => {
  const held = new Set(names.roles === null ? [] : wordsClaim(claims, names.roles))
  const mapped = [...roles].filter(([value]) => held.has(value)).map(([, role]) => role)
  return [...new Set([...mapped, ...defaultRoles])]
}
