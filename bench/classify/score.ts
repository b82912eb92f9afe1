import { canonical } from './canonical.ts'
import type { Prediction, Row, Span } from './row.ts'

/** Counts of things that are there and things that were found; `any` by place alone, `typed` by place and type. */
export interface Tally {
  readonly gold: number
  readonly found: number
  readonly hitAny: number
  readonly hitTyped: number
  readonly rightAny: number
  readonly rightTyped: number
}

const NONE: Tally = { gold: 0, found: 0, hitAny: 0, hitTyped: 0, rightAny: 0, rightTyped: 0 }

export interface Figures {
  readonly precision: number
  readonly recall: number
  readonly f1: number
}

export type Predictions = ReadonlyMap<string, Prediction>

export interface Scored {
  readonly total: Tally
  readonly byType: ReadonlyMap<string, Tally>
  readonly byLanguage: ReadonlyMap<string, Tally>
  readonly bySet: ReadonlyMap<string, Tally>
}

/** Compares what was found with what is there. Two spans meet when they share a character; a row without prediction counts as nothing found. */
export function score(
  rows: readonly Row[],
  predictions: Predictions,
  counts: (type: string) => boolean,
): Scored {
  const byType = new Map<string, Tally>()
  const byLanguage = new Map<string, Tally>()
  const bySet = new Map<string, Tally>()
  let total = NONE
  for (const row of rows) {
    const gold = counted(row.spans, counts)
    const found = counted(predictions.get(row.id)?.spans ?? [], counts)
    const seen: (readonly [string, Tally])[] = []
    for (const one of gold) {
      const met = found.filter((other) => overlap(one, other))
      const typed = met.some(({ type }) => type === one.type)
      seen.push([
        one.type,
        { ...NONE, gold: 1, hitAny: Number(met.length > 0), hitTyped: Number(typed) },
      ])
    }
    for (const one of found) {
      const met = gold.filter((other) => overlap(one, other))
      const typed = met.some(({ type }) => type === one.type)
      seen.push([
        one.type,
        { ...NONE, found: 1, rightAny: Number(met.length > 0), rightTyped: Number(typed) },
      ])
    }
    for (const [type, tally] of seen) {
      addTo(byType, type, tally)
      addTo(byLanguage, row.lang, tally)
      addTo(bySet, row.set, tally)
      total = sum(total, tally)
    }
  }
  return { total, byType, byLanguage, bySet }
}

/** The tallies of several scorings as one. */
export function together(scored: readonly Scored[]): Scored {
  const merged = (tallies: readonly ReadonlyMap<string, Tally>[]): ReadonlyMap<string, Tally> => {
    const all = new Map<string, Tally>()
    for (const one of tallies) for (const [name, tally] of one) addTo(all, name, tally)
    return all
  }
  return {
    total: scored.map(({ total }) => total).reduce(sum, NONE),
    byType: merged(scored.map(({ byType }) => byType)),
    byLanguage: merged(scored.map(({ byLanguage }) => byLanguage)),
    bySet: merged(scored.map(({ bySet }) => bySet)),
  }
}

/** Precision, recall and F1 where type and place are right. */
export const typed = (tally: Tally): Figures =>
  figures(tally.rightTyped, tally.found, tally.hitTyped, tally.gold)

/** The same where the place alone is right. */
export const anyType = (tally: Tally): Figures =>
  figures(tally.rightAny, tally.found, tally.hitAny, tally.gold)

function figures(right: number, found: number, hit: number, gold: number): Figures {
  const precision = found > 0 ? right / found : 0
  const recall = gold > 0 ? hit / gold : 0
  const f1 = precision + recall > 0 ? (2 * precision * recall) / (precision + recall) : 0
  return { precision, recall, f1 }
}

export interface Alarms {
  readonly rows: number
  readonly hit: number
  readonly bySet: ReadonlyMap<string, { readonly rows: number; readonly hit: number }>
}

/** How many documents without anything in them have at least one finding. */
export function falseAlarms(
  rows: readonly Row[],
  predictions: Predictions,
  counts: (type: string) => boolean,
): Alarms {
  const bySet = new Map<string, { rows: number; hit: number }>()
  let all = 0
  let hits = 0
  for (const row of rows) {
    if (counted(row.spans, counts).length > 0) continue
    const hit = counted(predictions.get(row.id)?.spans ?? [], counts).length > 0 ? 1 : 0
    const before = bySet.get(row.set) ?? { rows: 0, hit: 0 }
    bySet.set(row.set, { rows: before.rows + 1, hit: before.hit + hit })
    all += 1
    hits += hit
  }
  return { rows: all, hit: hits, bySet }
}

const counted = (spans: readonly Span[], counts: (type: string) => boolean): readonly Span[] =>
  spans
    .map(({ start, end, type }) => ({ start, end, type: canonical(type) }))
    .filter(({ type }) => counts(type))

const overlap = (a: Span, b: Span): boolean => Math.min(a.end, b.end) > Math.max(a.start, b.start)

const sum = (a: Tally, b: Tally): Tally => ({
  gold: a.gold + b.gold,
  found: a.found + b.found,
  hitAny: a.hitAny + b.hitAny,
  hitTyped: a.hitTyped + b.hitTyped,
  rightAny: a.rightAny + b.rightAny,
  rightTyped: a.rightTyped + b.rightTyped,
})

function addTo(tallies: Map<string, Tally>, name: string, tally: Tally): void {
  tallies.set(name, sum(tallies.get(name) ?? NONE, tally))
}
