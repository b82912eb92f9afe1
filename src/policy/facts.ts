import type { Caller } from '#kernel/exchange.ts'
import type { Finding } from '#kernel/label.ts'
import type { FactsOfCaller } from '#kernel/verdict.ts'

/** Who asks, as rules know them. */
export const callerFacts = ({
  keyId,
  application,
  team,
  person,
  purpose,
}: Caller): FactsOfCaller => ({
  key: keyId,
  ...(application === null ? {} : { application }),
  ...(team === null ? {} : { team }),
  ...(person === null ? {} : { person }),
  ...(purpose === null ? {} : { purpose }),
})

/** Types of findings and how many of each: all that leaves the box of what was found. */
export function countByType(findings: readonly Finding[]): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {}
  for (const { type } of findings) counts[type] = (counts[type] ?? 0) + 1
  return counts
}
