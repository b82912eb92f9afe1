import { Secret } from '#config/secret.ts'
import type { Config, DatabaseSettings, DatabaseTls, TlsSettings } from '#config/types.ts'

/**
 * A configuration on its way to a worker of this program: plain data, its keys in clear, so it goes through the pipe
 * between two processes of one user and is never written anywhere.
 */
export interface PackedConfig extends Omit<
  Config,
  | 'tls'
  | 'database'
  | 'credentials'
  | 'bootstrapKey'
  | 'masterKey'
  | 'telemetry'
  | 'signIn'
  | 'evidence'
  | 'alerts'
> {
  readonly tls: (Omit<TlsSettings, 'key'> & { readonly key: string }) | null
  readonly database: PackedDatabase | null
  readonly credentials: ReadonlyMap<string, string>
  readonly masterKey: string | null
  /** Without the places outside: workers hand out nothing. */
  readonly evidence: Config['evidence']
}

interface PackedDatabase extends Omit<DatabaseSettings, 'url' | 'tls'> {
  readonly url: string
  readonly tls: (Omit<DatabaseTls, 'key'> & { readonly key: string | null }) | null
}

const packDatabase = (database: DatabaseSettings): PackedDatabase => ({
  ...database,
  url: database.url.reveal(),
  tls: database.tls && { ...database.tls, key: database.tls.key?.reveal() ?? null },
})

const unpackDatabase = (packed: PackedDatabase): DatabaseSettings => ({
  ...packed,
  url: new Secret(packed.url),
  tls: packed.tls && {
    ...packed.tls,
    key: packed.tls.key === null ? null : new Secret(packed.tls.key),
  },
})

/** What a worker needs of a configuration. */
export const packConfig = (config: Config): PackedConfig => {
  const { bootstrapKey: _, telemetry: __, signIn: ___, alerts: ____, evidence, ...rest } = config
  return {
    ...rest,
    evidence: { ...evidence, anchors: [] },
    tls: config.tls && { ...config.tls, key: config.tls.key.reveal() },
    database: config.database && packDatabase(config.database),
    credentials: new Map([...config.credentials].map(([id, key]) => [id, key.reveal()])),
    masterKey: config.masterKey?.reveal() ?? null,
  }
}

/** The configuration that was packed; telemetry, sign-in and the bootstrap key stay with the process that packed it. */
export const unpackConfig = (packed: PackedConfig): Config => ({
  ...packed,
  tls: packed.tls && { ...packed.tls, key: new Secret(packed.tls.key) },
  database: packed.database && unpackDatabase(packed.database),
  credentials: new Map([...packed.credentials].map(([id, key]) => [id, new Secret(key)])),
  bootstrapKey: null,
  masterKey: packed.masterKey === null ? null : new Secret(packed.masterKey),
  telemetry: { metricsKey: null, otlp: null },
  alerts: { webhook: null },
  signIn: { url: null, providers: [] },
})
