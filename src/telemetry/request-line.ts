import { codeOf, endingOf, type Observation } from './observation.ts'

/** One request as one line of the log: ids, codes and figures. */
export type RequestLine = Readonly<Record<string, string | number | boolean | null>>

/** What the log says of a request that has ended; a model name that the configuration does not know is left out. */
export function requestLine(seen: Observation): RequestLine {
  const { decision, outcome } = seen
  return {
    msg: 'request',
    request: seen.request,
    decision: seen.decisionId,
    key: decision?.key ?? null,
    route: seen.route,
    surface: seen.surface,
    class: decision?.class ?? null,
    ...(decision?.undetermined ? { undetermined: true } : {}),
    destination: outcome?.destination ?? null,
    model: decision?.served ?? null,
    zone: decision?.zone ?? null,
    status: seen.status,
    outcome: endingOf(seen),
    code: codeOf(seen),
    stream: seen.stream,
    bytes: seen.bytes,
    ms: rounded(seen.durationMs),
    first_byte_ms: seen.firstByteMs === null ? null : rounded(seen.firstByteMs),
    input_tokens: outcome?.promptTokens ?? null,
    output_tokens: outcome?.completionTokens ?? null,
    ...(seen.parent ? { trace: seen.parent.traceId } : {}),
  }
}

/** Microseconds are enough. */
const rounded = (ms: number): number => Math.round(ms * 1000) / 1000
