import {
  AuthorizationResponseError,
  ClientError,
  ResponseBodyError,
  WWWAuthenticateChallengeError,
} from 'openid-client'

/** Why a provider could not vouch for somebody. */
export type ProviderProblem =
  /** It, or the person in front of it, said no. */
  | 'denied'
  /** What came back does not hold: state, nonce, issuer, signature, or a code used before. */
  | 'invalid'
  /** It does not answer, or answers with an error of its own. */
  | 'unreachable'
  /** It does not know us: client id, secret or redirect URI. */
  | 'misconfigured'

/** Errors of the token endpoint that the person cannot cure (RFC 6749, section 5.2). */
const OURS: ReadonlySet<string> = new Set([
  'invalid_client',
  'unauthorized_client',
  'unsupported_grant_type',
  'invalid_scope',
])
/** Errors that mean: later (RFC 6749, section 4.1.2.1). */
const LATER: ReadonlySet<string> = new Set(['server_error', 'temporarily_unavailable'])
const AWAY: ReadonlySet<string> = new Set([
  'OAUTH_TIMEOUT',
  'OAUTH_ABORT',
  'OAUTH_RESPONSE_IS_NOT_CONFORM',
  'OAUTH_RESPONSE_IS_NOT_JSON',
  'OAUTH_PARSE_ERROR',
])

/** What an error of the protocol means; its text is not kept, because it can quote what was sent. */
export function providerProblem(error: unknown): ProviderProblem {
  if (error instanceof AuthorizationResponseError) {
    if (LATER.has(error.error)) return 'unreachable'
    return OURS.has(error.error) || error.error === 'invalid_request' ? 'misconfigured' : 'denied'
  }
  if (error instanceof ResponseBodyError) {
    if (OURS.has(error.error)) return 'misconfigured'
    return error.status >= 500 || LATER.has(error.error) ? 'unreachable' : 'invalid'
  }
  if (error instanceof WWWAuthenticateChallengeError) return 'misconfigured'
  // everything that the protocol found wrong has a code; what has none broke underneath it
  if (error instanceof ClientError) {
    return error.code === undefined || AWAY.has(error.code) ? 'unreachable' : 'invalid'
  }
  return 'unreachable'
}
