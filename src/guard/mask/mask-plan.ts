import type { Finding } from '#kernel/label.ts'
import type { TextPart } from '#kernel/text-part.ts'
import { changeTexts, type Stretch } from './json-strings.ts'
import { normalValue, samenessOf, type Sameness } from './normal-value.ts'
import { ValueIndex, type Met, type Sought } from './value-index.ts'
import { escapeLookAlikes } from './placeholder.ts'

/** A value that is masked: every spelling of it is one value, shown again as it was written first. */
export interface MaskedValue extends Sought {
  readonly type: string
  /** Its place among the values of this request, by first appearance. */
  readonly number: number
}

/** Names what stands in the place of a value, and knows its own names again. */
export interface Naming {
  nameOf(value: MaskedValue): string
  isOurs(placeholder: string): boolean
}

/** What of a request is replaced: the same for every destination, whatever stands in its place there. */
export interface MaskPlan {
  readonly values: readonly MaskedValue[]
  /** The text of one place as it leaves. */
  change(text: string, path: string, naming: Naming): string
  /** Whether a masked value stands in this text. */
  holds(text: string): boolean
}

type Spot = Stretch<string>

/** Finds the values of the findings that a mask covers, in the order in which they stand in the request. */
export function planMask(
  parts: readonly TextPart[],
  findings: readonly Finding[],
  covers: (finding: Finding) => boolean,
): MaskPlan {
  const spots = spotsOf(parts, findings.filter(covers))
  const index = new ValueIndex<MaskedValue>()
  const values = new Map<string, MaskedValue>()
  const valueOf = (text: string, type: string): MaskedValue => {
    const sameness: Sameness = samenessOf(type)
    const normal = normalValue(text, sameness)
    const key = `${sameness} ${normal}`
    const known = values.get(key)
    if (known) return known
    const value = { text, type, sameness, normal, number: values.size }
    values.set(key, value)
    index.add(value)
    return value
  }
  const byPlace = new Map<string, Map<string, readonly Spot[]>>()
  parts.forEach((part, at) => {
    const found = spots.get(at)
    if (!found) return
    // names with dots in them may give two places one path: what was found in either counts for both
    const same = byPlace.get(part.path) ?? new Map<string, readonly Spot[]>()
    const apart = withoutOverlaps([...(same.get(part.text) ?? []), ...found])
    byPlace.set(part.path, same.set(part.text, apart))
    changeTexts(part.text, apart, (text, inside) => {
      for (const { start, end, what } of inside) valueOf(text.slice(start, end), what)
      return text
    })
  })
  return {
    values: [...values.values()],
    holds: (text) => index.has(text),
    change(text, path, naming) {
      const found = byPlace.get(path)?.get(text) ?? []
      return changeTexts(text, found, (inner, inside) =>
        replaced(inner, inside, { index, naming, valueOf }),
      )
    },
  }
}

/** Where findings stand, by part; of one that goes over a seam, all its pieces. */
function spotsOf(
  parts: readonly TextPart[],
  findings: readonly Finding[],
): ReadonlyMap<number, Spot[]> {
  const spots = new Map<number, Spot[]>()
  const add = (part: number, start: number, end: number, what: string): void => {
    if (end <= start || parts[part]?.kind !== 'text') return
    const known = spots.get(part) ?? []
    known.push({ start, end, what })
    spots.set(part, known)
  }
  for (const { part, start, end, type, rest } of findings) {
    add(part, start, end, type)
    for (const piece of rest ?? []) add(piece.part, piece.start, piece.end, type)
  }
  return spots
}

/** Spots that touch each other as one, with the type of the longest. */
function withoutOverlaps(spots: readonly Spot[]): readonly Spot[] {
  if (spots.length < 2) return spots
  const apart: (Spot & { readonly longest: number })[] = []
  for (const one of spots.toSorted((a, b) => a.start - b.start || b.end - a.end)) {
    const last = apart.at(-1)
    const length = one.end - one.start
    if (!last || one.start >= last.end) {
      apart.push({ ...one, longest: length })
      continue
    }
    apart[apart.length - 1] = {
      start: last.start,
      end: Math.max(last.end, one.end),
      what: length > last.longest ? one.what : last.what,
      longest: Math.max(length, last.longest),
    }
  }
  return apart
}

interface Replacing {
  readonly index: ValueIndex<MaskedValue>
  readonly naming: Naming
  readonly valueOf: (text: string, type: string) => MaskedValue
}

/** A text with every found value, and every repetition of one, replaced; what looks like a placeholder is marked. */
function replaced(text: string, found: readonly Spot[], of: Replacing): string {
  const { index, naming, valueOf } = of
  const all = inOrder(found, index.find(text), ({ start, end, what }) => ({
    start,
    end,
    value: valueOf(text.slice(start, end), what),
  }))
  const isOurs = (placeholder: string): boolean => naming.isOurs(placeholder)
  let out = ''
  let from = 0
  for (const { start, end, value } of all) {
    out += escapeLookAlikes(text.slice(from, start), isOurs) + naming.nameOf(value)
    from = end
  }
  return out + escapeLookAlikes(text.slice(from), isOurs)
}

/** What was found and where values stand again, in order. A repetition that holds what was found counts for it; any other that touches it gives way. */
function* inOrder(
  found: readonly Spot[],
  met: Iterator<Met<MaskedValue>>,
  asMet: (spot: Spot) => Met<MaskedValue>,
): Generator<Met<MaskedValue>> {
  let at = 0
  let other = met.next()
  for (;;) {
    const spot = found[at]
    const one = other.done === true ? null : other.value
    if (!spot && !one) return
    if (spot && (!one || spot.end <= one.start)) {
      yield asMet(spot)
      at += 1
    } else if (one && (!spot || one.end <= spot.start)) {
      yield one
      other = met.next()
    } else if (spot && one) {
      const isInside = one.start <= spot.start && one.end >= spot.end
      if (isInside && one.end - one.start > spot.end - spot.start) at += 1
      else other = met.next()
    }
  }
}
