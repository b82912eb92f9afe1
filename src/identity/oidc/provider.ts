import * as client from 'openid-client'
import type { Clock } from '#kernel/ports.ts'
import { err, ok, type Result } from '#kernel/result.ts'
import type { EpochMs, Milliseconds } from '#kernel/units.ts'
import { claimAt, type Claims } from '../claims.ts'
import { createIssuerKeys, type IssuerKeys } from '../jwt/issuer-keys.ts'
import { TOKEN_ALGORITHMS } from '#kernel/token-algorithms.ts'
import { verifyToken } from '../jwt/verify-token.ts'
import { providerProblem, type ProviderProblem } from './provider-problem.ts'
import type { ProviderSettings } from './settings.ts'

/** The one way to the provider: addresses checked, no redirect followed, answers bounded. */
export type ProviderFetch = (
  url: string,
  asked: {
    readonly method?: string
    readonly headers?: Readonly<Record<string, string>>
    readonly body?: unknown
    readonly signal?: AbortSignal | undefined
  },
) => Promise<Response>

/** What the provider says of a person, verified. */
export interface Told {
  readonly subject: string
  readonly claims: Claims
  /** Its own session, which a logout there names. */
  readonly sid: string | null
  /** Shows it, at logout, whose session is to end. */
  readonly idToken: string
  readonly refreshToken: string | null
}

export interface AuthorizationRequest {
  readonly redirectUri: string
  readonly state: string
  readonly nonce: string
  readonly verifier: string
}

/** A provider as its discovery document describes it; everything it says is verified before it is believed. */
export interface Provider {
  readonly settings: ProviderSettings
  /** Where to send the browser. */
  authorizationUrl(request: AuthorizationRequest): Promise<Result<string, ProviderProblem>>
  /** Exchanges the answer that the browser brought back. */
  exchange(currentUrl: URL, request: AuthorizationRequest): Promise<Result<Told, ProviderProblem>>
  /** Asks again about somebody who is signed in. */
  refresh(refreshToken: string, before: Told): Promise<Result<Told, ProviderProblem>>
  /** Where the browser ends the session there too; null where the provider has no such place. */
  logoutUrl(idToken: string | null, returnTo: string): Promise<string | null>
  /** Reads a logout token (OpenID Connect Back-Channel Logout 1.0). */
  readLogoutToken(token: string): Promise<Result<LogoutOrder, ProviderProblem>>
}

/** Whose sessions are to end: one of theirs, or all of a person. */
export interface LogoutOrder {
  readonly id: string
  readonly subject: string | null
  readonly sid: string | null
}

export interface ProviderParts {
  readonly settings: ProviderSettings
  readonly fetch: ProviderFetch
  readonly clock: Clock
}

/** The discovery document is read again after this. */
const DISCOVERED_FOR: Milliseconds = 3_600_000
const TIMEOUT_SECONDS = 10
const LOGOUT_EVENT = 'http://schemas.openid.net/event/backchannel-logout'
/** A logout token is sent at once, and used once. */
const LOGOUT_MAX_AGE_SECONDS = 300

