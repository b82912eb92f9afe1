import { createHash, type KeyObject } from 'node:crypto'
import type { Clock, NewId, RandomBytes } from '#kernel/ports.ts'
import type { Refusal } from '#kernel/refusal.ts'
import { err, ok, type Result } from '#kernel/result.ts'
import type { EpochMs, Milliseconds } from '#kernel/units.ts'
import { callerOfPerson } from '../caller.ts'
import { keyedDigest } from '../derive-key.ts'
import type { Keys } from '../keys.ts'
import type { Person } from '../ports.ts'
import type { OpenedSession, Sessions } from '../sessions.ts'
import { admit } from './admission.ts'
import { personFor, type PersonForParts } from './person-for.ts'
import type { SignInCodeStore, VouchedSessionStore } from './ports.ts'
import { refusalOf } from './problem-refusals.ts'
import type { Provider, Told } from './provider.ts'
import { ownPlace, type CliWaiting, type Transaction, type Transactions } from './transaction.ts'
import { sealTokens, unsealTokens } from './vouched-tokens.ts'

/** Somebody came in, was turned away, or left: what the evidence is told. */
export interface SignInNote {
  readonly tenant: string
  readonly outcome: 'opened' | 'refused' | 'closed'
  /** Id of the person; null when nobody knows who it was. */
  readonly person: string | null
  readonly code: Refusal['code'] | null
}

export interface SignInParts extends PersonForParts {
  /** By id, as the configuration in force has them. */
  readonly providers: () => ReadonlyMap<string, Provider>
  readonly transactions: Transactions
  readonly sessions: Pick<Sessions, 'openForPerson' | 'closeSession' | 'endExternal'>
  readonly keys: Pick<Keys, 'create' | 'revoke'>
  readonly vouched: VouchedSessionStore
  readonly codes: SignInCodeStore
  /** Durable when it resolves; refuses when it cannot be written. */
  readonly note: (note: SignInNote) => Promise<Result<void, Refusal>>
  /** Counts somebody of whom nothing is known, so that a flood of them is not a flood of evidence. */
  readonly turnedAway: (code: Refusal['code']) => void
  readonly key: KeyObject
  readonly clock: Clock
  readonly newId: NewId
  readonly randomBytes: RandomBytes
}

export interface BeginAsked {
  readonly provider: string
  readonly redirectUri: string
  readonly returnTo: unknown
  readonly cli: CliWaiting | null
}

export interface Begun {
  /** Where to send the browser. */
  readonly location: string
  readonly cookie: { readonly name: string; readonly value: string; readonly maxAgeSeconds: number }
}

export interface FinishAsked {
  readonly provider: string
  /** The address that the browser came back to, with its query. */
  readonly currentUrl: URL
  readonly cookies: ReadonlyMap<string, string>
  readonly address: string | null
}

/** A page has a session; a command line is given a code, which it exchanges itself. */
export type Finished =
  | { readonly kind: 'page'; readonly session: OpenedSession; readonly returnTo: string }
  | { readonly kind: 'cli'; readonly code: string; readonly cli: CliWaiting }

/** Why not, and which command line waits to hear of it. */
export interface SignInFailure {
  readonly refusal: Refusal
  readonly cli: CliWaiting | null
}

/** A key that stands for a person at a command line. */
export interface Redeemed {
  readonly key: string
  readonly keyId: string
  readonly name: string
  readonly expiresAt: EpochMs
}

/** A command line fetches its sign-in at once. */
const CODE_LASTS: Milliseconds = 120_000

/** Sends a browser to its provider. */
export async function beginSignIn(
  parts: SignInParts,
  asked: BeginAsked,
): Promise<Result<Begun, Refusal>> {
  const provider = parts.providers().get(asked.provider)
  if (!provider) return err({ code: 'not-found', param: 'provider' })
  const transaction = parts.transactions.begin({ ...asked, returnTo: ownPlace(asked.returnTo) })
  const url = await provider.authorizationUrl(transaction)
  return url.ok
    ? ok({ location: url.value, cookie: parts.transactions.cookieOf(transaction) })
    : err(refusalOf(url.error, provider.settings))
}

