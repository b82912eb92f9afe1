import { base62Crc } from '../../checks/crc32.ts'
import { entropy } from '../../checks/entropy.ts'
import { TOKEN_FORMATS, type TokenFormat } from '../../data/token-formats.ts'
import type { Detector } from '../../scan/detector.ts'
import { isPlaceholder } from '../../scan/placeholder.ts'
import type { Scan } from '../../scan/scan.ts'

const AFTER = '(?![A-Za-z\\d_])'
const COMPILED = TOKEN_FORMATS.map((format) => ({
  format,
  group: `token:${format.rule}`,
  shape: new RegExp(format.shape + AFTER, 'y'),
}))

/** Tokens of known vendors: literal prefix, exact shape, and the vendor's own check where there is one. */
export const vendorToken: Detector = {
  id: 'vendor-token',
  acrossParts: true,
  literals: COMPILED.map(({ format, group }) => ({
    name: group,
    standing: 'part',
    words: format.prefixes,
  })),
  find(scan, found) {
    for (const { format, group, shape } of COMPILED) {
      const { starts } = scan.hits(group)
      let done = -1
      for (const hit of starts) {
        if (scan.steps.exhausted) return
        if (hit < done) continue
        const start = startOf(scan, format, shape, hit)
        if (start < 0) continue
        const end = shape.lastIndex
        const token = scan.text.slice(start, end)
        if (!trusted(token, format)) continue
        done = end
        found({
          type: 'SECRET',
          rule: format.rule,
          start,
          end,
          confidence: 0.95,
          because:
            format.check === undefined
              ? [{ kind: 'prefix', name: format.vendor }]
              : [
                  { kind: 'prefix', name: format.vendor },
                  { kind: 'checksum', name: 'CRC-32' },
                ],
        })
      }
    }
  },
}

/** Where the shape fits around the literal at `hit`; leaves `shape.lastIndex` at its end. */
function startOf(scan: Scan, format: TokenFormat, shape: RegExp, hit: number): number {
  const reach = format.back ?? 0
  for (let start = hit; start >= Math.max(0, hit - reach); start--) {
    if (/[A-Za-z\d]/.test(scan.text[start - 1] ?? ' ') && !escaped(scan.text, start)) continue
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
