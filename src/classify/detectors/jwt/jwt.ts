import type { Detector } from '../../scan/detector.ts'

/** The signature may be cut off: header and claims tell enough. */
const JWT =
  /eyJ[\w-]{8,2000}\.(?:eyJ[\w-]{12,8000}(?:\.[\w-]{0,1500})?|[\w-]{2,8000}\.[\w-]{0,1500})/y

/** JSON Web Tokens: three parts, and a header that decodes to JSON with `alg` (RFC 7519, RFC 7515). */
export const jwt: Detector = {
  id: 'jwt',
  acrossParts: true,
  literals: [{ name: 'jwt', standing: 'head', words: ['eyJ'] }],
  find(scan, found) {
    let done = -1
    for (const start of scan.hits('jwt').starts) {
      if (scan.steps.exhausted) return
      if (start < done) continue
      JWT.lastIndex = start
      const match = JWT.exec(scan.text)
      scan.steps.spend(match === null ? 64 : match[0].length)
      if (match === null || !hasAlgorithm(match[0].slice(0, match[0].indexOf('.')))) continue
      done = JWT.lastIndex
      found({
        type: 'SECRET',
        rule: 'jwt',
        start,
        end: done,
        confidence: 0.95,
        because: [
          { kind: 'prefix', name: 'JWT' },
          { kind: 'checksum', name: 'header decodes to JSON with alg' },
        ],
      })
    }
  },
}

function hasAlgorithm(header: string): boolean {
  try {
    const parsed: unknown = JSON.parse(Buffer.from(header, 'base64url').toString('utf8'))
    return typeof parsed === 'object' && parsed !== null && ('alg' in parsed || 'enc' in parsed)
  } catch {
    // not JSON: some other dotted text that happens to start like a token
    return false
  }
}
