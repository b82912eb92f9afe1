import type { CacheWishes } from '#kernel/verdict.ts'

/** Longest age that means something, seconds: a hundred years. */
const LONGEST = 3_153_600_000

/**
 * What a caller wishes by `cache-control` (RFC 9111, section 5.2.1) and `pragma`: each directive narrows, none widens, and
 * one that cannot be read counts as the narrowest it could mean. Null: nothing.
 */
export function cacheWishes(
  control: string | undefined,
  pragma: string | undefined,
): CacheWishes | null {
  if (control === undefined && pragma === undefined) return null
  let [noStore, noCache, maxAgeSeconds]: [boolean, boolean, number | null] = [false, false, null]
  if (pragma?.toLowerCase().includes('no-cache')) noCache = true
  for (const directive of (control ?? '').toLowerCase().split(',')) {
    const [name = '', value = ''] = directive.split('=').map((part) => part.trim())
    if (name === 'no-store') noStore = true
    else if (name === 'no-cache') noCache = true
    else if (name === 'max-age') {
      const seconds = /^"?\d{1,10}"?$/.test(value) ? Number(value.replaceAll('"', '')) : 0
      maxAgeSeconds = Math.min(maxAgeSeconds ?? LONGEST, seconds)
    }
  }
  return noStore || noCache || maxAgeSeconds !== null ? { noStore, noCache, maxAgeSeconds } : null
}