/** Opens a provider; its discovery document is read when it is first needed. */
export function createProvider({ settings, fetch, clock }: ProviderParts): Provider {
  const configured = discovering({ settings, fetch, clock })
  const keys = createIssuerKeys({
    clock,
    load: async () => {
      const found = await configured()
      const uri = found.ok ? found.value.serverMetadata().jwks_uri : undefined
      return uri === undefined ? null : jsonAt(fetch, uri)
    },
  })
  const attempt = async <T>(
    work: (configuration: client.Configuration) => Promise<Result<T, ProviderProblem>>,
  ): Promise<Result<T, ProviderProblem>> => {
    const found = await configured()
    if (!found.ok) return found
    try {
      return await work(found.value)
    } catch (error) {
      return err(providerProblem(error))
    }
  }
  const told = tellerOf(settings, keys, clock)
  return {
    settings,
    authorizationUrl: (request) =>
      attempt(async (configuration) => {
        const url = client.buildAuthorizationUrl(configuration, {
          redirect_uri: request.redirectUri,
          scope: settings.scopes.join(' '),
          state: request.state,
          nonce: request.nonce,
          code_challenge: await client.calculatePKCECodeChallenge(request.verifier),
          code_challenge_method: 'S256',
        })
        return ok(url.href)
      }),
    exchange: (currentUrl, request) =>
      attempt(async (configuration) => {
        const tokens = await client.authorizationCodeGrant(configuration, currentUrl, {
          expectedState: request.state,
          expectedNonce: request.nonce,
          pkceCodeVerifier: request.verifier,
          idTokenExpected: true,
        })
        return told(configuration, tokens, null)
      }),
    refresh: (refreshToken, before) =>
      attempt(async (configuration) => {
        const tokens = await client.refreshTokenGrant(configuration, refreshToken)
        return told(configuration, tokens, { ...before, refreshToken })
      }),
    async logoutUrl(idToken, returnTo) {
      const found = await configured()
      if (!found.ok || found.value.serverMetadata().end_session_endpoint === undefined) return null
      return client.buildEndSessionUrl(found.value, {
        post_logout_redirect_uri: returnTo,
        ...(idToken === null ? {} : { id_token_hint: idToken }),
      }).href
    },
    readLogoutToken: (token) => readLogoutToken(settings, keys, clock, token),
  }
}

/** The configuration by discovery: read once an hour, by one reader at a time; the last good one serves while the provider is away. */
function discovering({
  settings,
  fetch,
  clock,
}: ProviderParts): () => Promise<Result<client.Configuration, ProviderProblem>> {
  let known: { readonly configuration: client.Configuration; readonly at: EpochMs } | null = null
  let reading: Promise<Result<client.Configuration, ProviderProblem>> | null = null
  const read = async (): Promise<Result<client.Configuration, ProviderProblem>> => {
    try {
      const configuration = await discover(settings, fetch)
      known = { configuration, at: clock() }
      return ok(configuration)
    } catch (error) {
      return known ? ok(known.configuration) : err(providerProblem(error))
    } finally {
      reading = null
    }
  }
  return () => {
    if (known && clock() - known.at < DISCOVERED_FOR) {
      return Promise.resolve(ok(known.configuration))
    }
    return (reading ??= read())
  }
}

async function discover(
  { issuer, clientId, clientSecret, skewSeconds }: ProviderSettings,
  fetch: ProviderFetch,
): Promise<client.Configuration> {
  const found = await client.discovery(
    new URL(issuer),
    clientId,
    { [client.clockTolerance]: skewSeconds },
    client.None(),
    {
      [client.customFetch]: fetch,
      timeout: TIMEOUT_SECONDS,
      // that plain HTTP reaches this machine alone is seen to by the fetch
      execute: issuer.startsWith('http:') ? [client.allowInsecureRequests] : [],
    },
  )
  const metadata = found.serverMetadata()
  const endpoint = new URL(metadata.authorization_endpoint ?? '')
  if (endpoint.protocol !== 'https:' && !issuer.startsWith('http:')) {
    throw new TypeError('the authorization endpoint is not HTTPS')
  }
  const configuration = new client.Configuration(
    metadata,
    clientId,
    { [client.clockTolerance]: skewSeconds },
    clientAuthentication(metadata, clientSecret?.reveal()),
  )
  configuration[client.customFetch] = fetch
  configuration.timeout = TIMEOUT_SECONDS
  if (issuer.startsWith('http:')) client.allowInsecureRequests(configuration)
  return configuration
}

/** As the provider takes it; by HTTP Basic where it does not say (OpenID Connect Discovery 1.0, section 3). */
function clientAuthentication(
  metadata: client.ServerMetadata,
  secret: string | undefined,
): client.ClientAuth {
  if (secret === undefined) return client.None()
  const methods = metadata.token_endpoint_auth_methods_supported ?? []
  return methods.includes('client_secret_post')
    ? client.ClientSecretPost(secret)
    : client.ClientSecretBasic(secret)
}

