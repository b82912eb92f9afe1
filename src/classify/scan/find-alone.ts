import type { Draft, Found } from './detector.ts'
import type { NearRule } from './find-near.ts'
import type { Scan } from './scan.ts'

/** A shape beside a word that also counts where a text holds nothing else: a cell, a field, a line of a form. */
export interface LoneRule extends NearRule {
  /** Confidence of a value by itself; it stays low (0.45) unless its check or its form is rare. */
  readonly alone?: number
  /** The form asked of a value by itself where it is stricter than beside a word. */
  readonly whole?: RegExp
}

/** Capitals and digits in a few groups: what fails this is prose. */
const VALUE =
  /^\s{0,4}["'(]?([A-Z\d][A-Za-z\d]{0,24}(?:[ ./:-]{1,2}[A-Za-z\d]{1,24}){0,8})[."')]?\s{0,4}$/
/** A value by itself is no longer. */
const LONGEST = 48
const SHORTEST = 5

/** Finds the rules that a text fits as a whole. */
export function findAlone(scan: Scan, rules: readonly LoneRule[], found: Found): void {
  const { text } = scan
  if (text.length > LONGEST || text.length < SHORTEST) return
  const value = VALUE.exec(text)?.[1]
  scan.steps.spend(text.length)
  if (value === undefined || !/\d.?\d/.test(value)) return
  const start = text.indexOf(value)
  const compact = value.replaceAll(/[^A-Za-z\d]/g, '').toUpperCase()
  for (const rule of rules) {
    if (rule.alone === undefined || !isWhole(rule, value)) continue
    if (rule.check?.(compact, value) === false) continue
    found(draftOf(rule, rule.alone, start, start + value.length))
  }
}

function isWhole({ shape, whole }: LoneRule, value: string): boolean {
  if (whole?.test(value) === false) return false
  shape.lastIndex = 0
  const match = shape.exec(value)
  shape.lastIndex = 0
  return match !== null && match[0].length === value.length
}

const draftOf = (rule: LoneRule, confidence: number, start: number, end: number): Draft => ({
  type: rule.type,
  rule: rule.rule,
  start,
  end,
  confidence,
  because:
    rule.checkName === undefined
      ? [{ kind: 'shape' }]
      : [{ kind: 'checksum', name: rule.checkName }],
  ...(rule.country === undefined ? {} : { country: rule.country }),
})
