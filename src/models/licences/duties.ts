import type { Judged, Judgement } from './judge.ts'
import type { Licence } from './licence.ts'
import { writeNotice } from './notice.ts'

/** What is to be done because a model is used, as its licence asks of this company. */
export interface LicenceTask {
  readonly model: string
  /** SHA-256 of the weights in hexadecimal. */
  readonly digest: string
  readonly licence: string
  readonly condition: string
  /** `notice`, `naming`, `attribution` ... */
  readonly kind: string
  readonly obligation: string
  readonly citation: string | null
  /** duty: now. clear: a lawyer, or a figure of the company, must say. blocked: it is not allowed. later: when something happens. */
  readonly what: 'duty' | 'clear' | 'blocked' | 'later'
  /** What the company has not said of itself. */
  readonly missing: readonly string[]
}

/** A model with its licences, as they are judged now. */
export interface JudgedLicences {
  readonly name: string
  readonly digest: string
  readonly licences: readonly Licence[]
  readonly judgement: Judgement
  readonly text: string | null
}

/** Every task, model by model, the most pressing first. */
export const tasksOf = (models: readonly JudgedLicences[]): readonly LicenceTask[] =>
  models.flatMap(({ name, digest, judgement }) => {
    const { blocking, legal, duties, later } = judgement
    const task =
      (what: LicenceTask['what']) =>
      ({ licence, condition, missing }: Judged): LicenceTask => ({
        model: name,
        digest,
        licence,
        condition: condition.id,
        kind: condition.kind,
        obligation: condition.obligation,
        citation: condition.citation,
        what,
        missing,
      })
    return [
      ...blocking.map(task('blocked')),
      ...legal.map(task('clear')),
      ...duties.map(task('duty')),
      ...later.map(task('later')),
    ]
  })

/** One NOTICE for all models. */
export const noticeOf = (models: readonly JudgedLicences[]): string =>
  models
    .map(({ name, licences, judgement, text }) => writeNotice(name, licences, judgement, text))
    .join(`${'='.repeat(72)}\n`)
