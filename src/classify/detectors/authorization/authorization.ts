import { entropy } from '../../checks/entropy.ts'
import type { Detector } from '../../scan/detector.ts'
import { isPlaceholder, isSequence } from '../../scan/placeholder.ts'

const HEADER =
  /authorization["']?\s{0,3}[:=,]\s{0,3}["'`]{0,2}(?:(?:bearer|token|apikey|api-key|digest|negotiate)\s{1,3}([\w.~+/=:-]{8,2000})|basic\s{1,3}([A-Za-z\d+/_-]{6,600}={0,2}))/iy
const X_HEADER =
  /(?:apikey|api-token|x-api-key|x-auth-token|x-vault-token|private-token|api-key|x-access-token|x-amz-security-token)["']?\s{0,2}[:=,]\s{0,2}["']?([\w.~+/=-]{12,500})/iy
const BEARER = /bearer\s{1,3}([\w.~+/=-]{16,2000})/iy
const CURL_USER = /curl[^\n]{0,300}?\s(?:-u|--user)[ =]?\s?["']?([^\s"':]{0,80}):([^\s"']{2,120})/iy

/** Words where documentation puts a value. */
const WORDS = /^[a-z]+(?:[._-][a-z]+)*>?$|^[[<{]/i

/** Authorization and key headers, bearer tokens, and `curl -u user:password`. */
export const authorization: Detector = {
  id: 'authorization',
  acrossParts: true,
  literals: [
    { name: 'auth-header', standing: 'part', words: ['authorization'] },
    { name: 'auth-bearer', standing: 'head', words: ['bearer '] },
    {
      name: 'auth-x',
      standing: 'part',
      words: [
        'x-api-key',
        'x-auth-token',
        'x-vault-token',
        'private-token',
        'api-key',
        'x-access-token',
        'x-amz-security-token',
        'apikey:',
        'api-token:',
      ],
    },
    { name: 'curl', standing: 'head', words: ['curl '] },
  ],
  find(scan, found) {
    const seek = (group: string, shape: RegExp, rule: string, least: number): void => {
      for (const start of scan.hits(group).starts) {
        if (scan.steps.exhausted) return
        shape.lastIndex = start
        const match = shape.exec(scan.text)
        scan.steps.spend(match === null ? 40 : match[0].length)
        const value = match?.findLast((piece) => piece !== undefined) ?? ''
        if (match === null || isPlaceholder(value) || WORDS.test(value) || value.startsWith('$'))
          continue
        if (value.length < 32 && isSequence(value)) continue
        const basic = rule === 'authorization-header' && match[2] !== undefined
        if (basic ? !isBasic(value) : entropy(value) < least) continue
        const end = shape.lastIndex
        found({
          type: 'SECRET',
          rule,
          start: end - value.length,
          end,
          confidence: 0.85,
          because: [
            { kind: 'keyword', keyword: rule === 'curl-user' ? 'curl -u' : 'Authorization' },
            { kind: 'shape' },
          ],
        })
      }
    }
    seek('auth-header', HEADER, 'authorization-header', 2.5)
    seek('auth-x', X_HEADER, 'key-header', 3)
    seek('auth-bearer', BEARER, 'bearer-token', 3.2)
    seek('curl', CURL_USER, 'curl-user', 1)
  },
}

/** `user:password` in base64. */
function isBasic(value: string): boolean {
  const decoded = Buffer.from(value, 'base64').toString('latin1')
  return (
    /^[\x20-\x7E\xA0-\xFF]{1,300}$/.test(decoded) &&
    !isPlaceholder(decoded) &&
    (decoded.includes(':') || value.length > 24)
  )
}
