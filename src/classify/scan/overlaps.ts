import type { Draft } from './detector.ts'

/** What a sentence means stands beside what it holds: these never displace an identifier, nor the reverse. */
const MEANINGS = new Set(['DOCUMENT_MARKING', 'KEY_MATERIAL', 'INTERNAL_MATTER'])

/** The company's own lists, patterns and documents: each says what it means, so none hides another. */
const isOwn = (draft: Draft): boolean => draft.type.startsWith('COMPANY_')

const isMeaning = (draft: Draft): boolean =>
  MEANINGS.has(draft.type) ||
  isOwn(draft) ||
  draft.because.some((reason) => reason.kind === 'person' && draft.type !== 'PERSON')

const strength = (draft: Draft): number => draft.confidence + (draft.type === 'SECRET' ? 0.1 : 0)

/** Where identifiers overlap, the surer one stays, then the longer; in order of place. */
export function resolveOverlaps<T extends Draft>(drafts: readonly T[]): readonly T[] {
  if (drafts.length < 2) return drafts
  const byPlace = drafts.toSorted((a, b) => a.start - b.start)
  const kept: T[] = []
  for (let first = 0; first < byPlace.length;) {
    let next = first + 1
    let end = byPlace[first]?.end ?? 0
    for (; next < byPlace.length && (byPlace[next]?.start ?? 0) < end; next++)
      end = Math.max(end, byPlace[next]?.end ?? 0)
    for (const draft of resolveCluster(byPlace.slice(first, next))) kept.push(draft)
    first = next
  }
  return kept
}

/** The same among neighbours that overlap one another. */
function resolveCluster<T extends Draft>(drafts: readonly T[]): readonly T[] {
  if (drafts.length < 2) return drafts
  const byStrength = drafts.toSorted(
    (a, b) => strength(b) - strength(a) || b.end - b.start - (a.end - a.start) || a.start - b.start,
  )
  // not by push(...): that many arguments overflow the stack from about 120,000 on
  const kept = [true, false].flatMap((meaning) => {
    const layer = byStrength.filter((draft) => isMeaning(draft) === meaning)
    return apart(layer, meaning)
  })
  return kept.toSorted((a, b) => a.start - b.start || a.end - b.end)
}

/** Keeps each draft that touches no stronger one. Stretches taken are kept sorted, so that each look is a binary search. */
function apart<T extends Draft>(layer: readonly T[], byType: boolean): readonly T[] {
  const taken = new Map<string, Stretches>()
  return layer.filter((draft) => {
    const lane = !byType ? '' : isOwn(draft) ? `${draft.type} ${draft.rule}` : draft.type
    const stretches = taken.get(lane) ?? new Stretches()
    taken.set(lane, stretches)
    return stretches.take(draft.start, draft.end, draft.type)
  })
}

/** Disjoint stretches of a text. */
class Stretches {
  readonly #byBlock = new Map<number, { start: number; end: number; type: string }[]>()

  /** Takes [start, end) if it is free; the same stretch may hold several types (what was decoded from one run). */
  take(start: number, end: number, type: string): boolean {
    const first = start >> 6
    const last = Math.max(first, (end - 1) >> 6)
    for (let block = first; block <= last; block++) {
      for (const other of this.#byBlock.get(block) ?? []) {
        const same = other.start === start && other.end === end && other.type !== type
        if (!same && other.start < end && other.end > start) return false
      }
    }
    for (let block = first; block <= last; block++) {
      const list = this.#byBlock.get(block) ?? []
      list.push({ start, end, type })
      this.#byBlock.set(block, list)
    }
    return true
  }
}
