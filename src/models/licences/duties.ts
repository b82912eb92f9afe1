import type { Judged, Judgement } from './judge.ts'
import type { Licence } from './licence.ts'
import { writeNotice } from './notice.ts'

/** What is to be done because a model is used, as its licence asks of this company. */
export interface LicenceTask {
  readonly model: string
  /** SHA-256 of the weights in hexadecimal. */
  readonly digest: string
  /** Empty where none is known. */
  readonly licence: string
  /** Of the licence, or the code of a doubt. */
  readonly condition: string
  /** `licence` for a doubt about which one it is, else that of the condition: `notice`, `naming`, `attribution` ... */
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

/** What a lawyer is asked where it is not clear which licence holds. */
const DOUBTS: Readonly<Record<Judgement['reasons'][number], string>> = {
  'licence-unknown': 'find out the licence of the model, or of what it was made from',
  'text-resembles-only': 'have the text read: it only resembles a known licence',
  'tag-contradicts-text': 'have it cleared which licence holds: the text and the metadata name two',
}

/** Every task, model by model, the most pressing first. */
export const tasksOf = (models: readonly JudgedLicences[]): readonly LicenceTask[] =>
  models.flatMap(({ name, digest, licences, judgement }) => {
    const { blocking, legal, duties, later, reasons } = judgement
    const doubts = reasons.map((code): LicenceTask => {
      const [own] = licences
      return {
        model: name,
        digest,
        licence: own?.id ?? '',
        condition: code,
        kind: 'licence',
        obligation: DOUBTS[code],
        citation: null,
        what: 'clear',
        missing: [],
      }
    })
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
      ...doubts,
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
