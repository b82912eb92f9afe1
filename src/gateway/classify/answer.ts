import type { Finding, Label, Reason } from '#kernel/label.ts'
import type { Language } from '#kernel/refusal-messages.ts'
import type { TextPart } from '#kernel/text-part.ts'
import type { Labelled } from '../ports.ts'
import { codePointOffsets } from './code-points.ts'
import { pathsWithoutMatches } from './paths.ts'
import type { Question } from './question.ts'

/** One finding as callers get it. */
export interface FindingAnswer {
  readonly type: string
  readonly rule: string
  /** Dotted path of the text in the body; `*` for a key in which something was found. */
  readonly path: string
  /** What was found there: the text of a field, its key, or a number. */
  readonly kind: TextPart['kind']
  readonly start: number
  readonly end: number
  readonly confidence: number
  readonly level: 'high' | 'medium' | 'low'
  readonly country?: string
  readonly because: readonly Reason[]
  readonly explanation: string
  /** The text itself, only where it was asked for. */
  readonly quote?: string
}

export interface ClassifyAnswer {
  readonly label: Label
  readonly findings: readonly FindingAnswer[]
  /** How many texts, keys and numbers were looked at. */
  readonly parts: number
  /** The caller's key may not send this; only of a key that has a highest class. */
  readonly aboveKey?: boolean
}

type ExplainFinding = (finding: Finding, language: Language) => string

/** Most units of one quotation: a private key is told by its beginning. */
const LONGEST_QUOTE = 200

/** Explains what was found; the answer never holds it, unless it was asked for. */
export function answerQuestion(
  { parts, quote, offsets }: Question,
  { label, findings }: Labelled,
  explain: ExplainFinding,
  language: Language,
): ClassifyAnswer {
  const pathOf = pathsWithoutMatches(parts, findings)
  const counted = new Map<number, (offset: number) => number>()
  const placeIn = (part: number, offset: number): number => {
    if (offsets === 'utf16') return offset
    const known = counted.get(part) ?? codePointOffsets(parts[part]?.text ?? '')
    counted.set(part, known)
    return known(offset)
  }
  return {
    label,
    parts: parts.length,
    findings: findings.map((found) => {
      const path = pathOf(found.part)
      const text = parts[found.part]?.text ?? ''
      const shown = path === parts[found.part]?.path ? found : withoutKey(found)
      return {
        type: found.type,
        rule: found.rule,
        path,
        kind: parts[found.part]?.kind ?? 'text',
        start: placeIn(found.part, found.start),
        end: placeIn(found.part, found.end),
        confidence: found.confidence,
        level: levelOf(found.confidence),
        ...(found.country === undefined ? {} : { country: found.country }),
        because: shown.because,
        explanation: explain(shown, language),
        ...(quote
          ? { quote: text.slice(found.start, Math.min(found.end, found.start + LONGEST_QUOTE)) }
          : {}),
      }
    }),
  }
}

/** The name of the field would tell what was found in it. */
const withoutKey = (found: Finding): Finding => ({
  ...found,
  because: found.because.map((reason) =>
    reason.kind === 'key' ? { ...reason, key: '*' } : reason,
  ),
})

const levelOf = (confidence: number): 'high' | 'medium' | 'low' =>
  confidence >= 0.85 ? 'high' : confidence >= 0.65 ? 'medium' : 'low'
