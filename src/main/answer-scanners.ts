import { createClassifier } from '#classify/classify.ts'
import type { OwnTermsSource } from '#classify/own-terms/own-terms.ts'
import { answerClassifier } from '#guard/answers/classified.ts'
import type { AnswerScanners } from '#guard/answers/guard-answer.ts'

/** What reads answers in this process, built when the first of them is to be read; with what the company has told of itself. */
export function answerScanners(own: OwnTermsSource): AnswerScanners {
  let stream: AnswerScanners['stream'] | null = null
  let classify: AnswerScanners['classify'] | null = null
  return {
    get stream() {
      return (stream ??= answerClassifier(own))
    },
    get classify() {
      return (classify ??= createClassifier(undefined, null, own))
    },
  }
}
