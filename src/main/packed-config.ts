import { Secret } from '#config/secret.ts'
import type { Config, TlsSettings } from '#config/types.ts'

/**
 * A configuration on its way to a worker of this program: plain data, its keys in clear, so it goes through the pipe
 * between two processes of one user and is never written anywhere.
 */
export interface PackedConfig extends Omit<
  Config,
  'tls' | 'credentials' | 'bootstrapKey' | 'masterKey' | 'telemetry' | 'signIn'
> {
  readonly tls: (Omit<TlsSettings, 'key'> & { readonly key: string }) | null
  readonly credentials: ReadonlyMap<string, string>
  readonly masterKey: string | null
}

/** What a worker needs of a configuration. */
export const packConfig = (config: Config): PackedConfig => {
  const { bootstrapKey: _, telemetry: __, signIn: ___, ...rest } = config
  return {
    ...rest,
    tls: config.tls && { ...config.tls, key: config.tls.key.reveal() },
    credentials: new Map([...config.credentials].map(([id, key]) => [id, key.reveal()])),
    masterKey: config.masterKey?.reveal() ?? null,
  }
}

/** The configuration that was packed; telemetry, sign-in and the bootstrap key stay with the process that packed it. */
export const unpackConfig = (packed: PackedConfig): Config => ({
  ...packed,
  tls: packed.tls && { ...packed.tls, key: new Secret(packed.tls.key) },
  credentials: new Map([...packed.credentials].map(([id, key]) => [id, new Secret(key)])),
  bootstrapKey: null,
  masterKey: packed.masterKey === null ? null : new Secret(packed.masterKey),
  telemetry: { metricsKey: null, otlp: null },
  signIn: { url: null, providers: [] },
})
