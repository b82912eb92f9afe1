import { describeRefusal } from '#kernel/refusal-messages.ts'
import type { Refusal } from '#kernel/refusal.ts'
import { ollamaErrorBody, ollamaErrorLine } from '#protocols/ollama/error-body.ts'
import { STATUS } from '../refusal-status.ts'
import type { ErrorShape, Told } from './error-shape.ts'

/** Errors of the Ollama surfaces: one sentence, which is all that this protocol has; the code is in a header. */
export const ollamaErrors: ErrorShape = {
  status: (refusal) => STATUS[refusal.code],
  body: (refusal, told) => ollamaErrorBody(sentence(refusal, told)),
  frame: (refusal, told) => ollamaErrorLine(sentence(refusal, told)),
}

/** The destination's own words where they concern the caller's request. */
function sentence(refusal: Refusal, { said, language }: Told): string {
  if (said && refusal.code === 'destination-refused') return said.message
  const { message, remedy } = describeRefusal(refusal, language)
  return `${message} ${remedy}`
}
