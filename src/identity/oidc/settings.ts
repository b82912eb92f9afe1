import type { Grant } from '#kernel/permission.ts'
import type { Milliseconds } from '#kernel/units.ts'

/** An identity provider that people sign in with, checked and with every default filled in. */
export interface ProviderSettings {
  /** In paths and in the evidence. */
  readonly id: string
  /** On the button. */
  readonly name: string
  /** Exactly as its discovery document has it. */
  readonly issuer: string
  readonly clientId: string
  /** Null: a public client, held by PKCE alone. */
  readonly clientSecret: { reveal(): string } | null
  readonly scopes: readonly string[]
  /** Whether its addresses may lead into private networks. */
  readonly reach: 'public' | 'private'
  /** Name or dotted path of the claim with the groups. */
  readonly groupsClaim: string
  readonly roles: ReadonlyMap<string, Grant>
  /** Team of a group, in the order of the configuration: the first that fits counts. */
  readonly teams: ReadonlyMap<string, string>
  /** Of everybody whom it lets in. */
  readonly defaultRoles: readonly Grant[]
  /** Lower case; empty: any. */
  readonly emailDomains: readonly string[]
  /** Its e-mail addresses count although it does not say that they are verified. */
  readonly trustEmail: boolean
  /** Claims that must have one of these values. */
  readonly require: ReadonlyMap<string, readonly string[]>
  /** Whether somebody who is new is let in, or must have been invited. */
  readonly people: 'create' | 'invited'
  readonly tenant: string
  /** From sign-in to the next. */
  readonly sessionMs: Milliseconds
  /** Groups are asked for again this often, where it gives a refresh token; null: never. */
  readonly refreshMs: Milliseconds | null
  readonly skewSeconds: number
}

/** Whether its groups say what people may do; otherwise an administrator does. */
export const mapsRoles = ({ roles, defaultRoles }: ProviderSettings): boolean =>
  roles.size > 0 || defaultRoles.length > 0
