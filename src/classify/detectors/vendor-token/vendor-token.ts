import { isIssued } from '../../checks/token-body.ts'
import { TOKEN_FORMATS, type TokenFormat } from '../../data/token-formats.ts'
import type { Detector } from '../../scan/detector.ts'
import type { Scan } from '../../scan/scan.ts'
import { isWordAt } from '../../scan/symbols.ts'

const AFTER = '(?![A-Za-z\\d_])'
interface Compiled {
  readonly format: TokenFormat
  readonly shape: RegExp
}

/** Formats by the literal that announces them; those whose literal stands inside the token apart. */
const BY_LITERAL = { head: new Map<string, Compiled[]>(), part: new Map<string, Compiled[]>() }
for (const format of TOKEN_FORMATS) {
  const shape = new RegExp(`(?:${format.shape})${format.loose === true ? '' : AFTER}`, 'y')
  const map = isOpen(format) ? BY_LITERAL.part : BY_LITERAL.head
  for (const literal of format.start ?? []) {
    const folded = literal.toLowerCase()
    map.set(folded, [...(map.get(folded) ?? []), { format, shape }])
  }
}

/** A literal that stands inside the token, or that begins in the middle of a host name, begins no word. */
function isOpen({ back, start }: TokenFormat): boolean {
  return back !== undefined || start?.some((literal) => literal.includes('.com/')) === true
}

/** Tokens of known vendors: literal prefix, exact shape, and the vendor's own check where there is one. */
export const vendorToken: Detector = {
  id: 'vendor-token',
  acrossParts: true,
  literals: [
    { name: 'token-head', standing: 'head', words: [...BY_LITERAL.head.keys()] },
    { name: 'token-part', standing: 'part', words: [...BY_LITERAL.part.keys()] },
  ],
  find(scan, found) {
    for (const standing of ['head', 'part'] as const) {
      const hits = scan.hits(`token-${standing}`)
      let done = -1
      for (let i = 0; i < hits.length && !scan.steps.exhausted; i++) {
        const hit = hits.starts[i] ?? 0
        if (hit < done) continue
        for (const { format, shape } of BY_LITERAL[standing].get(hits.words[i] ?? '') ?? []) {
          const start = startOf(scan, format, shape, hit)
          if (start < 0) continue
          const end = shape.lastIndex
          const prefix = format.back === undefined ? (hits.ends[i] ?? hit) : start
          const token = scan.text.slice(start, end)
          if (!isIssued(token, scan.text.slice(prefix, end), format)) continue
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
    }
  },
}

const UNDERSCORE = 95
const DOT = 46

/** Where the shape fits around the literal at `hit`; leaves `shape.lastIndex` at its end. */
function startOf(scan: Scan, format: TokenFormat, shape: RegExp, hit: number): number {
  const first = format.back === undefined ? hit : hit - 1
  const last = Math.max(0, hit - (format.back ?? 0))
  for (let start = first; start >= last; start--) {
    if (continues(scan.text, start) && !isOpen(format)) continue
    if (format.back !== undefined && isWordAt(scan.text, start - 1)) continue
    shape.lastIndex = start
    const fits = shape.test(scan.text)
    scan.steps.spend(fits ? shape.lastIndex - start : 8)
    if (fits) return start
  }
  return -1
}

/** Whether what stands at `start` is the rest of a longer word or name. */
function continues(text: string, start: number): boolean {
  const unit = text.charCodeAt(start - 1)
  return unit === UNDERSCORE || unit === DOT || isWordAt(text, start - 1)
}
