import { compare as comparePep440, valid as isPep440 } from '@renovatebot/pep440'

/**
 * How versions of a product are written: Semantic Versioning; PEP 440 of Python; builds of llama.cpp (`b8146`), which
 * became versions (`v0.4.0`) in August 2026; numbers in order, such as `24.05` and `2026-07-01`.
 */
export const VERSION_SCHEMES = ['semver', 'pep440', 'llama-build', 'calver'] as const
export type VersionScheme = (typeof VERSION_SCHEMES)[number]

/** No version is longer. */
const LONGEST = 128

/** Below 0 when `left` is the older one, 0 when they are the same; null when one of them cannot be read, or they cannot be compared. */
export function compareVersions(scheme: VersionScheme, left: string, right: string): number | null {
  if (left.length > LONGEST || right.length > LONGEST) return null
  return ORDERS[scheme](left.trim(), right.trim())
}

/** Whether a version can be read at all. */
export const isVersion = (scheme: VersionScheme, version: string): boolean =>
  compareVersions(scheme, version, version) === 0

type Order = (left: string, right: string) => number | null

const ORDERS: Readonly<Record<VersionScheme, Order>> = {
  semver: (left, right) => {
    const [a, b] = [semver(left), semver(right)]
    return a === null || b === null ? null : compareSemver(a, b)
  },
  pep440: (left, right) => {
    // a build for some hardware (`0.8.5+cu128`) has the flaws of its version
    const [a, b] = [left, right].map((one) => one.replace(/^v/i, '').replace(/\+.*$/s, ''))
    if (a === undefined || b === undefined || !isPep440(a) || !isPep440(b)) return null
    return Math.sign(comparePep440(a, b))
  },
  'llama-build': compareLlama,
  calver: (left, right) => {
    const [a, b] = [numbers(left), numbers(right)]
    return a === null || b === null ? null : compareNumbers(a, b)
  },
}

interface Semver {
  readonly core: readonly number[]
  readonly before: readonly string[]
}

/** Leniently: `v`, and fewer than three numbers, as projects write them. Build metadata has no order. */
function semver(text: string): Semver | null {
  const found = /^v?(\d{1,12}(?:\.\d{1,12}){0,3})(?:-([0-9A-Za-z.-]+))?(?:\+[0-9A-Za-z.-]*)?$/.exec(
    text,
  )
  if (!found?.[1]) return null
  const core = found[1].split('.').map(Number)
  while (core.length < 4) core.push(0)
  return { core, before: found[2]?.split('.') ?? [] }
}

/** Section 11 of Semantic Versioning 2.0.0. */
function compareSemver(left: Semver, right: Semver): number {
  const core = compareNumbers(left.core, right.core)
  if (core !== 0) return core
  if (left.before.length === 0 || right.before.length === 0) {
    return Math.sign(right.before.length - left.before.length)
  }
  for (const [at, a] of left.before.entries()) {
    const b = right.before[at]
    if (b === undefined) return 1
    const order = compareIdentifiers(a, b)
    if (order !== 0) return order
  }
  return left.before.length === right.before.length ? 0 : -1
}

function compareIdentifiers(a: string, b: string): number {
  const [isA, isB] = [/^\d+$/.test(a), /^\d+$/.test(b)]
  if (isA && isB) return Math.sign(Number(a) - Number(b))
  if (isA !== isB) return isA ? -1 : 1
  return a < b ? -1 : a > b ? 1 : 0
}

/** The development version of that build called itself 0.1.0: whatever is released as 0.1.0 or later is newer (ggml-org/llama.cpp pull request 26839, read 2026-11-22). */
const LAST_BUILD_BEFORE_VERSIONS = 10_335

function compareLlama(left: string, right: string): number | null {
  const [a, b] = [buildOf(left), buildOf(right)]
  if (a !== null && b !== null) return Math.sign(a - b)
  if (a === null && b === null) return ORDERS.semver(left, right)
  const [build, other, sign] = a === null ? [b, left, 1] : [a, right, -1]
  const version = semver(other)
  if (build === null || version === null) return null
  const isVersioned = compareNumbers(version.core, [0, 1, 0, 0]) >= 0
  // of a build from the time of versions, nobody knows between which of them it lies
  return isVersioned && version.before.length === 0 && build <= LAST_BUILD_BEFORE_VERSIONS
    ? sign
    : null
}

/** `b8146`, `8146`, `b8146-1a2b3c4`, `0.1.0-dev-b10335`; null for a version without a build. */
function buildOf(text: string): number | null {
  const found =
    /^b?(\d{1,9})(?:[-+ ][0-9A-Za-z.-]+)?$/.exec(text) ?? /-b(\d{1,9})(?:[-+]|$)/.exec(text)
  return found?.[1] === undefined ? null : Number(found[1])
}

/** `24.05`, `24.05-py3`, `2026-07-01`, `20260701`. */
function numbers(text: string): readonly number[] | null {
  const found = /^v?(\d{1,12}(?:[.-]\d{1,12}){0,5})(?:[-+.]?[A-Za-z][0-9A-Za-z.-]*)?$/.exec(text)
  return found?.[1]?.split(/[.-]/).map(Number) ?? null
}

function compareNumbers(left: readonly number[], right: readonly number[]): number {
  for (let at = 0; at < Math.max(left.length, right.length); at += 1) {
    const order = Math.sign((left[at] ?? 0) - (right[at] ?? 0))
    if (order !== 0) return order
  }
  return 0
}
