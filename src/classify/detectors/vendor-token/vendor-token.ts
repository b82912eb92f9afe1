import { base62Crc } from '../../checks/crc32.ts'
import { entropy } from '../../checks/entropy.ts'
import { TOKEN_FORMATS, type TokenFormat } from '../../data/token-formats.ts'
import type { Detector } from '../../scan/detector.ts'
import { isPlaceholder } from '../../scan/placeholder.ts'
import type { Scan } from '../../scan/scan.ts'

const AFTER = '(?![A-Za-z\\d_])'
interface Compiled {
  readonly format: TokenFormat
  readonly shape: RegExp
}

/** Formats by the literal that announces them. */
const BY_PREFIX = new Map<string, Compiled[]>()
for (const format of TOKEN_FORMATS) {
  const shape = new RegExp(format.shape + AFTER, 'y')
  for (const prefix of format.prefixes) {
    const known = BY_PREFIX.get(prefix.toLowerCase()) ?? []
    BY_PREFIX.set(prefix.toLowerCase(), [...known, { format, shape }])
  }
}

/** Tokens of known vendors: literal prefix, exact shape, and the vendor's own check where there is one. */
export const vendorToken: Detector = {
  id: 'vendor-token',
  acrossParts: true,
  literals: [{ name: 'token', standing: 'part', words: [...BY_PREFIX.keys()] }],
  find(scan, found) {
    const hits = scan.hits('token')
    let done = -1
    for (let i = 0; i < hits.length && !scan.steps.exhausted; i++) {
      const hit = hits.starts[i] ?? 0
      if (hit < done) continue
      for (const { format, shape } of BY_PREFIX.get(hits.words[i] ?? '') ?? []) {
        const start = startOf(scan, format, shape, hit)
        if (start < 0) continue
        const end = shape.lastIndex
        if (!trusted(scan.text.slice(start, end), format)) continue
        done = Math.max(done, end)
        const checked =
          format.check === undefined ? [] : [{ kind: 'checksum' as const, name: 'CRC-32' }]
        found({
          type: 'SECRET',
          rule: format.rule,
          start,
          end,
          confidence: 0.95,
          because: [{ kind: 'prefix', name: format.vendor }, ...checked],
        })
        break
      }
    }
  },
}

/** Where the shape fits around the literal at `hit`; leaves `shape.lastIndex` at its end. */
function startOf(scan: Scan, format: TokenFormat, shape: RegExp, hit: number): number {
  const reach = format.back ?? 0
  for (let start = hit; start >= Math.max(0, hit - reach); start--) {
    if (/[A-Za-z\d.]/.test(scan.text[start - 1] ?? ' ') && !escaped(scan.text, start)) continue
    if (reach > 0 && start === hit) continue
    shape.lastIndex = start
    const fits = shape.test(scan.text)
    scan.steps.spend(fits ? shape.lastIndex - start : 8)
    if (fits) return start
  }
  return -1
}

/** `\n` and `%3D` before a token end in a letter or digit without being part of it. */
const escaped = (text: string, start: number): boolean =>
  /(?:\\[nrt]|%[\da-f]{2})$/i.test(text.slice(Math.max(0, start - 3), start))

function trusted(token: string, format: TokenFormat): boolean {
  if (isPlaceholder(token)) return false
  const body = token.slice(format.prefixes[0]?.length ?? 0)
  if (entropy(body) < (format.entropy ?? 2.5)) return false
  if (format.check !== 'base62-crc') return true
  const secret = token.slice(token.indexOf('_') + 1)
  return base62Crc(secret.slice(0, -6)) === secret.slice(-6)
}
