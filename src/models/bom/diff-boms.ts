import { z } from 'zod'
import { canonicalJson, type JsonValue } from '#kernel/canonical-json.ts'

const Named = z.looseObject({ 'bom-ref': z.string(), name: z.string().optional() })
const Bom = z.looseObject({
  bomFormat: z.literal('CycloneDX'),
  metadata: z.looseObject({ timestamp: z.string().optional() }).optional(),
  components: z.array(Named).default([]),
  services: z.array(Named).default([]),
  vulnerabilities: z.array(Named).default([]),
})
type Named = z.infer<typeof Named>

export interface BomDifference {
  readonly change: 'added' | 'removed' | 'changed'
  /** component, service or vulnerability. */
  readonly of: 'component' | 'service' | 'vulnerability'
  readonly ref: string
  /** Names of the fields that differ; empty for what is wholly new or gone. */
  readonly fields: readonly string[]
}

/** What one bill has that the other has not; null when one of them is none. A package in another version is one gone and one new. */
export function diffBoms(before: unknown, after: unknown): readonly BomDifference[] | null {
  const [left, right] = [Bom.safeParse(before), Bom.safeParse(after)]
  if (!left.success || !right.success) return null
  const kinds = [
    ['component', left.data.components, right.data.components],
    ['service', left.data.services, right.data.services],
    ['vulnerability', left.data.vulnerabilities, right.data.vulnerabilities],
  ] as const
  return kinds.flatMap(([of, old, now]) => diffOf(of, old, now))
}

function diffOf(
  of: BomDifference['of'],
  old: readonly Named[],
  now: readonly Named[],
): BomDifference[] {
  const [before, after] = [old, now].map((all) => new Map(all.map((one) => [one['bom-ref'], one])))
  const refs = new Set([...(before?.keys() ?? []), ...(after?.keys() ?? [])])
  return [...refs].toSorted().flatMap((ref): BomDifference[] => {
    const [a, b] = [before?.get(ref), after?.get(ref)]
    if (!a) return [{ change: 'added', of, ref, fields: [] }]
    if (!b) return [{ change: 'removed', of, ref, fields: [] }]
    const names = [...new Set([...Object.keys(a), ...Object.keys(b)])]
    const fields = names.filter((name) => textOf(a[name]) !== textOf(b[name])).toSorted()
    return fields.length === 0 ? [] : [{ change: 'changed', of, ref, fields }]
  })
}

const textOf = (value: unknown): string =>
  // read as JSON a moment ago
  value === undefined ? '' : canonicalJson(value as JsonValue)
