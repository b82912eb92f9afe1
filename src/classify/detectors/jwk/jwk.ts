import { entropy } from '../../checks/entropy.ts'
import type { Detector } from '../../scan/detector.ts'

const MEMBER = /"(?:d|k)"\s{0,4}:\s{0,4}"([\w-]{16,1400})"/y
const XML = /<D>\s{0,4}([A-Za-z\d+/=]{40,1400})\s{0,4}<\/D>/iy
/** A key of 16384 bits has about 14,000 units of other members. */
const AROUND = 8_000

/** Private members of JSON Web Keys (RFC 7517, RFC 7518: `d` of RSA and EC, `k` of symmetric ones) and of RSA keys in XML. */
export const jwk: Detector = {
  id: 'jwk',
  acrossParts: true,
  literals: [
    { name: 'jwk-kty', standing: 'part', words: ['"kty"'] },
    { name: 'jwk-member', standing: 'part', words: ['"d":', '"d" :', '"k":', '"k" :'] },
    { name: 'rsa-xml', standing: 'part', words: ['<d>'] },
  ],
  find(scan, found) {
    const seek = (group: string, shape: RegExp, around: string | undefined): void => {
      for (const start of scan.hits(group).starts) {
        if (scan.steps.exhausted) return
        scan.steps.spend(16)
        if (around !== undefined && scan.near(around, start, start, AROUND) === undefined) continue
        shape.lastIndex = start
        const value = shape.exec(scan.text)?.[1]
        if (value === undefined || entropy(value) < 3) continue
        scan.steps.spend(value.length)
        const at = scan.text.indexOf(value, start)
        found({
          type: 'SECRET',
          rule: 'private-jwk',
          start: at,
          end: at + value.length,
          confidence: 0.95,
          because: [{ kind: 'keyword', keyword: around === undefined ? '<D>' : 'kty' }],
        })
      }
    }
    if (scan.hits('jwk-kty').length > 0) seek('jwk-member', MEMBER, 'jwk-kty')
    seek('rsa-xml', XML, undefined)
  },
}
