import type { DialectName, ServedModel } from '#kernel/destination.ts'
import type { Refusal } from '#kernel/refusal.ts'
import { err, ok, type Result } from '#kernel/result.ts'

/**
 * Whether a destination may be asked for media: it speaks the dialect, the caller named the model, and the model is
 * not known to do something else.
 */
export function servesMedia(
  dialect: DialectName,
  served: ServedModel,
  requested: string,
): Result<void, Refusal> {
  const isSure = requested !== 'auto' && served.task === undefined
  return dialect === 'openai' && isSure
    ? ok(undefined)
    : err({ code: 'unsupported-parameter', param: 'model' })
}
