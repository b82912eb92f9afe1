import { entropy } from '../../checks/entropy.ts'
import type { Detector } from '../../scan/detector.ts'
import { isPlaceholder, isSequence } from '../../scan/placeholder.ts'
import { isProgramName } from '../../scan/program-name.ts'
import { curlUsers } from './curl-user.ts'

const HEADER =
  /authorization["']?\s{0,3}[:=,]\s{0,3}["'`]{0,2}(?:(?:bearer|token|apikey|api-key|digest|negotiate|ssws|geniekey|key)\s{1,3}([\w.~+/=:-]{8,2000})|basic\s{1,3}([A-Za-z\d+/_-]{6,600}={0,2})|([\w~@+/=.:-]{16,500})(?![\w(]))/iy
const X_HEADER =
  /(?:apikey|api-token|x-api-key|x-auth-token|x-vault-token|private-token|api-key|x-access-token|x-amz-security-token)["']?\s{0,2}[:=,]\s{0,2}["']?([\w.~+/=-]{12,500})/iy
/** A header on a command line whose name says that it lets in. */
const FLAG =
  /(?:-H|--header)\s{1,3}["'][\w-]{0,30}(?:token|key|auth|secret|session|cookie)[\w-]{0,20}:\s{0,3}([\w~@+/=.!-]{8,500})["']/iy
const BEARER = /bearer\s{1,3}([\w.~+/=-]{16,2000})/iy

/** Words where documentation puts a value. */
const WORDS = /^[a-z]+(?:[._-][a-z]+)*>?$|^[[<{]/i

const GROUPS: readonly {
  readonly name: string
  readonly shape: RegExp
  readonly rule: string
  readonly least: number
}[] = [
  { name: 'auth-header', shape: HEADER, rule: 'authorization-header', least: 2.5 },
  { name: 'auth-x', shape: X_HEADER, rule: 'key-header', least: 3 },
  { name: 'auth-flag', shape: FLAG, rule: 'key-header', least: 2.5 },
  { name: 'auth-bearer', shape: BEARER, rule: 'bearer-token', least: 3.2 },
]

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
    {
      name: 'auth-flag',
      standing: 'part',
      words: ['-h "', "-h '", '--header "', "--header '"],
    },
    { name: 'curl', standing: 'head', words: ['curl '] },
  ],
  find(scan, found) {
    for (const { name, shape, rule, least } of GROUPS) {
      for (const start of scan.hits(name).starts) {
        if (scan.steps.exhausted) return
        shape.lastIndex = start
        const match = shape.exec(scan.text)
        scan.steps.spend(match === null ? 40 : match[0].length)
        const value = match?.findLast((piece) => piece !== undefined) ?? ''
        if (match === null || isPlaceholder(value) || WORDS.test(value) || value.startsWith('$'))
          continue
        if (isProgramName(value)) continue
        if (value.length < 32 && isSequence(value)) continue
        const basic = rule === 'authorization-header' && match[2] !== undefined
        if (basic ? !isBasic(value) : entropy(value) < least) continue
        if (match[3] !== undefined && !/\d/.test(value)) continue
        found(draft(rule, shape.lastIndex - value.length - closing(match[0], value), value))
      }
    }
    for (const at of scan.hits('curl').starts) {
      if (scan.steps.exhausted) return
      for (const { start, value } of curlUsers(scan, at)) found(draft('curl-user', start, value))
    }
  },
}

/** Units that a shape takes after its value: the closing quote of a flag. */
const closing = (whole: string, value: string): number => (whole.endsWith(value) ? 0 : 1)

const draft = (rule: string, start: number, value: string) => ({
  type: 'SECRET',
  rule,
  start,
  end: start + value.length,
  confidence: 0.85,
  because: [
    {
      kind: 'keyword' as const,
      keyword: rule === 'curl-user' ? 'curl -u' : 'Authorization',
    },
    { kind: 'shape' as const },
  ],
})

/** `user:password` in base64. */
function isBasic(value: string): boolean {
  const decoded = Buffer.from(value, 'base64').toString('latin1')
  if (value.length > 40 && /\d/.test(value)) return true
  return (
    /^[\x20-\x7E\xA0-\xFF]{1,300}$/.test(decoded) &&
    !isPlaceholder(decoded) &&
    (decoded.includes(':') || value.length > 24)
  )
}
