import { errors, jwtVerify, type JWTPayload } from 'jose'
import type { Result } from '#kernel/result.ts'
import { err, ok } from '#kernel/result.ts'
import type { TokenAlgorithm } from '#kernel/token-algorithms.ts'
import type { EpochMs } from '#kernel/units.ts'
import type { IssuerKeys, KeyProblem } from './issuer-keys.ts'

/** Longer than any token that fits into a request's headers beside the others; bytes. */
export const MAX_TOKEN_BYTES = 8192

/** Why a token is not believed. */
export type TokenProblem =
  | KeyProblem
  | 'malformed'
  | 'algorithm'
  | 'signature'
  | 'issuer'
  | 'audience'
  | 'type'
  | 'expired'
  | 'early'
  | 'too-old'
  | 'claims'

export interface Expected {
  readonly issuer: string
  /** One of these must be in `aud`. */
  readonly audiences: readonly string[]
  readonly algorithms: readonly TokenAlgorithm[]
  readonly keys: IssuerKeys
  readonly now: EpochMs
  readonly skewSeconds: number
  /** Longest time since it was issued; null: its own expiry alone. */
  readonly maxAgeSeconds: number | null
  /** Media type that the header must name. */
  readonly type?: string | undefined
  /** Logout tokens may come without one; everything else must end. */
  readonly mustExpire?: boolean
}

/** The claims of a token whose signature, issuer, audience and times hold; a reason otherwise. Nothing of the token is in it. */
export async function verifyToken(
  token: string,
  expected: Expected,
): Promise<Result<JWTPayload, TokenProblem>> {
  if (token.length > MAX_TOKEN_BYTES) return err('malformed')
  let keyProblem: KeyProblem | null = null
  try {
    const { payload } = await jwtVerify(
      token,
      async (header, input) => {
        const key = await expected.keys.keyFor(header, input)
        if (key.ok) return key.value
        keyProblem = key.error
        throw new errors.JWKSNoMatchingKey()
      },
      {
        algorithms: [...expected.algorithms],
        issuer: expected.issuer,
        audience: [...expected.audiences],
        clockTolerance: expected.skewSeconds,
        currentDate: new Date(expected.now),
        requiredClaims: expected.mustExpire === false ? [] : ['exp'],
        ...(expected.maxAgeSeconds === null ? {} : { maxTokenAge: expected.maxAgeSeconds }),
        ...(expected.type === undefined ? {} : { typ: expected.type }),
      },
    )
    return ok(payload)
  } catch (error) {
    return err(keyProblem ?? problemOf(error))
  }
}

function problemOf(error: unknown): TokenProblem {
  // an age beyond the one allowed is told as expiry too, with the claim that it was counted from
  if (error instanceof errors.JWTExpired) return error.claim === 'iat' ? 'too-old' : 'expired'
  if (error instanceof errors.JWTClaimValidationFailed)
    return CLAIM_PROBLEMS[error.claim] ?? 'claims'
  if (error instanceof errors.JOSEAlgNotAllowed) return 'algorithm'
  if (error instanceof errors.JWSSignatureVerificationFailed) return 'signature'
  return 'malformed'
}

const CLAIM_PROBLEMS: Readonly<Record<string, TokenProblem>> = {
  iss: 'issuer',
  aud: 'audience',
  exp: 'expired',
  nbf: 'early',
  iat: 'early',
  typ: 'type',
}

/** What an unverified token says of its issuer, to know whose keys to ask; null when it is no token at all. */
export function claimedIssuer(token: string): string | null {
  if (token.length > MAX_TOKEN_BYTES || !SHAPE.test(token)) return null
  try {
    const payload: unknown = JSON.parse(
      Buffer.from(token.split('.')[1] ?? '', 'base64url').toString('utf8'),
    )
    if (typeof payload !== 'object' || payload === null || !('iss' in payload)) return null
    return typeof payload.iss === 'string' ? payload.iss : null
  } catch {
    return null
  }
}

/** JWS compact serialisation; `e` begins every base64url of a text that begins with `{`. */
const SHAPE = /^e[\w-]+\.[\w-]+\.[\w-]*$/

/** Whether a credential is to be read as a token rather than as a key. */
export const looksLikeToken = (presented: string): boolean =>
  presented.startsWith('ey') && presented.split('.', 4).length === 3
