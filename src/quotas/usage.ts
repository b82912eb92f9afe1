import { MEASURES, SEPARATOR, windowOf, type Measure, type Quota } from './quota.ts'

/** How much of a quota one subject has used. */
export interface QuotaUsage {
  /** By the dimensions of `per`. */
  readonly subject: Readonly<Record<string, string>>
  readonly measure: Measure
  readonly limit: number
  /** Used, and leased to processes that may use it. */
  readonly used: number
}

/** What the names of all counts of a quota begin with. */
export const usagePrefix = ({ tenant, id }: Quota): string =>
  `${tenant ?? ''}${SEPARATOR}${id}${SEPARATOR}`

/** The count of this name; null when it is one of an earlier wording of the quota. */
export function usageOfKey(quota: Quota, key: string, used: number): QuotaUsage | null {
  const [name, windowMs, ...values] = key.slice(usagePrefix(quota).length).split(SEPARATOR)
  const measure = MEASURES.find((known) => known === name)
  if (measure === undefined) return null
  const limit = quota.limits[measure]
  const isSame = windowMs === String(windowOf(quota, measure)) && values.length === quota.per.length
  if (limit === undefined || !isSame || used === 0) return null
  const subject = Object.fromEntries(
    quota.per.map((dimension, at) => [dimension, values[at] ?? '']),
  )
  return { subject, measure, limit, used }
}
