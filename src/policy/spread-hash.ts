/** 32 bits that say nothing of the text: FNV-1a over UTF-16 units, mixed, since FNV's low bits follow the last letters. Not for secrets. */
export function spreadHash(text: string): number {
  let hash = 0x811c9dc5
  for (let i = 0; i < text.length; i += 1) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193)
  return mixed(hash)
}

/** The last mixing of MurmurHash3: every bit that goes in changes half of those that come out. */
export function mixed(bits: number): number {
  let hash = Math.imul(bits ^ (bits >>> 16), 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
  return (hash ^ (hash >>> 16)) >>> 0
}
