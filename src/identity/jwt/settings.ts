import type { Grant } from '#kernel/permission.ts'
import type { TokenAlgorithm } from '#kernel/token-algorithms.ts'

/** Somebody whose tokens callers may present instead of a key. */
export interface TokenIssuerSettings {
  /** In the evidence. */
  readonly id: string
  readonly issuer: string
  readonly audience: string
  /** Where its keys are; null: by discovery. */
  readonly jwksUrl: string | null
  /** Its keys themselves, as the configured file had them; null: they are fetched. */
  readonly jwks: unknown
  readonly reach: 'public' | 'private'
  readonly algorithms: readonly TokenAlgorithm[]
  readonly type: string | null
  readonly maxAgeSeconds: number
  readonly skewSeconds: number
  /** Claims that must have one of these values. */
  readonly require: ReadonlyMap<string, readonly string[]>
  /** The application that all its tokens stand for. */
  readonly application: string | null
  /** Names or dotted paths of claims. */
  readonly claims: {
    readonly application: string | null
    readonly person: string | null
    readonly team: string | null
    readonly roles: string | null
  }
  readonly roles: ReadonlyMap<string, Grant>
  readonly defaultRoles: readonly Grant[]
  readonly tenant: string
}
