import { knownVersion, type Product } from './products.ts'
import { compareVersions } from './version-order.ts'

/** How far a version is behind the newest one that is known. */
export interface Lag {
  readonly latest: string
  /** ISO day of that release; null where nobody wrote it down. */
  readonly released: string | null
  /** Releases known between the two; null: the version is not known, or older than all that are. */
  readonly behind: number | null
  /** ISO day of the look at the releases: later ones are not known. */
  readonly asOf: string
}

/** Null where no releases of a product are known. */
export function lagOf(product: Product, version: string | null): Lag | null {
  const { releases, scheme } = product
  const [latest] = releases?.versions ?? []
  if (!releases || latest === undefined) return null
  const readable = knownVersion(product, version)
  const newer =
    readable === null
      ? null
      : releases.versions.filter(
          (one) => (compareVersions(scheme, one.version, readable) ?? -1) > 0,
        )
  const isOlderThanAll = newer !== null && newer.length === releases.versions.length
  return {
    latest: latest.version,
    released: latest.date ?? null,
    behind: newer === null || isOlderThanAll ? null : newer.length,
    asOf: releases.retrieved,
  }
}
