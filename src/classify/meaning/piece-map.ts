import {
  AFTER_SPACE,
  buildAutomaton,
  foldLiteral,
  ONWARD,
  type Automaton,
} from '../scan/automaton.ts'
import { SPACE_SYMBOL, SYMBOL, SYMBOL_BITS } from '../scan/symbols.ts'
import { neededPieces } from '../scan/needed-pieces.ts'

/** Units of text that share one entry of the map. */
const CELL_BITS = 4

/** Up to 32 patterns by their pieces: bit `i` is that of the pattern at `i`. */
export interface PieceIndex {
  readonly automaton: Automaton
  /** Of state `firstReporting + i`: patterns that have a piece which ends there. */
  readonly told: Uint32Array
  /** Patterns of which no piece is sure. */
  readonly always: number
}

/** Compiles the pieces of all patterns into one automaton. */
export function pieceIndex(patterns: readonly RegExp[]): PieceIndex {
  const bits = new Map<string, { piece: string; patterns: number }>()
  let always = 0
  patterns.forEach((pattern, i) => {
    const pieces = neededPieces(pattern)
    if (pieces === null) always |= 1 << i
    for (const piece of pieces ?? []) {
      const fold = foldLiteral(piece).join()
      bits.set(fold, { piece, patterns: (bits.get(fold)?.patterns ?? 0) | (1 << i) })
    }
  })
  const entries = [...bits.values()]
  const automaton = buildAutomaton(entries.map(({ piece }) => piece))
  const told = new Uint32Array(automaton.reporting)
  for (let state = 0; state < told.length; state++) {
    for (let at = state + 1; at !== 0; at = automaton.shorter[at - 1] ?? 0)
      told[state] = (told[state] ?? 0) | (entries[automaton.literal[at - 1] ?? 0]?.patterns ?? 0)
  }
  return { automaton, told, always }
}

/** For stretches of a text: the patterns that may match there. */
export class PieceMap {
  readonly #cells: Uint32Array
  readonly #always: number

  constructor(text: string, index: PieceIndex) {
    this.#cells = cellsOf(text, index)
    this.#always = index.always
  }

  /** Bits of the patterns with a piece in [start, end); some of those told do not match. */
  within(start: number, end: number): number {
    let patterns = this.#always
    const last = (end - 1) >> CELL_BITS
    for (let cell = start >> CELL_BITS; cell <= last; cell++) patterns |= this.#cells[cell] ?? 0
    return patterns
  }
}

function cellsOf(text: string, { automaton, told }: PieceIndex): Uint32Array {
  const { rows, next, onward, child, suffix, firstReporting, reporting } = automaton
  const cells = new Uint32Array((text.length >> CELL_BITS) + 1)
  let state = 0
  for (let i = 0; i < text.length; i++) {
    const symbol = SYMBOL[text.charCodeAt(i)] ?? 0
    while (state >= rows) {
      const known = onward[state - rows] ?? 0
      if ((known & ONWARD) === symbol) break
      if (symbol === SPACE_SYMBOL && known >= AFTER_SPACE) break
      state = suffix[state - rows] ?? 0
    }
    if (state < rows) state = next[(state << SYMBOL_BITS) | symbol] ?? 0
    else if (symbol !== SPACE_SYMBOL || (onward[state - rows] ?? 0) < AFTER_SPACE)
      state = child[state - rows] ?? 0
    const report = state - firstReporting
    if (report >= 0 && report < reporting)
      cells[i >> CELL_BITS] = (cells[i >> CELL_BITS] ?? 0) | (told[report] ?? 0)
  }
  return cells
}