/** Takes what the browser brought back: who is vouched for is let in, and every refusal is evidence. */
export async function finishSignIn(
  parts: SignInParts,
  asked: FinishAsked,
): Promise<Result<Finished, SignInFailure>> {
  const state = asked.currentUrl.searchParams.get('state') ?? ''
  const transaction = parts.transactions.find(asked.cookies, state)
  const provider = parts.providers().get(asked.provider)
  // an answer under another provider's address is a mix-up, whoever made it
  if (!transaction || !provider || transaction.provider !== asked.provider) {
    parts.turnedAway('sign-in-expired')
    return err({ refusal: { code: 'sign-in-expired' }, cli: null })
  }
  const { cli } = transaction
  const finished = await vouchedIn(parts, provider, transaction, asked)
  if (finished.ok) return finished
  const { tenant } = provider.settings
  const { refusal, person } = finished.error
  const noted = await parts.note({ tenant, outcome: 'refused', person, code: refusal.code })
  return err({ refusal: noted.ok ? refusal : noted.error, cli })
}

interface TurnedAway {
  readonly refusal: Refusal
  readonly person: string | null
}

async function vouchedIn(
  parts: SignInParts,
  provider: Provider,
  transaction: Transaction,
  { currentUrl, address }: FinishAsked,
): Promise<Result<Finished, TurnedAway>> {
  const away = (refusal: Refusal, person: string | null = null) => err({ refusal, person })
  const answered = new URL(transaction.redirectUri)
  answered.search = currentUrl.search
  const told = await provider.exchange(answered, transaction)
  if (!told.ok) return away(refusalOf(told.error, provider.settings))
  if (!parts.transactions.complete(transaction)) return away({ code: 'sign-in-expired' })
  const person = await personTold(parts, provider, told.value)
  if (!person.ok) return away(person.error)
  const finished =
    transaction.cli === null
      ? await openForPage(parts, provider, { told: told.value, person: person.value, address })
      : await offerToCli(parts, provider, told.value, person.value, transaction.cli)
  if (!finished.ok) return away(finished.error, person.value.id)
  return finished.value.kind === 'page'
    ? ok({ ...finished.value, returnTo: transaction.returnTo })
    : ok(finished.value)
}

/** The person whom a provider's words come to here, as they are from now on. */
export async function personTold(
  parts: PersonForParts,
  { settings }: Pick<Provider, 'settings'>,
  { subject, claims }: Told,
): Promise<Result<Person, Refusal>> {
  const admitted = admit(claims, settings)
  return admitted.ok
    ? personFor(parts, { settings, subject, admitted: admitted.value })
    : err({ code: 'sign-in-not-allowed', detail: { reason: admitted.error } })
}

async function openForPage(
  parts: SignInParts,
  { settings }: Provider,
  { told, person, address }: { told: Told; person: Person; address: string | null },
): Promise<Result<Finished, Refusal>> {
  const { tenant } = person
  const now = parts.clock()
  const noted = await parts.note({ tenant, outcome: 'opened', person: person.id, code: null })
  if (!noted.ok) return noted
  const id = parts.newId()
  const expiresAt = now + settings.sessionMs
  const of = { tenant, person: person.id, address, external: id, expiresAt }
  const session = await parts.sessions.openForPerson(of)
  if (!session.ok) return session
  await parts.vouched.removeExpired(now)
  await parts.vouched.insert({
    id,
    tenant,
    person: person.id,
    provider: settings.id,
    subject: told.subject,
    sid: told.sid,
    digest: keyedDigest(parts.key, session.value.cookieValue),
    keyId: null,
    sealed: sealTokens(parts.key, parts.randomBytes, told),
    refreshAt: refreshAt(told.refreshToken, settings.refreshMs, now),
    expiresAt: session.value.expiresAt,
  })
  return ok({ kind: 'page', session: session.value, returnTo: '/' })
}

