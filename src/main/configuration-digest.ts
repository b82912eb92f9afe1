import { digestKey, keyedDigest, type RootSecret } from '#identity/derive-key.ts'
import type { Config } from '#config/types.ts'
import { sharedSections } from './live-config.ts'

/** Tells configurations apart without showing anything of them. */
export interface ConfigurationDigest {
  /** Twelve hexadecimal digits: the same wherever the same is in force. */
  readonly current: () => string
  /** Another one is in force. */
  readonly set: (config: Config) => void
}

/** Keyed with the root secret, which all gateways of one database share: nobody else can try what a key in it might be. */
export function configurationDigest(root: RootSecret, first: Config): ConfigurationDigest {
  const key = digestKey(root, 'fingerprint')
  const of = (config: Config): string =>
    keyedDigest(key, `configuration ${sharedSections(config)}`)
      .subarray(0, 6)
      .toString('hex')
  let current = of(first)
  return {
    current: () => current,
    set(config) {
      current = of(config)
    },
  }
}
