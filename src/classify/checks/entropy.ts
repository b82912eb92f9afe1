const counts = new Uint32Array(65_536)

/** Shannon entropy of a text, bits per UTF-16 unit. */
export function entropy(text: string): number {
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i)
    counts[unit] = (counts[unit] ?? 0) + 1
  }
  let bits = 0
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i)
    const count = counts[unit] ?? 0
    if (count === 0) continue
    const share = count / text.length
    bits -= share * Math.log2(share)
    counts[unit] = 0
  }
  return bits
}
