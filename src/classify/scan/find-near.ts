import type { Draft } from './detector.ts'
import type { Hits } from './hits.ts'
import { needsDigit } from './needed-pieces.ts'
import type { Scan } from './scan.ts'
import { isDigitAt } from './symbols.ts'

/** A shape that counts only within reach of a word of its group. Its quantifiers are bounded: it runs in a window, never over a text. */
export interface NearRule {
  readonly type: string
  readonly rule: string
  readonly group: string
  /** Global; matches the value alone. */
  readonly shape: RegExp
  /** Called with the value, upper case, separators left out, and as it is written. */
  readonly check?: (compact: string, written: string) => boolean
  readonly checkName?: string
  readonly confidence: number
  readonly country?: string
  /** Units after the word; 60 unless told. */
  readonly reach?: number
  /** Units before the word; 30 unless told. */
  readonly back?: number
  /** Confidence where a short text holds nothing else; without it the rule needs its word. */
  readonly alone?: number
}

/** Whether a shape stands in a text at all; `matchAll` copies the expression, which costs more than the search. */
export function occurs({ shape }: NearRule, text: string): boolean {
  shape.lastIndex = 0
  const found = shape.test(text)
  shape.lastIndex = 0
  return found
}

const ROOM = 40
/** Words of one group in a text; where there are more, windows without a digit are passed over. */
const FEW = 8
/** A word behind a value speaks for it less than one before it. */
const BEHIND = 20

/** Finds the values of one rule around each of its words, and in the whole of a short text whose field is named so. */
export function findNear(scan: Scan, rule: NearRule, found: (draft: Draft) => void): void {
  const hits = scan.hits(rule.group)
  const key = scan.inKey(rule.group)
  if (key !== undefined && scan.text.length <= 200) {
    inWindow(scan, rule, 0, scan.text.length, { kind: 'key', key }, found)
  }
  let done = -1
  const digits = hits.length > FEW && isOfDigits(rule) ? new NextDigit(scan.text) : undefined
  for (let i = 0; i < hits.length && !scan.steps.exhausted; i++) {
    const from = Math.max((hits.starts[i] ?? 0) - (rule.back ?? 30), 0)
    const to = (hits.ends[i] ?? 0) + (rule.reach ?? 60)
    if (digits !== undefined && digits.from(from) > to + ROOM) {
      scan.steps.spend(1)
      done = -1
      continue
    }
    const keyword = hits.words[i] ?? ''
    done = inWindow(scan, rule, Math.max(from, done), to, { kind: 'keyword', keyword }, found)
  }
}

const OF_DIGITS = new WeakMap<NearRule, boolean>()

function isOfDigits(rule: NearRule): boolean {
  let known = OF_DIGITS.get(rule)
  if (known === undefined) OF_DIGITS.set(rule, (known = needsDigit(rule.shape)))
  return known
}

/** The digits of a text, asked for from left to right, or nearly so. */
class NextDigit {
  readonly #text: string
  #asked = 0
  #at = 0

  constructor(text: string) {
    this.#text = text
  }

  /** Where the first digit from `place` on stands, or the end of the text. */
  from(place: number): number {
    this.#at = place < this.#asked ? place : Math.max(this.#at, place)
    this.#asked = place
    while (this.#at < this.#text.length && !isDigitAt(this.#text, this.#at)) this.#at++
    return this.#at
  }
}

function inWindow(
  scan: Scan,
  rule: NearRule,
  from: number,
  to: number,
  told: Draft['because'][number],
  found: (draft: Draft) => void,
): number {
  const base = Math.max(0, from - 2)
  const window = scan.text.slice(base, to + ROOM)
  scan.steps.spend(window.length)
  if (!occurs(rule, window)) return -1
  let done = -1
  for (const match of window.matchAll(rule.shape)) {
    const start = base + match.index
    if (start < from || start > to) continue
    const compact = match[0].replaceAll(/[^\p{L}\d]/gu, '').toUpperCase()
    if (rule.check?.(compact, match[0]) === false) continue
    const checked =
      rule.checkName === undefined ? [] : [{ kind: 'checksum' as const, name: rule.checkName }]
    done = start + match[0].length
    found({
      type: rule.type,
      rule: rule.rule,
      start,
      end: done,
      confidence: rule.confidence,
      because: checked.length > 0 ? [...checked, told] : [{ kind: 'shape' }, told],
      distance: told.kind === 'key' ? 0 : distanceTo(scan.hits(rule.group), start, done),
      ...(rule.country === undefined ? {} : { country: rule.country }),
    })
  }
  return done
}

/** From [start, end) to the nearest hit: the one that ends before it, or the next. */
function distanceTo(hits: Hits, start: number, end: number): number {
  const next = hits.after(start)
  const before = next === 0 ? Number.POSITIVE_INFINITY : start - (hits.ends[next - 1] ?? 0)
  const behind = next === hits.length ? Number.POSITIVE_INFINITY : (hits.starts[next] ?? 0) - end
  return Math.min(before, Math.max(0, behind) + BEHIND)
}
