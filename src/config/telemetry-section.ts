import { isLoopback } from './listen-address.ts'
import type { Reading } from './reading.ts'
import { FileSchema } from './schema.ts'
import { secretAt } from './secret-at.ts'
import { Secret } from './secret.ts'
import type { OtlpSettings, TelemetrySettings } from './types.ts'

const OFF: TelemetrySettings = { metricsKey: null, otlp: null }

/** What may be written before a reference in the value of a header. */
const SCHEME = /^(Bearer |Basic )?(.*)$/s

/** The section about telemetry, with its keys resolved; off where it says nothing. */
export function readTelemetry(reading: Reading): TelemetrySettings {
  const parsed = FileSchema.shape.telemetry.safeParse(reading.file.value['telemetry'] ?? {})
  if (!parsed.success) return OFF
  const { metrics_key: metricsKey, otlp_endpoint: endpoint, ...rest } = parsed.data
  const headers = new Map<string, Secret>()
  for (const [i, { name, value }] of rest.otlp_headers.entries()) {
    const [, scheme = '', reference = ''] = SCHEME.exec(value) ?? []
    const secret = secretAt(reading, reference, ['telemetry', 'otlp_headers', i, 'value'])
    if (secret) headers.set(name, new Secret(`${scheme}${secret.reveal()}`))
  }
  if (endpoint !== undefined) checkEndpoint(reading, endpoint)
  const otlp: OtlpSettings | null =
    endpoint === undefined
      ? null
      : {
          endpoint: endpoint.replace(/\/+$/, ''),
          headers,
          sampleRatio: rest.sample_ratio,
          serviceName: rest.service_name,
        }
  return {
    metricsKey:
      metricsKey === undefined ? null : secretAt(reading, metricsKey, ['telemetry', 'metrics_key']),
    otlp,
  }
}

function checkEndpoint({ complain }: Reading, endpoint: string): void {
  const path = ['telemetry', 'otlp_endpoint']
  const url = new URL(endpoint)
  if (url.username !== '' || url.password !== '') complain({ code: 'credentials-in-url', path })
  if (url.protocol === 'http:' && !isLoopback(url.hostname)) complain({ code: 'plain-http', path })
}
