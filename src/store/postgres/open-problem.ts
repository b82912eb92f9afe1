import { DatabaseError } from 'pg'
import type { StoreProblem } from '../problem.ts'

/** The server and the database, for people: no user, no password, no parameters. */
export function placeOf(url: string): string | null {
  try {
    const { hostname, port, pathname, searchParams } = new URL(url)
    const host = hostname === '' ? (searchParams.get('host') ?? '') : hostname
    return `postgresql://${decodeURIComponent(host)}${port === '' ? '' : `:${port}`}${pathname}`
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

/** Why a server cannot be used. */
export function problemOf(error: unknown, path: string): StoreProblem {
  if (!(error instanceof DatabaseError)) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined
    const found = typeof code === 'string' ? code : 'timeout'
    return { code: 'unreachable', path, found }
  }
  const { code = '' } = error
  const reason = REASONS.find(([pattern]) => pattern.test(code))
  // the number alone: the server's words may quote what it was sent
  return { code: reason?.[1] ?? 'unreadable', path, found: code }
}
