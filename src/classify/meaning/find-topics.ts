import type { Reason } from '#kernel/label.ts'
import type { Detector, Draft } from '../scan/detector.ts'
import { longestHits, type Hits } from '../scan/hits.ts'
import type { Scan } from '../scan/scan.ts'
import { isTheirs, referenceIn, type Reference } from './reference.ts'
import { sentenceAround } from './sentence.ts'
import { isGeneric, isOwn, isPossessed } from './statement.ts'

/** A subject that is sensitive only when something particular is said: of a person, of the company, or as shown material. */
export interface Topic {
  readonly type: string
  /** Kebab-case; also the name of its group of literals. */
  readonly rule: string
  /** person: someone is spoken of. company: affairs of the writer's company. own: the same in so many words, "our", "here is". shown: any statement that is no general question. */
  readonly needs: 'person' | 'company' | 'own' | 'person-or-company' | 'shown'
  readonly standing?: 'word' | 'stem' | 'head'
  readonly confidence?: number
  readonly words: readonly string[]
}

/** A detector over a table of topics. */
export function topicDetector(id: string, topics: readonly Topic[]): Detector {
  const groups = topics.map((topic) => ({ topic, name: `topic:${topic.rule}` }))
  return {
    id,
    acrossParts: false,
    literals: groups.map(({ name, topic: { standing, words } }) => ({
      name,
      standing: standing ?? 'stem',
      words,
    })),
    find(scan, found) {
      for (const { topic, name } of groups) {
        const hits = scan.hits(name)
        if (hits.length > 0) findTopic(scan, topic, hits, found)
      }
    },
  }
}

function findTopic(scan: Scan, topic: Topic, hits: Hits, found: (draft: Draft) => void): void {
  for (const { start, end, word } of longestHits(hits)) {
    if (scan.steps.exhausted) return
    if (isCode(scan.text, start, end)) continue
    const reason = reasonFor(scan, topic, start, end)
    if (reason === undefined) continue
    found({
      type: topic.type,
      rule: topic.rule,
      start,
      end,
      confidence: topic.confidence ?? 0.75,
      because: [{ kind: 'keyword', keyword: word }, ...reason],
    })
  }
}

function reasonFor(scan: Scan, topic: Topic, start: number, end: number): Reason[] | undefined {
  const sentence = sentenceAround(scan, start, end)
  const generic = isGeneric(sentence.text)
  if (topic.needs === 'shown') return generic && !isPossessed(sentence.text) ? undefined : []
  if (topic.needs === 'person' || topic.needs === 'person-or-company') {
    const reference = referenceIn(scan, sentence)
    if (reference !== undefined && counts(reference, generic))
      return [{ kind: 'person', how: reference.how }]
    if (!generic && isTheirs(scan, start)) return [{ kind: 'person', how: 'pronoun' }]
    if (topic.needs === 'person') return undefined
  }
  const own = generic || topic.needs === 'own' ? isPossessed(sentence.text) : isOwn(sentence.text)
  return own ? [{ kind: 'shape' }] : undefined
}

/** An attribute, a call, a member or a tag: the word is a name in code. */
const isCode = (text: string, start: number, end: number): boolean =>
  /[=({_`]/.test(text[end] ?? ' ') || /[.<_`$@#]/.test(text[start - 1] ?? ' ')

const counts = (reference: Reference, generic: boolean): boolean => reference.strong || !generic
