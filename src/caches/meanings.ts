import type { KeyObject } from 'node:crypto'
import type { Finding } from '#kernel/label.ts'
import { cacheKey, type Alike } from './cache-key.ts'
import type { CacheQuery } from './answer-cache.ts'
import type { KeptAnswers } from './kept-answers.ts'
import type { HeldAnswer, HeldMeaning } from './memory-answers.ts'
import type { Embed } from './ports.ts'
import { questionOf } from './question.ts'
import { marksOf } from './marks.ts'
import type { CacheSettings, SemanticSettings } from './settings.ts'

/** Longest question whose meaning is compared, UTF-16 units: a longer one says too much to be the same as another. */
const LONGEST = 1000
/** The least that an embedding is worth asking for. */
const SHORTEST = 8

export interface MeaningParts {
  readonly embed: Embed
  readonly kept: Pick<KeptAnswers, 'alike'>
  readonly key: KeyObject
}

/** Questions that mean the same, of those who share everything else. */
export interface Meanings {
  /** Null where the request is no single question. */
  of(alike: Alike, query: CacheQuery, settings: CacheSettings): Promise<HeldMeaning | null>
  nearest(
    tenant: string,
    meaning: HeldMeaning,
    settings: SemanticSettings,
  ): Promise<HeldAnswer | null>
}

export const createMeanings = ({ embed, kept, key }: MeaningParts): Meanings => ({
  async of(alike, { request, verdict, exchange, findings, parts, signal }, settings) {
    const question = questionOf(request.surface, alike.likeness.body)
    if (!question || question.text.length > LONGEST || question.text.length < SHORTEST) return null
    const { tenant } = exchange.caller
    const vector = await embed(question.text, { tenant, label: verdict.label }, signal)
    if (!vector) return null
    const likeness = { ...alike.likeness, body: question.rest }
    const bucket = cacheKey(key, { ...alike, likeness }, settings, 'semantic')
    const found = findings.map((one) => foundText(one, parts))
    return { bucket, vector: unit(vector), marks: marksOf(question.text, found) }
  },
  async nearest(tenant, meaning, { threshold, compared }) {
    let best: HeldAnswer | null = null
    let most = threshold
    for (const one of await kept.alike(tenant, meaning.bucket, compared)) {
      if (!one.meaning || one.meaning.marks !== meaning.marks) continue
      const cosine = dot(one.meaning.vector, meaning.vector)
      if (cosine < most) continue
      most = cosine
      best = one
    }
    return best
  },
})

/** What was found and its very text: two questions about different people never mean the same. */
const foundText = ({ type, part, start, end }: Finding, parts: CacheQuery['parts']): string =>
  `${type}:${parts[part]?.text.slice(start, end).toLowerCase() ?? ''}`

function unit(vector: Float32Array): Float32Array {
  const length = Math.sqrt(dot(vector, vector))
  return length > 0 ? vector.map((value) => value / length) : vector
}

/** The cosine of two vectors of length 1; -1 where they are not of one space. */
function dot(a: Float32Array, b: Float32Array): number {
  if (a.length !== b.length) return -1
  let sum = 0
  for (let i = 0; i < a.length; i += 1) sum += (a[i] ?? 0) * (b[i] ?? 0)
  return sum
}
