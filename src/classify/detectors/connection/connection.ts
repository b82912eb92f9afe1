import type { Detector } from '../../scan/detector.ts'
import { isPlaceholder } from '../../scan/placeholder.ts'
import { isSamplePassword } from '../../scan/sample-password.ts'

const URI =
  /([a-z][a-z\d+.-]{1,24}):\/\/([^\s:@/"'<>\\]{0,120}):([^\s@"'<>/\\]{1,200})@(\[[a-f\d:.]{2,45}\]|[\w.-]{1,120})(:\d{1,5})?/iy
const PAIR = /(?:password|pwd)\s{0,3}=\s{0,3}("[^"\n]{1,100}"|'[^'\n]{1,100}'|[^;\s"'&]{1,100})/iy
const SERVER =
  /(?:server|data source|host|user id|uid|user|username|database|initial catalog|jdbc:[a-z]{2,12}:|accountname|endpoint)\s{0,3}[=:/]/i
const SCHEME_BACK = 25
/** Machines that stand for any machine. */
const SAMPLE_HOST =
  /^(?:localhost|127\.0\.0\.1|\[::1\]|host\w{0,4}|server|db|database|redis|mongo|(?:.{1,60}\.)?example(?:\.\w{2,6})?|\w{1,10}\.(?:local|test))$/i

/** URIs with a password, ADO.NET and ODBC pairs, JDBC; the password itself must not be a placeholder. */
export const connection: Detector = {
  id: 'connection-string',
  acrossParts: true,
  literals: [
    { name: 'uri', standing: 'part', words: ['://'] },
    { name: 'conn-password', standing: 'head', words: ['password', 'pwd'] },
  ],
  find(scan, found) {
    const { text } = scan
    for (const at of scan.hits('uri').starts) {
      if (scan.steps.exhausted) return
      let start = at
      while (start > 0 && at - start < SCHEME_BACK && /[a-z\d+.-]/i.test(text[start - 1] ?? ''))
        start--
      URI.lastIndex = start
      const match = URI.exec(text)
      scan.steps.spend(match === null ? 24 : match[0].length)
      if (match === null) continue
      const [, , user = '', password = '', host = ''] = match
      if (isSample(user, password, host)) continue
      found({
        type: 'SECRET',
        rule: `uri-password`,
        start,
        end: URI.lastIndex,
        confidence: 0.9,
        because: [{ kind: 'prefix', name: 'URI' }, { kind: 'shape' }],
      })
    }
    for (const start of scan.hits('conn-password').starts) {
      if (scan.steps.exhausted) return
      PAIR.lastIndex = start
      const match = PAIR.exec(text)
      scan.steps.spend(160)
      const value = (match?.[1] ?? '').replaceAll(/^["']|["']$/g, '')
      if (match === null || value.length < 3 || isSamplePassword(value)) continue
      if (/^[\w.]{1,60}\(/.test(value)) continue
      const before = text.slice(Math.max(0, start - 160), start)
      const after = text.slice(start, start + match[0].length + 2)
      if (!before.includes(';') && !after.endsWith(';') && !/jdbc:/i.test(before)) continue
      if (!SERVER.test(before)) continue
      const valueStart = start + match[0].length - (match[1] ?? '').length
      found({
        type: 'SECRET',
        rule: 'connection-string',
        start: valueStart,
        end: start + match[0].length,
        confidence: 0.9,
        because: [{ kind: 'shape' }, { kind: 'keyword', keyword: 'Password=' }],
      })
    }
  },
}

/** `user:password@localhost` says how an address is written; a sample word for a real machine may be its password. */
function isSample(user: string, password: string, host: string): boolean {
  if (isPlaceholder(password) || password.startsWith('$')) return true
  if (/^\d{1,5}$/.test(password) && user === '') return true
  const elsewhere = SAMPLE_HOST.test(host)
  if (elsewhere && password.length < 4) return true
  return isSamplePassword(password) && (isSamplePassword(user) || elsewhere)
}
