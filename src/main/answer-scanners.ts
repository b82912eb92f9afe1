import { createClassifier } from '#classify/classify.ts'
import { answerClassifier } from '#guard/answers/classified.ts'
import type { AnswerScanners } from '#guard/answers/guard-answer.ts'

/** What reads answers in this process, built when the first of them is to be read. */
export function answerScanners(): AnswerScanners {
  let stream: AnswerScanners['stream'] | null = null
  let classify: AnswerScanners['classify'] | null = null
  return {
    get stream() {
      return (stream ??= answerClassifier())
    },
    get classify() {
      return (classify ??= createClassifier())
    },
  }
}
