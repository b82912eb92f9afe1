import type { Refusal } from '#kernel/refusal.ts'
import { err, ok, type Result } from '#kernel/result.ts'
import type { Milliseconds } from '#kernel/units.ts'
import { keyedDigest } from '../derive-key.ts'
import type { VouchedSession } from './ports.ts'
import { refusalOf } from './problem-refusals.ts'
import { ownActor, personTold, refreshAt, type SignInParts } from './sign-in.ts'
import { sealTokens, unsealTokens } from './vouched-tokens.ts'

/** Between two attempts at a provider that is away. */
const AGAIN_AFTER: Milliseconds = 60_000
/** Sessions of one round; the rest is due in the next. */
const ROUND = 200

/** Ends a session or a key of the command line here, and tells where the browser ends it at the provider; null where it does not. */
export async function leave(
  parts: SignInParts,
  what: { readonly cookieValue: string } | { readonly keyId: string },
  returnTo: string,
): Promise<string | null> {
  const session =
    'keyId' in what
      ? await parts.vouched.byKey(what.keyId)
      : await parts.vouched.byDigest(keyedDigest(parts.key, what.cookieValue))
  if (!session) return null
  await end(parts, session, null)
  const tokens = unsealTokens(parts.key, session.sealed)
  const provider = parts.providers().get(session.provider)
  return provider ? provider.logoutUrl(tokens?.idToken ?? null, returnTo) : null
}

/** Ends what a logout token names (OpenID Connect Back-Channel Logout 1.0). */
export async function leaveByToken(
  parts: SignInParts,
  providerId: string,
  token: string,
): Promise<Result<number, Refusal>> {
  const provider = parts.providers().get(providerId)
  if (!provider) return err({ code: 'not-found', param: 'provider' })
  const order = await provider.readLogoutToken(token)
  if (!order.ok) {
    const refusal = refusalOf(order.error, provider.settings)
    parts.turnedAway(refusal.code)
    return err(refusal)
  }
  const { sid, subject } = order.value
  const whose = sid === null ? { subject: subject ?? '' } : { sid }
  const sessions = await parts.vouched.of({ provider: providerId, ...whose })
  for (const session of sessions) await end(parts, session, null)
  return ok(sessions.length)
}

/** Asks providers again about those who are due: groups that changed count, and who is gone there is gone here. */
export async function refreshDue(parts: SignInParts): Promise<void> {
  const now = parts.clock()
  for (const session of await parts.vouched.due(now, ROUND)) {
    const { id, refreshAt: due } = session
    // of several gateways on one database, one asks: a refresh token is good once
    if (due !== null && (await parts.vouched.claim(id, due, now + AGAIN_AFTER))) {
      await refreshOne(parts, session)
    }
  }
}

async function refreshOne(parts: SignInParts, session: VouchedSession): Promise<void> {
  const provider = parts.providers().get(session.provider)
  const tokens = unsealTokens(parts.key, session.sealed)
  // nobody vouches for it any more
  if (!provider || !tokens) return end(parts, session, 'sign-in-denied')
  const { idToken, refreshToken } = tokens
  if (refreshToken === null) return
  const before = { subject: session.subject, sid: session.sid, idToken, refreshToken, claims: {} }
  const told = await provider.refresh(refreshToken, before)
  if (!told.ok) {
    // while it is away, who is signed in stays so
    const isAway = told.error === 'unreachable' || told.error === 'misconfigured'
    return isAway ? undefined : end(parts, session, 'sign-in-denied')
  }
  // first of all: the token that was used is good no more
  const next = refreshAt(told.value.refreshToken, provider.settings.refreshMs, parts.clock())
  const sealed = sealTokens(parts.key, parts.randomBytes, told.value)
  await parts.vouched.renew(session.id, sealed, next ?? session.expiresAt)
  const person = await personTold(parts, provider, told.value)
  if (!person.ok && person.error.code !== 'ledger-unavailable') {
    await end(parts, session, person.error.code)
  }
}

/** Ends one of them, whatever it is: evidence first. */
async function end(
  parts: SignInParts,
  session: VouchedSession,
  code: Refusal['code'] | null,
): Promise<void> {
  const { tenant, person, keyId } = session
  await parts.note({ tenant, outcome: 'closed', person, code })
  if (keyId === null) await parts.sessions.endExternal(session.id)
  else {
    const state = await parts.people.withState(tenant, person)
    // refused where it is revoked already, which is what was wanted
    if (state) await parts.keys.revoke(ownActor(state.person), keyId)
  }
  await parts.vouched.remove(session.id)
}
