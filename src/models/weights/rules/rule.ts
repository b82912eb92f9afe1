import type { Effect, Severity } from '../verdict.ts'
import type { RemedyId } from './remedies.ts'

/** What a rule means, in both languages, and what to do about it. */
export interface Rule {
  readonly effect: Effect
  readonly severity: Severity
  readonly remedy: RemedyId
  readonly en: string
  readonly fr: string
}

const ruleOf =
  (effect: Effect) =>
  (severity: Severity, remedy: RemedyId, en: string, fr: string): Rule => ({
    effect,
    severity,
    remedy,
    en,
    fr,
  })

/** Breaks a rule: exit code 1. */
export const forbid = ruleOf('forbid')
/** Nothing can be said: exit code 2. */
export const unread = ruleOf('unread')
/** Worth knowing; the verdict stays. */
export const warn = ruleOf('warn')
