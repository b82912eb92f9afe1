import { Hits } from './hits.ts'
import type { Lexicon, Standing } from './lexicon.ts'
import { ALPHABET, isWordAt, SPACE_SYMBOL, SYMBOL } from './symbols.ts'
import { unitsOf } from './units.ts'

/** White space longer than this ends a phrase. */
const LONGEST_GAP = 8
const ENDINGS = new Set(['s', 'e', 'es', 'x', 'le', 'les', 'te', 'tes', 'ne', 'nes'])

/** One pass over the text: every literal of the lexicon, by group. Runs of white space count as one space. */
export function findLiterals(
  text: string,
  lexicon: Lexicon,
  units: Uint16Array = unitsOf(text),
): Map<string, Hits> {
  const { length } = text
  const found = new Map<string, Hits>()
  const { next, report, shorter, literal } = lexicon.automaton
  let state = 0
  let gap = 0
  for (let i = 0; i < length; i++) {
    const symbol = SYMBOL[units[i] ?? 0] ?? 0
    if (symbol === SPACE_SYMBOL) {
      gap++
      if (gap > 1) {
        if (gap > LONGEST_GAP) state = 0
        continue
      }
    } else gap = 0
    state = next[state * ALPHABET + symbol] ?? 0
    for (let at = report[state] ?? 0; at !== 0; at = shorter[at] ?? 0) {
      record(text, i + 1, literal[at] ?? 0, lexicon, found)
    }
  }
  return found
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
  for (const use of lexicon.uses[literal] ?? []) {
    const stop = standingEnd(text, start, end, use.standing)
    if (stop < 0) continue
    let hits = found.get(use.group)
    if (hits === undefined) found.set(use.group, (hits = new Hits()))
    hits.push(start, stop, use.word)
  }
}

function walkBack(text: string, end: number, length: number): number {
  let at = end
  for (let left = length; left > 0; left--) {
    at--
    if (!isSpaceAt(text, at)) continue
    while (at > 0 && isSpaceAt(text, at - 1)) at--
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
