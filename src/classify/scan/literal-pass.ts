import { Hits } from './hits.ts'
import type { Lexicon, Standing } from './lexicon.ts'
import { isWordAt, SPACE_SYMBOL, SYMBOL } from './symbols.ts'

/** White space longer than this ends a phrase. */
const LONGEST_GAP = 8
const ENDINGS = new Set(['s', 'e', 'es', 'x', 'le', 'les', 'te', 'tes', 'ne', 'nes'])

/** Adds the literals that end at `end`, the automaton reporting `told`, to the hits of their groups. */
export function recordLiterals(
  text: string,
  end: number,
  told: number,
  lexicon: Lexicon,
  found: Map<string, Hits>,
): void {
  const { shorter, literal } = lexicon.automaton
  for (let at = told + 1; at !== 0; at = shorter[at - 1] ?? 0) {
    record(text, end, literal[at - 1] ?? 0, lexicon, found)
  }
}

function record(
  text: string,
  end: number,
  literal: number,
  lexicon: Lexicon,
  found: Map<string, Hits>,
): void {
  const length = lexicon.lengths[literal] ?? 0
  const start = lexicon.spaced[literal] === 1 ? walkBack(text, end, length) : end - length
  if (start < 0) return
  for (const use of lexicon.uses[literal] ?? []) {
    const stop = standingEnd(text, start, end, use.standing)
    if (stop < 0) continue
    let hits = found.get(use.group)
    if (hits === undefined) found.set(use.group, (hits = new Hits()))
    hits.push(start, stop, use.word)
  }
}

/** Where a literal of so many symbols began, each run of white space counting as one; -1 where one is too long. */
function walkBack(text: string, end: number, length: number): number {
  let at = end
  for (let left = length; left > 0; left--) {
    at--
    if (!isSpaceAt(text, at)) continue
    const stop = at - LONGEST_GAP
    while (at > 0 && isSpaceAt(text, at - 1)) if (--at <= stop) return -1
  }
  return at
}

const isSpaceAt = (text: string, at: number): boolean =>
  SYMBOL[text.charCodeAt(at)] === SPACE_SYMBOL

/** The end of the literal with its inflection, or -1 where it does not stand as it must. */
function standingEnd(text: string, start: number, end: number, standing: Standing): number {
  if (standing === 'part') return end
  if (isWordAt(text, start - 1) && isWordAt(text, start)) return -1
  if (standing === 'head' || !isWordAt(text, end) || !isWordAt(text, end - 1)) return end
  if (standing === 'word') return -1
  let stop = end
  while (stop < end + 4 && isWordAt(text, stop)) stop++
  return ENDINGS.has(text.slice(end, stop).toLowerCase()) ? stop : -1
}
