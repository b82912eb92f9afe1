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
const Properties = z.array(z.object({ name: z.string(), value: z.string() }))

/** What one thing was, and what it is; null: nothing. */
export interface BomValue {
  readonly name: string
  readonly before: string | null
  readonly after: string | null
}

export interface BomDifference {
  readonly change: 'added' | 'removed' | 'changed'
  /** component, service or vulnerability. */
  readonly of: 'component' | 'service' | 'vulnerability'
  readonly ref: string
  /** Names of the fields that differ; empty for what is wholly new or gone. */
  readonly fields: readonly string[]
  /** Of those that are words, and of each property, what it was and is. */
  readonly values: readonly BomValue[]
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
    if (!a) return [{ change: 'added', of, ref, fields: [], values: [] }]
    if (!b) return [{ change: 'removed', of, ref, fields: [], values: [] }]
    const names = [...new Set([...Object.keys(a), ...Object.keys(b)])]
    const fields = names.filter((name) => textOf(a[name]) !== textOf(b[name])).toSorted()
    if (fields.length === 0) return []
    return [{ change: 'changed', of, ref, fields, values: valuesOf(fields, a, b) }]
  })
}

function valuesOf(fields: readonly string[], a: Named, b: Named): BomValue[] {
  return fields.flatMap((name): BomValue[] => {
    if (name === 'properties') return propertyValues(a['properties'], b['properties'])
    const [before, after] = [wordOf(a[name]), wordOf(b[name])]
    return before === undefined || after === undefined ? [] : [{ name, before, after }]
  })
}

/** A text or a number as words, nothing as null, anything else as undefined. */
function wordOf(value: unknown): string | null | undefined {
  if (value === undefined || value === null) return null
  return typeof value === 'string' || typeof value === 'number' ? String(value) : undefined
}

/** Properties may come several times under one name. */
function propertyValues(old: unknown, now: unknown): BomValue[] {
  const [before, after] = [old, now].map((one) => {
    const read = Properties.safeParse(one ?? [])
    return Map.groupBy(read.success ? read.data : [], ({ name }) => name)
  })
  const names = new Set([...(before?.keys() ?? []), ...(after?.keys() ?? [])])
  return [...names].toSorted().flatMap((name): BomValue[] => {
    const [was, is] = [before, after].map(
      (all) =>
        all
          ?.get(name)
          ?.map(({ value }) => value)
          .join(', ') ?? null,
    )
    if (was === undefined || is === undefined || was === is) return []
    return [{ name, before: was, after: is }]
  })
}

const textOf = (value: unknown): string =>
  // read as JSON a moment ago
  value === undefined ? '' : canonicalJson(value as JsonValue)
