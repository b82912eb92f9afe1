import { AFTER_SPACE, ONWARD } from './automaton.ts'
import type { Hits } from './hits.ts'
import type { Lexicon } from './lexicon.ts'
import { recordLiterals } from './literal-pass.ts'
import { Runs } from './runs.ts'
import { CELL, CELL_KIND, SPACE_SYMBOL, SYMBOL_BITS } from './symbols.ts'

/** What is found in one reading of a text: literals by group, and candidate places. */
export interface Swept {
  readonly hits: ReadonlyMap<string, Hits>
  readonly runs: Runs
}

/** The one loop over a text: a step of the automaton for each unit, and a look at where words and tokens begin and end. */
export function sweep(text: string, lexicon: Lexicon, units: Uint16Array): Swept {
  const { length } = text
  const { rows, next, onward, child, suffix, firstReporting, reporting } = lexicon.automaton
  const hits = new Map<string, Hits>()
  const runs = new Runs(units, length)
  let state = 0
  let previous = 0
  for (let i = 0; i < length; i++) {
    const cell = CELL[units[i] ?? 0] ?? 0
    const symbol = cell & CELL_KIND.symbol
    while (state >= rows) {
      const known = onward[state - rows] ?? 0
      if ((known & ONWARD) === symbol) break
      if (symbol === SPACE_SYMBOL && known >= AFTER_SPACE) break
      state = suffix[state - rows] ?? 0
    }
    if (state < rows) state = next[(state << SYMBOL_BITS) | symbol] ?? 0
    else if (symbol !== SPACE_SYMBOL || (onward[state - rows] ?? 0) < AFTER_SPACE)
      state = child[state - rows] ?? 0
    const told = state - firstReporting
    if (told >= 0 && told < reporting) recordLiterals(text, i + 1, told, lexicon, hits)
    const edges = cell ^ previous
    if (edges > CELL_KIND.symbol) runs.edge(i, edges, cell)
    previous = cell
  }
  runs.end()
  return { hits, runs }
}
