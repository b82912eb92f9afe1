import type { ServerResponse } from 'node:http'
import type { AnswerReport, CacheReceipt, Receipt } from '#kernel/exchange.ts'
import type { Clock } from '#kernel/ports.ts'
import type { EpochMs } from '#kernel/units.ts'
import type { Refusal } from '#kernel/refusal.ts'
import type { Reply } from '#pipeline/ports.ts'
import type { ToldLimits } from '#quotas/told.ts'
import { isWorthRetrying } from './refusal-status.ts'
import type { ErrorShape, Told } from './surfaces/error-shape.ts'
import { openAiLimitHeaders } from './surfaces/limit-headers.ts'

/** Headers of every answer of the data plane. */
function headers(receipt: Receipt | null, told: Told, isWhole = true): Record<string, string> {
  return {
    'x-request-id': told.requestId,
    // where Anthropic's clients look for it
    'request-id': told.requestId,
    ...(told.watch ? { 'server-timing': told.watch.timing() } : {}),
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    ...(receipt
      ? {
          'x-ecluse-class': `${receipt.class}${receipt.undetermined ? ';undetermined' : ''}`,
          'x-ecluse-destination': receipt.destination ?? 'none',
          ...(receipt.dropped.length > 0
            ? { 'x-ecluse-dropped': droppedNames(receipt.dropped) }
            : {}),
          ...(receipt.isDisclosed ? { 'x-ecluse-ai-generated': 'true' } : {}),
          ...(receipt.opinion ? { 'x-ecluse-opinion': receipt.opinion } : {}),
          ...(isWhole && receipt.answer ? { 'x-ecluse-answer': answerText(receipt.answer()) } : {}),
          ...(receipt.masked ? { 'x-ecluse-masked': maskedText(receipt.masked()) } : {}),
          ...(receipt.budget ? { 'x-ecluse-budget': budgetText(receipt.budget) } : {}),
          ...(receipt.attempts ? { 'x-ecluse-attempts': String(receipt.attempts) } : {}),
          ...(receipt.cache ? cacheHeaders(receipt.cache) : {}),
          'x-ecluse-decision': `${receipt.decision};${receipt.leaf}`,
        }
      : {}),
  }
}

/** Whether the answer was kept before, and for how many seconds (RFC 9111, section 5.1). */
const cacheHeaders = ({ state, ageSeconds }: CacheReceipt): Record<string, string> => ({
  'x-ecluse-cache': state,
  ...(ageSeconds === undefined ? {} : { age: String(ageSeconds) }),
})

/** `clean`, or `secrets=1 links=2;mask`: kinds and counts, and the strictest of what was done. */
function answerText({ found, done, isUnreadable }: AnswerReport): string {
  const counts = Object.entries(found).map(([kind, count]) => `${kind}=${count}`)
  if (isUnreadable) counts.push('unreadable')
  return counts.length === 0 && done === 'pass' ? 'clean' : `${counts.join(' ')};${done}`
}

/** How many values were masked, and what of the answer holds placeholders still: `3;kept=1;unknown=1`. A stream has just begun. */
const maskedText = ({
  values,
  kept,
  unknown,
}: ReturnType<NonNullable<Receipt['masked']>>): string =>
  `${values}${kept > 0 ? `;kept=${kept}` : ''}${unknown > 0 ? `;unknown=${unknown}` : ''}`

/** The caller's own names, as a header can carry them. */
const droppedNames = (dropped: readonly string[]): string =>
  dropped
    .slice(0, 32)
    .map((name) => name.slice(0, 64).replaceAll(/[^\w.-]/g, '?'))
    .join(', ')

/** What an answer tells of limits, in the names of its surface. */
type TellLimits = (() => ToldLimits | null) | null

function limitHeaders(
  errors: ErrorShape,
  tell: TellLimits,
  now: EpochMs,
): Record<string, string> | null {
  const limits = tell?.() ?? null
  return limits && (errors.limitHeaders ?? openAiLimitHeaders)(limits, now)
}
/** The budget that binds most: `team-a;remaining=1200;unit=tokens`, and `soft` beyond its soft limit. */
const budgetText = ({ id, remaining, unit, isOverSoft }: NonNullable<Receipt['budget']>): string =>
  `${id};remaining=${remaining};unit=${unit}${isOverSoft ? ';soft' : ''}`

/** Writes a refusal as the whole answer, in the shape of the surface that was called. */
export function writeRefusal(
  raw: ServerResponse,
  errors: ErrorShape,
  refusal: Refusal,
  told: Told,
  receipt: Receipt | null = null,
  limits: { readonly tell: TellLimits; readonly now: EpochMs } | null = null,
): void {
  if (raw.headersSent || raw.destroyed) return
  told.watch?.refused(refusal.code)
  const body = errors.body(refusal, told)
  const wait = refusal.retryAfterSeconds
  raw.writeHead(errors.status(refusal), {
    ...headers(receipt, told),
    ...limitHeaders(errors, limits?.tell ?? null, limits?.now ?? 0),
    'content-type': 'application/json; charset=utf-8',
    'content-length': Buffer.byteLength(body),
    'x-ecluse-error': refusal.code,
    // SDKs repeat a failed request by themselves: only where that can help, and we have not done so already
    'x-should-retry': String(isWorthRetrying(refusal) && (receipt?.attempts ?? 0) < 2),
    ...(wait === undefined ? {} : { 'retry-after': String(wait) }),
  })
  raw.end(body)
}

/** The caller's side of one exchange on a hijacked response: the one place that writes its headers. */
export function surfaceReply(
  raw: ServerResponse,
  errors: ErrorShape,
  told: Told,
  clock: Clock,
): Reply {
  let tell: TellLimits = null
  return {
    limits(next) {
      tell = next
    },
    refuse: (refusal, receipt, said) =>
      writeRefusal(raw, errors, refusal, { ...told, said }, receipt, { tell, now: clock() }),
    whole(contentType, receipt, body) {
      if (raw.headersSent || raw.destroyed) return
      raw.writeHead(200, {
        ...headers(receipt, told),
        ...limitHeaders(errors, tell, clock()),
        'content-type': contentType,
        'content-length': body.length,
      })
      // in one call, so that one packet carries all
      raw.end(body)
    },
    head(contentType, receipt) {
      if (raw.headersSent || raw.destroyed) return
      raw.writeHead(200, {
        // what will be found in a stream is not known yet
        ...headers(receipt, told, false),
        ...limitHeaders(errors, tell, clock()),
        'content-type': contentType,
      })
    },
    write: (piece) => raw.destroyed || raw.write(piece),
    onDrain: (resume) => {
      raw.once('drain', resume)
    },
    end: () => {
      raw.end()
    },
    interrupt(refusal, failed) {
      raw.end(errors.frame(refusal, told, failed))
    },
  }
}
