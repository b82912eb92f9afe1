/** The tables of identity as the query builder sees them; times are milliseconds, lists are words with spaces between. */
export interface IdentityTables {
  readonly organisation: OrganisationTable
  readonly team: TeamTable
  readonly person: PersonTable
  readonly application: ApplicationTable
  readonly api_key: ApiKeyTable
  readonly session: SessionTable
  readonly sealed_secret: SealedSecretTable
}

export interface OrganisationTable {
  id: string
  name: string
  created_at: number
  created_by: string
  disabled_at: number | null
}

export interface TeamTable extends OrganisationTable {
  tenant: string
}

export interface PersonTable extends TeamTable {
  email: string | null
  issuer: string | null
  subject: string | null
  roles: string
  team: string | null
  last_seen_at: number | null
}

export interface ApplicationTable extends TeamTable {
  team: string | null
  purpose: string | null
  roles: string
}

export interface ApiKeyTable {
  id: string
  tenant: string
  name: string
  scopes: string
  digest: Uint8Array
  created_at: number
  created_by: string
  expires_at: number | null
  revoked_at: number | null
  last_used_at: number | null
  person: string | null
  application: string | null
  team: string | null
  purpose: string | null
  /** JSON; NULL where nothing is narrowed. */
  restrictions: string | null
  replaced_by: string | null
  replaces: string | null
}

export interface SessionTable {
  digest: Uint8Array
  id: string
  tenant: string
  key_id: string | null
  person: string | null
  created_at: number
  last_seen_at: number
  expires_at: number
  address: string | null
  external: string | null
}

export interface SealedSecretTable {
  kind: string
  tenant: string
  id: string
  generation: number
  sealed: Uint8Array
  at: number
  by: string
}
