import { gzip } from 'node:zlib'
import { promisify } from 'node:util'
import { Pool } from 'undici'
import type { OtlpSettings } from '#config/types.ts'
import type { SendOtlp, Sent } from '../telemetry/otlp-exporter.ts'

const TIMEOUT_MS = 10_000
/** Statuses that OTLP/HTTP allows to be tried again. */
const RETRYABLE: ReadonlySet<number> = new Set([429, 502, 503, 504])
const zip = promisify(gzip)

export interface OtlpLine {
  readonly send: SendOtlp
  close(): Promise<void>
}

/** The connection to the collector of the configuration; redirects are not followed. */
export function openOtlpLine({ endpoint, headers }: OtlpSettings): OtlpLine {
  const url = new URL(endpoint)
  const pool = new Pool(url.origin, {
    connections: 2,
    connect: { timeout: TIMEOUT_MS },
    headersTimeout: TIMEOUT_MS,
    bodyTimeout: TIMEOUT_MS,
  })
  const base = url.pathname.replace(/\/+$/, '')
  const own = Object.fromEntries([...headers].map(([name, secret]) => [name, secret.reveal()]))
  return {
    async send(path, body): Promise<Sent> {
      try {
        const answer = await pool.request({
          method: 'POST',
          path: `${base}${path}`,
          headers: {
            ...own,
            'content-type': 'application/json',
            'content-encoding': 'gzip',
            'user-agent': 'ecluse',
          },
          body: await zip(body),
        })
        await answer.body.dump()
        if (answer.statusCode < 300) return 'taken'
        return RETRYABLE.has(answer.statusCode) ? 'retry' : 'refused'
      } catch {
        return 'retry'
      }
    },
    close: () => pool.destroy(),
  }
}