/** When the provider is asked again; never without a token for it. */
export const refreshAt = (
  refreshToken: string | null,
  refreshMs: Milliseconds | null,
  now: EpochMs,
): EpochMs | null => (refreshToken === null || refreshMs === null ? null : now + refreshMs)

async function offerToCli(
  parts: SignInParts,
  { settings }: Provider,
  told: Told,
  person: Person,
  cli: CliWaiting,
): Promise<Result<Finished, Refusal>> {
  const now = parts.clock()
  const code = Buffer.from(parts.randomBytes(32)).toString('base64url')
  await parts.codes.removeExpired(now)
  await parts.codes.insert({
    digest: codeDigest(parts.key, code),
    tenant: person.tenant,
    person: person.id,
    provider: settings.id,
    subject: told.subject,
    sid: told.sid,
    challenge: cli.challenge,
    sealed: sealTokens(parts.key, parts.randomBytes, told),
    expiresAt: now + CODE_LASTS,
  })
  return ok({ kind: 'cli', code, cli })
}

const codeDigest = (key: KeyObject, code: string): Buffer => keyedDigest(key, `code ${code}`)

/** Gives a command line the key that its code stands for, once, if it is the one that asked. */
export async function redeemCode(
  parts: SignInParts,
  { code, verifier, name }: { code: string; verifier: string; name: string },
): Promise<Result<Redeemed, Refusal>> {
  const now = parts.clock()
  const offered = await parts.codes.take(codeDigest(parts.key, code))
  const challenge = createHash('sha256').update(verifier).digest('base64url')
  const settings = offered && parts.providers().get(offered.provider)?.settings
  if (!offered) {
    parts.turnedAway('sign-in-expired')
    return err({ code: 'sign-in-expired' })
  }
  const { tenant, person: id, ...rest } = offered
  const refused = async (refusal: Refusal): Promise<Result<never, Refusal>> => {
    const noted = await parts.note({ tenant, outcome: 'refused', person: id, code: refusal.code })
    return err(noted.ok ? refusal : noted.error)
  }
  if (!settings || offered.expiresAt <= now || offered.challenge !== challenge) {
    return refused({ code: 'sign-in-expired' })
  }
  const state = await parts.people.withState(tenant, id)
  if (!state) return refused({ code: 'sign-in-expired' })
  if (state.disabled !== null) {
    return refused({ code: 'access-disabled', detail: { what: state.disabled } })
  }
  const { person } = state
  const noted = await parts.note({ tenant, outcome: 'opened', person: id, code: null })
  if (!noted.ok) return noted
  const expiresAt = now + settings.sessionMs
  const made = await parts.keys.create(ownActor(person), {
    name,
    scopes: person.roles,
    person: id,
    expiresAt,
    purpose: 'sign-in of a command line',
  })
  if (!made.ok) return made
  const { view, key } = made.value
  const tokensKept = { provider: rest.provider, subject: rest.subject, sid: rest.sid }
  const tokens = unsealTokens(parts.key, rest.sealed)
  await parts.vouched.insert({
    ...tokensKept,
    id: parts.newId(),
    tenant,
    person: id,
    digest: null,
    keyId: view.id,
    sealed: rest.sealed,
    refreshAt: refreshAt(tokens?.refreshToken ?? null, settings.refreshMs, now),
    expiresAt,
  })
  return ok({ key, keyId: view.id, name: person.name, expiresAt })
}

/** Somebody who makes a key for themselves by signing in, whatever else they may do. */
export function ownActor(person: Person): Parameters<Keys['create']>[0] {
  const caller = callerOfPerson(person)
  return { ...caller, permissions: [...new Set([...caller.permissions, 'keys.own' as const])] }
}