type Tokens = Awaited<ReturnType<typeof client.authorizationCodeGrant>>

/** Reads tokens into what was told: the signature is checked besides what the protocol checks, and groups may come from user info. */
const tellerOf =
  (settings: ProviderSettings, keys: IssuerKeys, clock: Clock) =>
  async (
    configuration: client.Configuration,
    tokens: Tokens,
    before: Told | null,
  ): Promise<Result<Told, ProviderProblem>> => {
    const idToken = tokens.id_token
    if (idToken === undefined && before === null) return err('invalid')
    const verified =
      idToken === undefined
        ? ok(before?.claims ?? {})
        : await verifyToken(idToken, {
            issuer: settings.issuer,
            audiences: [settings.clientId],
            algorithms: TOKEN_ALGORITHMS,
            keys,
            now: clock(),
            skewSeconds: settings.skewSeconds,
            maxAgeSeconds: null,
          })
    if (!verified.ok) return err(verified.error === 'keys-unavailable' ? 'unreachable' : 'invalid')
    const claims: Claims = verified.value
    const subject = claims['sub']
    if (typeof subject !== 'string' || subject === '') return err('invalid')
    // a refreshed session stays the session of the same person
    if (before && before.subject !== subject) return err('invalid')
    const isTold = idToken !== undefined && saysEnough(claims, settings)
    const more =
      isTold || configuration.serverMetadata().userinfo_endpoint === undefined
        ? {}
        : await client.fetchUserInfo(configuration, tokens.access_token, subject)
    const sid = claims['sid'] ?? before?.sid
    return ok({
      subject,
      // what is signed counts before what is only told
      claims: { ...more, ...claims, ...(idToken === undefined ? more : {}) },
      sid: typeof sid === 'string' && sid !== '' ? sid : null,
      idToken: idToken ?? before?.idToken ?? '',
      refreshToken: tokens.refresh_token ?? before?.refreshToken ?? null,
    })
  }

/** Providers may leave all but the subject to user info. */
function saysEnough(claims: Claims, { groupsClaim, roles, teams }: ProviderSettings): boolean {
  const wantsGroups = roles.size > 0 || teams.size > 0
  const hasGroups = claimAt(claims, groupsClaim) !== undefined
  return claims['email'] !== undefined && (hasGroups || !wantsGroups)
}

async function readLogoutToken(
  settings: ProviderSettings,
  keys: IssuerKeys,
  clock: Clock,
  token: string,
): Promise<Result<LogoutOrder, ProviderProblem>> {
  const verified = await verifyToken(token, {
    issuer: settings.issuer,
    audiences: [settings.clientId],
    algorithms: TOKEN_ALGORITHMS,
    keys,
    now: clock(),
    skewSeconds: settings.skewSeconds,
    maxAgeSeconds: LOGOUT_MAX_AGE_SECONDS,
    mustExpire: false,
  })
  if (!verified.ok) return err(verified.error === 'keys-unavailable' ? 'unreachable' : 'invalid')
  const { sub, sid, events, jti, nonce } = verified.value
  const isOrder = typeof events === 'object' && events !== null && LOGOUT_EVENT in events
  // an ID token has a nonce and is no order to leave
  if (!isOrder || nonce !== undefined || typeof jti !== 'string') return err('invalid')
  const order = {
    id: jti,
    subject: typeof sub === 'string' ? sub : null,
    sid: typeof sid === 'string' ? sid : null,
  }
  return order.subject === null && order.sid === null ? err('invalid') : ok(order)
}

async function jsonAt(fetch: ProviderFetch, url: string): Promise<unknown> {
  try {
    const answer = await fetch(url, { headers: { accept: 'application/json' } })
    return answer.status === 200 ? await answer.json() : null
  } catch {
    return null
  }
}
