import { isPlaceholder, saysSo } from '../scan/placeholder.ts'
import { base62Crc, crc32 } from './crc32.ts'
import { entropy } from './entropy.ts'

/** What a format asks of a token besides its shape. */
export interface BodyRule {
  readonly entropy?: number
  readonly plain?: boolean
  readonly check?: 'base62-crc' | 'hex-crc'
}

const LEAST_ENTROPY = 2.5
const PLACEHOLDER_WORDS = /example|changeme|placeholder|redacted|xxxxx|\*{3}|\.{3}/i
const SHORT_WORDS = /dummy|fake|sample|your/gi
const isPlain = (body: string): boolean => PLACEHOLDER_WORDS.test(body) || saysSo(body, SHORT_WORDS)

/** Whether a token of the right shape can be one that was issued: random enough, no placeholder, and its own check holds. `body` is what follows the vendor's literal. */
export function isIssued(token: string, body: string, rule: BodyRule): boolean {
  // counting units is cheaper than looking for words
  if (entropy(body) < (rule.entropy ?? LEAST_ENTROPY)) return false
  if (rule.plain === true ? isPlain(body) : isPlaceholder(body)) return false
  return rule.check === undefined || checkHolds(token, rule.check)
}

function checkHolds(token: string, check: 'base62-crc' | 'hex-crc'): boolean {
  const secret = token.slice(token.indexOf('_') + 1)
  if (check === 'base62-crc') return base62Crc(secret.slice(0, -6)) === secret.slice(-6)
  const random = Buffer.from(secret.slice(0, -8), 'hex').toString('latin1')
  return crc32(random) === Number.parseInt(secret.slice(-8), 16)
}
