/** UTF-16 offsets to code points, in one pass over the text. */
export function codePointOffsets(text: string): (offset: number) => number {
  const before = new Uint32Array(text.length + 1)
  let count = 0
  for (let at = 0; at < text.length; at += 1) {
    const isLowOfPair = isLow(text.charCodeAt(at)) && at > 0 && isHigh(text.charCodeAt(at - 1))
    before[at] = isLowOfPair ? count - 1 : count
    if (!isLowOfPair) count += 1
  }
  before[text.length] = count
  return (offset) => before[offset] ?? count
}

const isHigh = (code: number): boolean => code >= 0xd800 && code <= 0xdbff
const isLow = (code: number): boolean => code >= 0xdc00 && code <= 0xdfff
