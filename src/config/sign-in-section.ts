import { resolve } from 'node:path'
import type { TokenIssuerSettings } from '#identity/jwt/settings.ts'
import type { ProviderSettings } from '#identity/oidc/settings.ts'
import { rowsOf } from './config-file.ts'
import { isLoopback } from './listen-address.ts'
import type { Reading } from './reading.ts'
import { FileSchema } from './schema.ts'
import { secretAt } from './secret-at.ts'
import type { Secret } from './secret.ts'
import { ProviderRow, TokenIssuerRow } from './sign-in-schema.ts'

/** How people sign in. */
export interface SignInSettings {
  /** Scheme, host and port that people open; null: what their browser says, which must be one of `hosts`. */
  readonly url: string | null
  readonly providers: readonly ProviderSettings[]
}

const TENANT = 'default'
const MINUTE_MS = 60_000
const HOUR_MS = 3_600_000

/** The section about sign-in, with its secrets resolved. */
export function readSignIn(reading: Reading): SignInSettings {
  const section = FileSchema.shape.sign_in.safeParse(reading.file.value['sign_in'])
  const providers: ProviderSettings[] = []
  for (const [i, raw] of rowsOf(reading.file, ['sign_in', 'providers']).entries()) {
    // looked at even where the rest of its row is wrong: a secret written out must be refused at once
    const clientSecret = secretOf(reading, raw, i)
    const row = ProviderRow.safeParse(raw)
    if (!row.success) continue
    checkId(reading, row.data.id, providers, ['sign_in', 'providers', i, 'id'])
    providers.push(providerOf(row.data, clientSecret))
  }
  const url = section.success ? section.data.url : undefined
  return { url: url === undefined ? null : new URL(url).origin, providers }
}

/** Whose tokens callers may present. */
export function readTokenIssuers(reading: Reading): readonly TokenIssuerSettings[] {
  const issuers: TokenIssuerSettings[] = []
  for (const [i, raw] of rowsOf(reading.file, ['jwt']).entries()) {
    const row = TokenIssuerRow.safeParse(raw)
    if (!row.success) continue
    checkId(reading, row.data.id, issuers, ['jwt', i, 'id'])
    const { jwks_file: file } = row.data
    const jwks = file === undefined ? null : readKeys(reading, file, ['jwt', i, 'jwks_file'])
    issuers.push(issuerOf(row.data, jwks))
  }
  return issuers
}

function checkId(
  { complain }: Reading,
  id: string,
  before: readonly { readonly id: string }[],
  path: readonly (string | number)[],
): void {
  if (before.some((one) => one.id === id)) complain({ code: 'duplicate-id', path, detail: { id } })
}

function secretOf(reading: Reading, row: unknown, i: number): Secret | null {
  if (typeof row !== 'object' || row === null || !('client_secret' in row)) return null
  if (typeof row.client_secret !== 'string') return null
  return secretAt(reading, row.client_secret, ['sign_in', 'providers', i, 'client_secret'])
}

/** An issuer on this machine is where its addresses are. */
const reachOf = (network: 'public' | 'private' | undefined, issuer: string) =>
  network ?? (isLoopback(new URL(issuer).hostname) ? 'private' : 'public')

const providerOf = (row: ProviderRow, clientSecret: Secret | null): ProviderSettings => ({
  id: row.id,
  name: row.name ?? row.id,
  issuer: row.issuer,
  clientId: row.client_id,
  clientSecret,
  scopes: [...new Set(['openid', ...row.scopes])],
  reach: reachOf(row.network, row.issuer),
  groupsClaim: row.groups_claim,
  roles: new Map(Object.entries(row.roles)),
  teams: new Map(Object.entries(row.teams)),
  defaultRoles: row.default_roles,
  emailDomains: row.email_domains.map((domain) => domain.toLowerCase()),
  trustEmail: row.trust_email,
  require: new Map(Object.entries(row.require)),
  people: row.people,
  tenant: TENANT,
  sessionMs: Math.round(row.session_hours * HOUR_MS),
  refreshMs: Math.round(row.refresh_minutes * MINUTE_MS),
  skewSeconds: row.clock_skew_seconds,
})

const issuerOf = (row: TokenIssuerRow, jwks: unknown): TokenIssuerSettings => ({
  id: row.id,
  issuer: row.issuer,
  audience: row.audience,
  jwksUrl: row.jwks_url ?? null,
  jwks,
  reach: reachOf(row.network, row.jwks_url ?? row.issuer),
  algorithms: row.algorithms,
  type: row.type ?? null,
  maxAgeSeconds: row.max_age_seconds,
  skewSeconds: row.clock_skew_seconds,
  require: new Map(Object.entries(row.require)),
  application: row.application ?? null,
  claims: {
    application: row.claims.application ?? null,
    person: row.claims.person ?? null,
    team: row.claims.team ?? null,
    roles: row.claims.roles ?? null,
  },
  roles: new Map(Object.entries(row.roles)),
  defaultRoles: row.default_roles,
  tenant: TENANT,
})

/** A key set beside the configuration, for an issuer that cannot be reached from here. */
function readKeys(
  { readFile, location, complain }: Reading,
  file: string,
  path: readonly (string | number)[],
): unknown {
  const read = readFile(resolve(location.folder, file))
  try {
    if (read.ok) return JSON.parse(new TextDecoder().decode(read.value.bytes))
  } catch {
    // told below, as a file that cannot be read
  }
  complain({ code: 'key-set-unreadable', path })
  return { keys: [] }
}
