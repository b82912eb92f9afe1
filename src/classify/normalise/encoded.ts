/** A longer run is not decoded: what it hides is not known. */
export const LONGEST_RUN = 2_000_000
const READABLE = 0.97

/** The text hidden in a run of base64, base64url or hex; undefined when its bytes are not readable UTF-8. */
export function decodeRun(run: string): string | undefined {
  if (/^(?:0x)?(?:[\da-f]{2})+$/i.test(run.slice(0, 64))) {
    const hex = readable(Buffer.from(run.replace(/^0x/i, ''), 'hex'))
    if (hex !== undefined) return hex
  }
  if (!/^[A-Za-z\d+/_-]+={0,2}$/.test(run)) return undefined
  const head = Buffer.from(run.slice(0, 24), 'base64')
  return readable(head.subarray(0, 15)) === undefined
    ? undefined
    : readable(Buffer.from(run, 'base64'))
}

function readable(bytes: Buffer): string | undefined {
  if (bytes.length < 8) return undefined
  const text = bytes.toString('utf8')
  let good = 0
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i)
    const printable = (unit >= 32 && unit < 127) || unit === 10 || unit === 13 || unit === 9
    if (printable || (unit > 0xa0 && unit < 0x250) || (unit >= 0x2010 && unit <= 0x20ac)) good++
  }
  return good / text.length >= READABLE ? text : undefined
}
