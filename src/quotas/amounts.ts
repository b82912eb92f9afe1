import type { Amounts } from './quota.ts'

/** How large a request is, as far as that is known before it is answered. */
export interface RequestSize {
  /** The model that was asked for, or the one that is asked. */
  readonly model: string
  /** Estimated from the length of its texts. */
  readonly inputTokens: number
  /** The most that the caller lets the answer be; null: not said. */
  readonly outputLimit: number | null
  /** Of the body. */
  readonly bytes: number
  readonly stream: boolean
}

/** What came of a request; null where nobody said. */
export interface ActualUse {
  /** Whether it was sent anywhere. */
  readonly sent: boolean
  readonly inputTokens: number | null
  readonly outputTokens: number | null
  /** Tokens that were seen to be produced, of an answer that was cut before it was counted. */
  readonly producedTokens: number
  /** Bytes of the answer. */
  readonly answerBytes: number
}

/** What is taken when the request comes: the most that the answer may be, or what answers usually are. */
export function amountsOf(size: RequestSize, usualOutput: number): Amounts {
  const outputTokens = size.outputLimit ?? usualOutput
  return {
    requests: 1,
    inputTokens: size.inputTokens,
    outputTokens,
    totalTokens: size.inputTokens + outputTokens,
    bytes: size.bytes,
    concurrentRequests: 1,
    concurrentStreams: size.stream ? 1 : 0,
  }
}

/** What it really was. */
export function actualAmounts(size: RequestSize, use: ActualUse): Amounts {
  const inputTokens = use.sent ? (use.inputTokens ?? size.inputTokens) : 0
  const outputTokens = use.outputTokens ?? use.producedTokens
  return {
    requests: 1,
    inputTokens,
    outputTokens,
    totalTokens: inputTokens + outputTokens,
    bytes: size.bytes + use.answerBytes,
    concurrentRequests: 0,
    concurrentStreams: 0,
  }
}
