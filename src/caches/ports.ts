import type { Label } from '#kernel/label.ts'
import type { KeepingPlace } from '#policy/gate.ts'
import type { EpochMs } from '#kernel/units.ts'

/** What a passage into the cache is issued for, and what one out of it is. */
export const CACHE: KeepingPlace = { destination: 'answer-cache', origin: 'cache:local' }
export const CALLER: KeepingPlace = { destination: 'caller', origin: 'reply:local' }

/** A sealed answer as a database keeps it. */
export interface CacheRow {
  readonly tenant: string
  /** Of `cacheKey`. */
  readonly key: string
  /** Of all questions of one kind; null: found by its key alone. */
  readonly bucket: string | null
  /** `key:ID` of whoever asked. */
  readonly owner: string
  /** `subject:DIGEST` of the person behind it. */
  readonly subject: string | null
  readonly at: EpochMs
  readonly expiresAt: EpochMs
  readonly sealed: Uint8Array
}

/** Whose answers are removed; all of a tenant, or of everybody, when nothing narrows it. */
export interface CacheScope {
  readonly tenant: string
  readonly owner?: string
  readonly subject?: string
}

/** Where sealed answers are shared by processes. */
export interface CacheStore {
  put(row: CacheRow): Promise<void>
  get(tenant: string, key: string): Promise<CacheRow | null>
  /** The newest of one kind. */
  alike(tenant: string, bucket: string, limit: number): Promise<readonly CacheRow[]>
  /** Returns how many were removed. */
  remove(scope: CacheScope): Promise<number>
  removeExpired(now: EpochMs): Promise<number>
  stats(tenant: string): Promise<{ readonly answers: number; readonly bytes: number }>
}

/** What a text means, as a vector of length 1; null: it could not be told. Made in our own zones, by a passage. */
export type Embed = (
  text: string,
  of: { readonly tenant: string; readonly label: Label },
  signal: AbortSignal,
) => Promise<Float32Array | null>

/** The label of an answer's own text. */
export type LabelOfTexts = (texts: readonly string[], tenant: string) => Label | Promise<Label>
