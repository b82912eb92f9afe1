import { createHmac } from 'node:crypto'
import { createClassifier } from '#classify/classify.ts'
import { DEFAULT_CLASSES } from '#classify/data/classes.ts'
import type { MaskStyle } from '#kernel/duties.ts'
import type { Category } from '#kernel/label.ts'
import type { AnswerEvent } from '#protocols/answer-event.ts'
import { coveredBy } from './mask/covered.ts'
import { planMask } from './mask/mask-plan.ts'
import { namesFor, type KeyedDigest, type Names } from './mask/names.ts'
import { restoringFilter } from './restore/restoring-filter.ts'

export const digestWith =
  (key: string): KeyedDigest =>
  (text) =>
    createHmac('sha256', key).update(text).digest()

let classifier: ReturnType<typeof createClassifier> | null = null

/** For tests: texts masked as a request of these messages would be. */
export function masked(
  texts: readonly string[],
  of: {
    readonly categories?: readonly Category[]
    readonly types?: readonly string[]
    readonly style?: MaskStyle
    readonly key?: string
  } = {},
) {
  classifier ??= createClassifier()
  const { categories = ['personal'], types = [], style = 'placeholder', key = 'key' } = of
  const parts = texts.map((text, i) => ({
    path: `messages.${i}.content`,
    text,
    kind: 'text' as const,
  }))
  const { findings } = classifier(parts, { floor: 'public' })
  const plan = planMask(parts, findings, coveredBy({ types, categories }, DEFAULT_CLASSES))
  const names = namesFor(plan.values, { digest: digestWith(key), opening: texts[0] ?? '', style })
  return {
    plan,
    names,
    texts: parts.map(({ text, path }) => plan.change(text, path, names)),
    label: (shown: readonly string[]) =>
      (classifier ??= createClassifier())(
        parts.map((part, i) => ({ ...part, text: shown[i] ?? '' })),
        { floor: 'public' },
      ).label,
  }
}

/** For tests: an answer through a restoring filter, in these pieces. */
export function restored(
  names: Names,
  events: readonly AnswerEvent[],
  tools: readonly string[] = [],
) {
  const filter = restoringFilter(names, tools)
  const out = events.flatMap((event) => filter.step([event]).events)
  out.push(...filter.end().events)
  const joined = (kind: 'text' | 'reasoning' | 'refusal'): string =>
    out.map((event) => (event.kind === kind ? event.text : '')).join('')
  const args = (index: number): string =>
    out
      .map((event) => (event.kind === 'tool-arguments' && event.index === index ? event.piece : ''))
      .join('')
  return { events: out, text: joined('text'), joined, args, counts: filter.counts() }
}

/** For tests: one text, split at these places. */
export const piecesOf = (text: string, cuts: readonly number[]): readonly string[] => {
  const at = [...new Set(cuts.map((cut) => cut % (text.length + 1)))].toSorted((a, b) => a - b)
  return [0, ...at].map((from, i) => text.slice(from, at[i] ?? text.length))
}
