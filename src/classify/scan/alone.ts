import type { Draft } from './detector.ts'
import { type NearRule, occurs } from './find-near.ts'
import type { Scan } from './scan.ts'

/** UTF-16 units; a longer text is more than a value or two. */
const LONGEST = 48
/** A German plate of five characters and its separators; shorter texts hold none of these values. */
const SHORTEST = 6
/** What may join two values: "AA0123456B and AA0123456B". */
const JOINED = /^[^\p{L}\d]*(?:\p{L}{1,3}[^\p{L}\d]+){0,2}$/u

/** A rule that also reads a text which holds nothing but its values: a cell, a form field, an answer of one word. */
export interface AloneRule extends NearRule {
  /** Confidence there. No word speaks for the value, so it stays low unless the check is strong. */
  readonly alone: number
}

export const isAlone = (rule: NearRule): rule is AloneRule => rule.alone !== undefined

/** Whether a text is short enough, and has digits to look at. */
export const mayBeAlone = ({ text, runs }: Scan): boolean =>
  text.length <= LONGEST &&
  text.length >= SHORTEST &&
  (runs.numbers.length > 0 || runs.codes.length > 0)

/** The values of `rule` where they are all that the text says. */
export function findAlone(scan: Scan, rule: AloneRule, found: (draft: Draft) => void): void {
  scan.steps.spend(scan.text.length)
  if (!occurs(rule, scan.text)) return
  const drafts: Draft[] = []
  let left = ''
  let done = 0
  for (const match of scan.text.matchAll(rule.shape)) {
    const compact = match[0].replaceAll(/[^\p{L}\d]/gu, '').toUpperCase()
    if (rule.check?.(compact, match[0]) === false) continue
    left += ` ${scan.text.slice(done, match.index)} `
    done = match.index + match[0].length
    const checked =
      rule.checkName === undefined ? [] : [{ kind: 'checksum' as const, name: rule.checkName }]
    drafts.push({
      type: rule.type,
      rule: rule.rule,
      start: match.index,
      end: done,
      confidence: rule.alone,
      because: [{ kind: 'shape' }, ...checked],
      ...(rule.country === undefined ? {} : { country: rule.country }),
    })
  }
  if (drafts.length === 0 || !JOINED.test(`${left}${scan.text.slice(done)} `)) return
  for (const draft of drafts) found(draft)
}
