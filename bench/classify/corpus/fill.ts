import type { Span } from '../row.ts'
import type { Random } from './numbers.ts'
import { SECRETS } from './secrets.ts'
import { lookAlike, MAKERS } from './values.ts'

const SLOT = /\{(!?)([A-Z][A-Z\d_]+|[a-z]+)\}/g

export interface Filled {
  readonly text: string
  readonly spans: readonly Span[]
}

export interface FillOptions {
  readonly next: Random
  readonly lang: string
  /** As people type on a keyboard that has none. */
  readonly withoutAccents?: boolean
  /** Whether a secret is what it says; in look-alikes the same signs mean something else. */
  readonly hasSpans?: boolean
}

/** A template with every slot filled, and where its values stand, in code points. `{!TYPE}` is a look-alike. */
export function fill(template: string, options: FillOptions): Filled {
  const { next, lang, withoutAccents = false, hasSpans = true } = options
  const shown = (text: string): string =>
    withoutAccents ? text.normalize('NFD').replaceAll(/\p{Mn}/gu, '') : text
  const spans: Span[] = []
  let text = ''
  let from = 0
  for (const match of template.matchAll(SLOT)) {
    const [slot, mark, name = ''] = match
    const value = valueOf(name, mark === '!', next, lang)
    if (value === null) continue
    text += shown(template.slice(from, match.index).replaceAll('\\n', '\n'))
    from = match.index + slot.length
    const start = lengthOf(text)
    text += shown(value)
    const type = name in SECRETS || name === 'SECRET' ? 'SECRET' : name
    if (hasSpans && mark !== '!') spans.push({ start, end: lengthOf(text), type })
  }
  return { text: text + shown(template.slice(from).replaceAll('\\n', '\n')), spans }
}

function valueOf(name: string, isLookAlike: boolean, next: Random, lang: string): string | null {
  if (isLookAlike) return lookAlike(name, next, lang)
  if (name === 'SECRET') return SECRETS['github']?.(next) ?? null
  return MAKERS[name]?.(next, lang) ?? SECRETS[name]?.(next) ?? null
}

const lengthOf = (text: string): number => Array.from(text).length
