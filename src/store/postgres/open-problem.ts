import { DatabaseError } from 'pg'
import { databaseAddresses } from '#kernel/database-addresses.ts'
import type { StoreProblem } from '../problem.ts'

/** The server and the database, for people: no user, no password, no parameters. */
export function placeOf(url: string): string | null {
  try {
    const all = databaseAddresses(url).map((one) => new URL(one))
    const servers = all.map(({ hostname, port, searchParams }) => {
      const host = hostname === '' ? (searchParams.get('host') ?? '') : hostname
      return `${decodeURIComponent(host)}${port === '' ? '' : `:${port}`}`
    })
    return `postgresql://${servers.join(',')}${all[0]?.pathname ?? ''}`
  } catch {
    return null
  }
}

/** Classes of https://www.postgresql.org/docs/current/errcodes-appendix.html, by their first characters. */
const REASONS: readonly (readonly [RegExp, StoreProblem['code']])[] = [
  [/^(?:28|42501)/, 'forbidden'],
  [/^3D000/, 'missing'],
  [/^25006/, 'read-only'],
  [/^(?:57P03|53300|55P03|57014)/, 'busy'],
]

/** Of https://nodejs.org/api/tls.html#x509-certificate-error-codes, and a name that does not fit. */
const CERTIFICATE =
  /^(?:UNABLE_TO_(?:GET|VERIFY|DECRYPT|DECODE)_|CERT_|CRL_|DEPTH_ZERO_|SELF_SIGNED_|INVALID_(?:CA|PURPOSE)|PATH_LENGTH_|HOSTNAME_MISMATCH|ERR_TLS_CERT_)/
/** The driver's words when a server answers the request for TLS with N; it gives them no code. */
const NO_TLS = 'The server does not support SSL connections'

function described(error: unknown): { readonly code: string | null; readonly message: string } {
  if (!(error instanceof Error)) return { code: null, message: '' }
  const code = 'code' in error && typeof error.code === 'string' ? error.code : null
  return { code, message: error.message }
}

/** Why a server cannot be used. */
export function problemOf(error: unknown, path: string): StoreProblem {
  if (!(error instanceof DatabaseError)) {
    const { code, message } = described(error)
    const found = code ?? 'timeout'
    if (CERTIFICATE.test(found)) return { code: 'untrusted', path, found }
    if (message === NO_TLS) return { code: 'unencrypted', path, found: '' }
    return { code: 'unreachable', path, found }
  }
  const { code = '' } = error
  const reason = REASONS.find(([pattern]) => pattern.test(code))
  // the number alone: the server's words may quote what it was sent
  return { code: reason?.[1] ?? 'unreadable', path, found: code }
}
