/** The caller's place in a trace (W3C Trace Context), as the `traceparent` header tells it. */
export interface TraceParent {
  /** 32 lower-case hexadecimal digits. */
  readonly traceId: string
  /** 16 lower-case hexadecimal digits. */
  readonly spanId: string
  readonly sampled: boolean
}

const SHAPE = /^(?!ff)[0-9a-f]{2}-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(?:-|$)/

/** Reads a `traceparent` header; anything that is not one is no parent, as the recommendation asks. */
export function readTraceParent(
  header: string | readonly string[] | undefined,
): TraceParent | null {
  if (typeof header !== 'string' || header.length > 256) return null
  const [, traceId = '', spanId = '', flags = ''] = SHAPE.exec(header) ?? []
  if (/^0*$/.test(traceId) || /^0*$/.test(spanId)) return null
  if (header.startsWith('00') && header.length !== 55) return null
  return { traceId, spanId, sampled: (Number.parseInt(flags, 16) & 1) === 1 }
}
