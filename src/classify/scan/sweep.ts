import type { Hits } from './hits.ts'
import type { Lexicon } from './lexicon.ts'
import { recordLiterals } from './literal-pass.ts'
import { Runs } from './runs.ts'
import { CELL, CELL_KIND, SYMBOL_BITS } from './symbols.ts'

/** What is found in one reading of a text: literals by group, and candidate places. */
export interface Swept {
  readonly hits: ReadonlyMap<string, Hits>
  readonly runs: Runs
}

/** The one loop over a text: a step of the automaton for each unit, and a look at where words and tokens begin and end. */
export function sweep(text: string, lexicon: Lexicon, units: Uint16Array): Swept {
  const { length } = text
  const { next, firstReporting } = lexicon.automaton
  const hits = new Map<string, Hits>()
  const runs = new Runs(units, length)
  let state = 0
  let previous = 0
  for (let i = 0; i < length; i++) {
    const cell = CELL[units[i] ?? 0] ?? 0
    state = next[(state << SYMBOL_BITS) | (cell & CELL_KIND.symbol)] ?? 0
    if (state >= firstReporting) recordLiterals(text, i + 1, state, lexicon, hits)
    const edges = cell ^ previous
    if (edges > CELL_KIND.symbol) runs.edge(i, edges, cell)
    previous = cell
  }
  runs.end()
  return { hits, runs }
}
