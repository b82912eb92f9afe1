import type { Stage } from '#gateway/ports.ts'
import type { RandomBytes } from '#kernel/ports.ts'
import { nanoseconds, otlpAttributes, type Attributes, type OtlpAttribute } from './attributes.ts'
import { NAMES, operationOf, providerOf } from './genai-names.ts'
import { codeOf, endingOf, type Observation } from './observation.ts'

/** Where a destination is, as the configuration says; null on a socket of this machine. */
export interface Place {
  readonly host: string
  readonly port: number
}

/** One span in the JSON encoding of OTLP 1. */
export interface OtlpSpan {
  readonly traceId: string
  readonly spanId: string
  readonly parentSpanId?: string
  readonly name: string
  /** 1 internal, 2 server, 3 client. */
  readonly kind: 1 | 2 | 3
  readonly startTimeUnixNano: string
  readonly endTimeUnixNano: string
  readonly attributes: readonly OtlpAttribute[]
  /** 2 error; unset otherwise. */
  readonly status: { readonly code?: 2; readonly message?: string }
}

const TRACE_BYTES = 16
const SPAN_BYTES = 8

/** The stages before a destination is asked. */
const BEFORE_ASKING: readonly Stage[] = ['auth', 'read', 'classify', 'decide', 'record', 'commit']

/**
 * The spans of one request: the request itself, its classification, and the call of the destination under the GenAI
 * conventions. Ids, codes and figures; no content, and no model name that the configuration does not know.
 */
export function spansOf(
  seen: Observation,
  placeOf: (destination: string) => Place | null,
  randomBytes: RandomBytes,
): readonly OtlpSpan[] {
  const traceId = seen.parent?.traceId ?? hex(randomBytes(TRACE_BYTES))
  const spanId = hex(randomBytes(SPAN_BYTES))
  const under = { traceId, parentSpanId: spanId }
  const root: OtlpSpan = {
    traceId,
    spanId,
    ...(seen.parent ? { parentSpanId: seen.parent.spanId } : {}),
    name: seen.route === null ? 'POST' : `POST ${seen.route}`,
    kind: 2,
    ...during(seen, 0, seen.durationMs),
    attributes: otlpAttributes(requestAttributes(seen)),
    status: seen.status >= 500 ? { code: 2 } : {},
  }
  const classified = timeOf(seen, 'classify')
  const asked = askedSpan(seen, placeOf)
  return [
    root,
    ...(classified
      ? [
          {
            ...under,
            spanId: hex(randomBytes(SPAN_BYTES)),
            name: 'classify',
            kind: 1 as const,
            ...during(seen, classified.from, classified.to),
            attributes: otlpAttributes(labelAttributes(seen)),
            status: {},
          },
        ]
      : []),
    ...(asked ? [{ ...under, spanId: hex(randomBytes(SPAN_BYTES)), ...asked }] : []),
  ]
}

type Asked = Omit<OtlpSpan, 'traceId' | 'spanId' | 'parentSpanId'>

/** The call of the destination; null where none was asked, or where the conventions do not know the operation. */
function askedSpan(
  seen: Observation,
  placeOf: (destination: string) => Place | null,
): Asked | null {
  const attributes = genaiAttributes(seen, placeOf)
  if (!attributes) return null
  const model = seen.decision?.served ?? ''
  const ending = endingOf(seen)
  return {
    name: `${String(attributes[NAMES.operation])} ${model}`.trim(),
    kind: 3,
    ...during(seen, beforeAsking(seen), seen.durationMs),
    attributes: otlpAttributes(attributes),
    status: ending === 'failed' ? { code: 2 } : {},
  }
}

/** Attributes of a call under the GenAI conventions, for its span and for its metrics; null where none was made. */
export function genaiAttributes(
  seen: Observation,
  placeOf: (destination: string) => Place | null,
): Attributes | null {
  const { decision, outcome } = seen
  const operation = operationOf(seen.surface ?? '')
  const destination = outcome?.destination ?? null
  if (operation === null || !decision || !outcome || destination === null) return null
  const place = placeOf(destination)
  return {
    [NAMES.operation]: operation,
    [NAMES.provider]: providerOf(place?.host ?? null, destination),
    [NAMES.requestModel]: decision.served,
    [NAMES.requestStream]: seen.stream,
    [NAMES.timeToFirstChunk]:
      seen.stream && outcome.firstByteMs !== null ? outcome.firstByteMs / 1000 : null,
    [NAMES.inputTokens]: outcome.promptTokens,
    [NAMES.outputTokens]: outcome.completionTokens,
    [NAMES.cachedTokens]: outcome.cachedTokens,
    [NAMES.reasoningTokens]: outcome.reasoningTokens,
    [NAMES.errorType]: outcome.code,
    [NAMES.serverAddress]: place?.host,
    [NAMES.serverPort]: place?.port,
    [NAMES.destination]: destination,
    [NAMES.zone]: decision.zone,
  }
}

const requestAttributes = (seen: Observation): Attributes => ({
  [NAMES.httpMethod]: 'POST',
  [NAMES.httpRoute]: seen.route,
  [NAMES.httpStatus]: seen.status,
  [NAMES.errorType]: codeOf(seen),
  [NAMES.request]: seen.request,
  [NAMES.surface]: seen.surface,
  [NAMES.decision]: seen.decisionId,
  [NAMES.policy]: seen.decision?.policy,
  [NAMES.outcome]: endingOf(seen),
  [NAMES.destination]: seen.outcome?.destination,
  ...labelAttributes(seen),
  ...Object.fromEntries(
    seen.stages.map(({ stage, ms }) => [`${NAMES.stage}.${stage}`, ms / 1000] as const),
  ),
})

const labelAttributes = ({ decision }: Observation): Attributes => ({
  [NAMES.dataClass]: decision?.class,
  [NAMES.undetermined]: decision?.undetermined,
  [NAMES.categories]: decision?.categories,
})

/** From when to when a stage ran, milliseconds from the arrival. */
function timeOf(seen: Observation, wanted: Stage): { from: number; to: number } | null {
  let from = 0
  for (const { stage, ms } of seen.stages) {
    if (stage === wanted) return { from, to: from + ms }
    from += ms
  }
  return null
}

/** Milliseconds from the arrival until the first destination could be asked. */
function beforeAsking({ stages }: Observation): number {
  let until = 0
  for (const { stage, ms } of stages) {
    if (!BEFORE_ASKING.includes(stage)) break
    until += ms
  }
  return until
}

const during = ({ startedAt }: Observation, from: number, to: number) => ({
  startTimeUnixNano: nanoseconds(startedAt + from),
  endTimeUnixNano: nanoseconds(startedAt + to),
})

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex')
