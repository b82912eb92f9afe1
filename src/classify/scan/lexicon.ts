import { buildAutomaton, foldLiteral, type Automaton } from './automaton.ts'

/**
 * How the ends of a literal must stand: `word` between non-letters, `stem` may take a French or English ending,
 * `head` begins a word, `part` anywhere (prefixes of tokens, pieces of identifiers).
 */
export type Standing = 'word' | 'stem' | 'head' | 'part'

/** A named set of literals that detectors look up together. */
export interface LiteralGroup {
  readonly name: string
  readonly standing: Standing
  readonly words: readonly string[]
}

/** One literal with the groups it belongs to. */
export interface LiteralUse {
  /** Name of its group. */
  readonly group: string
  readonly standing: Standing
  /** As written in the data; safe to show. */
  readonly word: string
}

export interface Lexicon {
  readonly automaton: Automaton
  readonly uses: readonly (readonly LiteralUse[])[]
  readonly lengths: Uint8Array
  /** 1 where the literal holds a space, so that its start must be walked to. */
  readonly spaced: Uint8Array
}

const spellings = (word: string): readonly string[] =>
  word.includes('oe') ? [word, word.replaceAll('oe', 'œ')] : [word]

/** Compiles all groups into one automaton; a literal may be in several groups. */
export function buildLexicon(groups: readonly LiteralGroup[]): Lexicon {
  const byFold = new Map<string, { literal: string; uses: LiteralUse[] }>()
  for (const { name: group, standing, words } of groups) {
    for (const word of new Set(words)) {
      for (const literal of spellings(word)) {
        const fold = foldLiteral(literal).join()
        const entry = byFold.get(fold) ?? { literal, uses: [] }
        if (!entry.uses.some((use) => use.group === group))
          entry.uses.push({ group, standing, word })
        byFold.set(fold, entry)
      }
    }
  }
  const entries = [...byFold.values()]
  return {
    automaton: buildAutomaton(entries.map(({ literal }) => literal)),
    uses: entries.map(({ uses }) => uses),
    lengths: Uint8Array.from(entries, ({ literal }) => literal.length),
    spaced: Uint8Array.from(entries, ({ literal }) => Number(literal.includes(' '))),
  }
}
