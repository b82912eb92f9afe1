import type { Category, DataClass } from '#kernel/label.ts'
import { buildDictionary, type Dictionary, type TermColumns } from './dictionary.ts'
import { buildFingerprints, type Fingerprints, type PrintColumns } from './fingerprints.ts'
import { lanesOf, type Digest, type Lanes } from './lanes.ts'
import { buildNearWords, type NearColumns, type NearWords } from './near-words.ts'
import { patternExpression, type CompiledPattern } from './pattern-source.ts'

/** What finding something of the company's own means. */
export interface Meaning {
  /** Names it in rules and explanations: lower-case letters, digits and hyphens. */
  readonly id: string
  /** Who answers for it, as people say it; empty when nobody is named. */
  readonly owner: string
  readonly class: DataClass
  readonly category: Category
}

/** How the terms of a list are found: as they are written, in their plurals, or with one edit in words of six letters and more. */
export const MATCHES = ['exact', 'inflected', 'fuzzy'] as const
export type Match = (typeof MATCHES)[number]

/** A list of terms; which terms, only their digests know. */
export interface TermList extends Meaning {
  readonly match: Match
  readonly terms: number
}

/** A regular expression of the company. */
export interface OwnPattern extends Meaning {
  readonly source: string
  readonly ignoreCase: boolean
}

/** A registered document; of its text only fingerprints are kept. */
export interface OwnDocument extends Meaning {
  readonly words: number
  readonly prints: number
}

/** All that the company has told, as it is kept. */
export interface OwnData {
  readonly lists: readonly TermList[]
  readonly patterns: readonly OwnPattern[]
  readonly documents: readonly OwnDocument[]
  readonly terms: TermColumns
  readonly near: NearColumns
  readonly prints: PrintColumns
}

/** The same, ready for a scan. Null where there is nothing to look for. */
export interface OwnTerms {
  readonly data: OwnData
  /** Names the content; another content has another. Empty when there is none. */
  readonly version: string
  readonly digest: Digest
  readonly lanes: Lanes
  readonly dictionary: Dictionary | null
  readonly near: NearWords | null
  readonly prints: Fingerprints | null
  readonly patterns: readonly CompiledPattern[]
}

/** What is in force now; a reload exchanges it. `null`: what was told cannot be read, and nothing can be determined. */
export interface OwnTermsSource {
  readonly current: OwnTerms | null
}

export const EMPTY_DATA: OwnData = {
  lists: [],
  patterns: [],
  documents: [],
  terms: {
    count: 0,
    hashes: new Uint32Array(),
    lasts: new Uint32Array(),
    highs: new Uint32Array(),
    lows: new Uint32Array(),
    lists: new Uint16Array(),
    shapes: new Uint8Array(),
  },
  near: {
    words: 0,
    hashes: new Uint32Array(),
    highs: new Uint32Array(),
    lows: new Uint32Array(),
    forms: 0,
    firsts: new Uint32Array(),
    seconds: new Uint32Array(),
    owners: new Uint32Array(),
    halves: new Uint32Array(),
  },
  prints: { count: 0, hashes: new Uint32Array(), documents: new Uint16Array() },
}

/** Builds the tables of a scan, linear in what there is; null when a pattern in it may not run. */
export function openOwnTerms(data: OwnData, version: string, digest: Digest): OwnTerms | null {
  const patterns = data.patterns.flatMap((pattern, index) => {
    const expression = patternExpression(pattern)
    return expression === null ? [] : [{ index, expression }]
  })
  if (patterns.length < data.patterns.length) return null
  return {
    data,
    version,
    digest,
    lanes: lanesOf(digest),
    dictionary: data.terms.count === 0 ? null : buildDictionary(data.terms),
    near: data.near.forms === 0 ? null : buildNearWords(data.near),
    prints: data.prints.count === 0 ? null : buildFingerprints(data.prints),
    patterns,
  }
}
