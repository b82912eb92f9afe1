import {
  createLocalJWKSet,
  type CryptoKey,
  type FlattenedJWSInput,
  type JSONWebKeySet,
  type JWSHeaderParameters,
  type LocalJWKSet,
} from 'jose'
import { z } from 'zod'
import type { Clock } from '#kernel/ports.ts'
import { err, ok, type Result } from '#kernel/result.ts'
import type { EpochMs, Milliseconds } from '#kernel/units.ts'

/** Asks for the key set; null when it cannot be had. Never rejects. */
export type LoadKeys = () => Promise<unknown>

export interface IssuerKeysOptions {
  readonly load: LoadKeys
  readonly clock: Clock
  /** After this they are asked for again; ten minutes when absent. */
  readonly freshFor?: Milliseconds
  /** An issuer that cannot be reached is believed this long by its last keys; a day when absent. */
  readonly keptFor?: Milliseconds
  /** Between two readings, whoever asks: an unknown key id costs the issuer nothing more. Thirty seconds when absent. */
  readonly cooldown?: Milliseconds
}

export type KeyProblem = 'keys-unavailable' | 'unknown-key'

/** The public keys of one issuer, which follow its rollovers. */
export interface IssuerKeys {
  /** The one key that this header asks for. */
  keyFor(
    header: JWSHeaderParameters,
    token: FlattenedJWSInput,
  ): Promise<Result<CryptoKey, KeyProblem>>
}

const TEN_MINUTES = 10 * 60_000
const A_DAY = 24 * 3_600_000
/** A set of any issuer is far below. */
const MOST_KEYS = 100

const KeySet = z.object({ keys: z.array(z.looseObject({ kty: z.string() })).max(MOST_KEYS) })

/** Families of keys whose public half verifies; a shared secret in a key set would verify what its readers forged. */
const ASYMMETRIC: ReadonlySet<string> = new Set(['RSA', 'EC', 'OKP'])

interface Loaded {
  readonly resolve: LocalJWKSet
  readonly at: EpochMs
}

/** Remembers the keys of an issuer; an unknown key id and old age make it look again, never more often than the cooldown. */
export function createIssuerKeys(options: IssuerKeysOptions): IssuerKeys {
  const { load, clock, freshFor = TEN_MINUTES, keptFor = A_DAY, cooldown = 30_000 } = options
  let loaded: Loaded | null = null
  let triedAt = -Infinity
  let loading: Promise<void> | null = null

  const reload = (): Promise<void> => {
    if (clock() - triedAt < cooldown) return loading ?? Promise.resolve()
    triedAt = clock()
    loading = load()
      .then((found) => {
        const keys = keySetOf(found)
        if (keys) loaded = { resolve: createLocalJWKSet(keys), at: clock() }
      })
      .finally(() => {
        loading = null
      })
    return loading
  }
  const kept = (): Loaded | null =>
    loaded !== null && clock() - loaded.at < keptFor ? loaded : null

  return {
    async keyFor(header, token) {
      if (loaded === null || clock() - loaded.at >= freshFor) await reload()
      const first = kept()
      if (!first) return err('keys-unavailable')
      const key = await pick(first.resolve, header, token)
      if (key) return ok(key)
      // perhaps the issuer has rolled over since
      await reload()
      const second = kept()
      const again = second && second !== first ? await pick(second.resolve, header, token) : null
      return again ? ok(again) : err('unknown-key')
    },
  }
}

/** Only what verifies is kept of a set: keys of other families, and those meant for encryption, are left out. */
function keySetOf(found: unknown): JSONWebKeySet | null {
  const read = KeySet.safeParse(found)
  if (!read.success) return null
  const keys = read.data.keys.filter(({ kty, use }) => ASYMMETRIC.has(kty) && use !== 'enc')
  return { keys }
}

/** Null where no key fits, or where the header leaves open which. */
async function pick(
  resolve: LocalJWKSet,
  header: JWSHeaderParameters,
  token: FlattenedJWSInput,
): Promise<CryptoKey | null> {
  try {
    return await resolve(header, token)
  } catch {
    return null
  }
}
