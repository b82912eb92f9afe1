import type { Reason } from '#kernel/label.ts'
import { plain } from './plain.ts'
import type { Detector, Draft } from '../scan/detector.ts'
import { longestHits, type Hits } from '../scan/hits.ts'
import type { Scan } from '../scan/scan.ts'
import { isWordAt } from '../scan/symbols.ts'
import { hasOwnMark } from './own-mark.ts'
import { isTheirs } from './reference.ts'
import { tellingAround, type Telling } from './telling.ts'

/** A subject that is sensitive only when something particular is said: of a person, of the company, or as shown material. */
export interface Topic {
  readonly type: string
  /** Kebab-case; also the name of its group of literals. */
  readonly rule: string
  /**
   * person: someone is spoken of. company: affairs of the writer's company, or a task on figures and dates. matter: words
   * strong by themselves; a task, a date or a possessive is enough. own: "our", "here is" in so many words. told: a value
   * follows, "is 4-19-33". shown: any statement that is no general question.
   */
  readonly needs: 'person' | 'company' | 'matter' | 'own' | 'told' | 'person-or-company' | 'shown'
  readonly standing?: 'word' | 'stem' | 'head' | 'part'
  readonly confidence?: number
  readonly words: readonly string[]
  /** Whole words, lower case, in which a piece means nothing. */
  readonly except?: ReadonlySet<string>
  /** A general question in these words asks for help with the subject, and tells nothing of it; over plain text. */
  readonly helpWith?: RegExp
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
  for (const hit of longestHits(hits)) {
    if (scan.steps.exhausted) return
    scan.steps.spend(8)
    const { word } = hit
    const { start, end } = topic.standing === 'part' ? wholeWord(scan.text, hit) : hit
    if (topic.except?.has(scan.text.slice(start, end).toLowerCase()) === true) continue
    if (isCode(scan.text, start, end)) continue
    if (topic.helpWith !== undefined && asksForHelp(scan, topic.helpWith, start, end)) continue
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

function asksForHelp(scan: Scan, words: RegExp, start: number, end: number): boolean {
  const telling = tellingAround(scan, start, end)
  return telling.general && words.test(plain(telling.sentence.text))
}

function reasonFor(scan: Scan, topic: Topic, start: number, end: number): Reason[] | undefined {
  if (topic.needs === 'told') return isTold(scan, end) ? SHAPE : undefined
  if (topic.needs === 'own' && !hasOwnMark(scan, start, end)) return undefined
  const telling = tellingAround(scan, start, end)
  switch (topic.needs) {
    case 'person':
      return personIn(scan, telling, start)
    case 'person-or-company':
      return personIn(scan, telling, start) ?? (companyIn(telling) ? SHAPE : undefined)
    case 'company':
      return companyIn(telling) ? SHAPE : undefined
    case 'matter':
      return matterIn(telling) ? SHAPE : undefined
    case 'own':
      return telling.possessed || (telling.own && !telling.general) ? SHAPE : undefined
    case 'shown':
      return telling.general && !telling.possessed ? undefined : SHAPE
  }
}

const SHAPE: Reason[] = [{ kind: 'shape' }]

/** A value with a digit after "is", "est", a colon or an equals sign. */
const TOLD = /^[^.!?\n]{0,40}?(?:\b(?:is|are|est|sont|c['’]est)|[:=]) {0,2}[^\s.]{0,24}\d/iu
const TOLD_REACH = 80
const isTold = (scan: Scan, end: number): boolean =>
  TOLD.test(scan.text.slice(end, end + TOLD_REACH))

/** Of whom something at `start` is said, here or shortly before; undefined when of nobody. */
export function personIn(scan: Scan, telling: Telling, start: number): Reason[] | undefined {
  const { reference, general } = telling
  if (reference !== undefined && (reference.strong || !general))
    return [{ kind: 'person', how: reference.how }]
  if (general) return undefined
  if (isTheirs(scan, start)) return [{ kind: 'person', how: 'pronoun' }]
  if (telling.material) return SHAPE
  const { earlier } = telling
  return earlier === undefined ? undefined : [{ kind: 'person', how: earlier.how }]
}

function companyIn(telling: Telling): boolean {
  if (telling.general) return telling.possessed && !telling.published
  return telling.own || telling.hushed || (telling.specific && telling.task)
}

function matterIn(telling: Telling): boolean {
  if (telling.general) return telling.possessed && !telling.published
  return telling.own || telling.hushed || telling.specific || telling.task || telling.headed
}

/** The word that a piece stands in; a word of no more than 40 letters. */
function wholeWord(text: string, { start, end }: { start: number; end: number }) {
  let from = start
  let to = end
  while (start - from < 30 && isWordAt(text, from - 1)) from--
  while (to - end < 10 && isWordAt(text, to)) to++
  return { start: from, end: to }
}

/** An attribute, a call, a member, a tag or a property such as `margin-top: 4px`: the word is a name in code. */
const isCode = (text: string, start: number, end: number): boolean =>
  /[=({_`]/.test(text[end] ?? ' ') ||
  /[.<_`$@#]/.test(text[start - 1] ?? ' ') ||
  /^-\p{Ll}{1,10}: ?[\d.#'"]|^: ?(?:-?[\d.]{1,6}(?:px|r?em|%|;)|auto)/u.test(
    text.slice(end, end + 20),
  )
