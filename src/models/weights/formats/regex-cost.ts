/** Longer patterns are no patterns of a tokenizer. */
const LONGEST = 64 * 1024
const UNBOUNDED = /^(?:[*+]|\{\d*,\})/
const REPEATED = /^\{(\d*),?(\d*)\}/

/**
 * Whether matching a pattern may take exponential time: something repeated without end inside of something repeated
 * without end, as in `(a+)+`. Groups that never give back what they took (`(?>…)`, possessive marks) are harmless.
 */
export function mayExplode(pattern: string): boolean {
  if (pattern.length > LONGEST) return true
  // for each open group: whether something in it is repeated without end, and whether it gives back
  const open: { repeats: boolean; isAtomic: boolean }[] = [{ repeats: false, isAtomic: false }]
  for (let at = 0; at < pattern.length; at++) {
    const mark = pattern[at]
    let repeats = false
    if (mark === '\\') at = endOfEscape(pattern, at)
    else if (mark === '[') at = endOfClass(pattern, at)
    else if (mark === '(') {
      open.push({ repeats: false, isAtomic: pattern.startsWith('(?>', at) })
      continue
    } else if (mark === ')') {
      const closed = open.length > 1 ? open.pop() : undefined
      repeats = closed?.repeats === true && !closed.isAtomic
    } else if (mark === '|' || mark === '^' || mark === '$') continue
    const rest = pattern.slice(at + 1, at + 16)
    const quantifier = UNBOUNDED.exec(rest)?.[0] ?? REPEATED.exec(rest)?.[0] ?? ''
    const isEndless = UNBOUNDED.test(rest)
    const isPossessive = quantifier !== '' && rest[quantifier.length] === '+'
    if (isEndless && repeats && !isPossessive) return true
    at += quantifier.length
    if (quantifier !== '' && /[?+]/.test(pattern[at + 1] ?? '')) at += 1
    const last = open.at(-1)
    if (last) last.repeats ||= (isEndless && !isPossessive) || repeats
  }
  return false
}

/** `\p{L}` and `\x{1F600}` are one escape. */
function endOfEscape(pattern: string, at: number): number {
  const braces = /^\\[pPx]\{[^}]{0,64}\}/.exec(pattern.slice(at, at + 70))?.[0]
  return at + (braces?.length ?? 2) - 1
}

/** Where a class of characters ends; one may stand in another. */
function endOfClass(pattern: string, start: number): number {
  let depth = 0
  for (let at = start; at < pattern.length; at++) {
    if (pattern[at] === '\\') at += 1
    else if (pattern[at] === '[') depth += 1
    else if (pattern[at] === ']' && at > start + 1) {
      depth -= 1
      if (depth === 0) return at
    }
  }
  return pattern.length
}
