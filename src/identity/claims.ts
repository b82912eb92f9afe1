/** The claims of a token, as its issuer wrote them. */
export type Claims = Readonly<Record<string, unknown>>

/** The most values of one list that are looked at: no directory gives a person more. */
const MOST_VALUES = 1000

/**
 * The value of a claim by its name (`https://example.org/groups`), or else by the path that the dots make of it
 * (`realm_access.roles`).
 */
export function claimAt(claims: Claims, name: string): unknown {
  if (Object.hasOwn(claims, name)) return claims[name]
  let value: unknown = claims
  for (const step of name.split('.')) {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined
    if (!Object.hasOwn(value, step)) return undefined
    value = Reflect.get(value, step)
  }
  return value
}

/** A claim that is one text, as most are; a number counts as its digits. */
export function textClaim(claims: Claims, name: string): string | null {
  const value = claimAt(claims, name)
  if (typeof value === 'string') return value === '' ? null : value
  return typeof value === 'number' && Number.isSafeInteger(value) ? String(value) : null
}

/** A claim that is a list of texts, or one text that stands for a list of one; null when the claim is not there. */
export function listClaim(claims: Claims, name: string): readonly string[] | null {
  const value = claimAt(claims, name)
  if (typeof value === 'string') return [value]
  if (!Array.isArray(value)) return null
  return value.slice(0, MOST_VALUES).filter((one) => typeof one === 'string')
}

/** A claim of space-separated words (`scope`, RFC 8693) or a list of them. */
export const wordsClaim = (claims: Claims, name: string): readonly string[] =>
  (listClaim(claims, name) ?? []).flatMap((value) => value.split(' ').filter((word) => word !== ''))

/** Whether every claim that is asked for has one of its values; `true` and numbers count as they are written. */
export const hasRequired = (
  claims: Claims,
  require: ReadonlyMap<string, readonly string[]>,
): boolean =>
  [...require].every(([name, values]) => {
    const value = claimAt(claims, name)
    const isPlain = typeof value === 'boolean' || typeof value === 'number'
    const found = isPlain ? [String(value)] : (listClaim(claims, name) ?? [])
    return found.some((one) => values.includes(one))
  })
