import { ALPHABET, SPACE_SYMBOL, SYMBOL, SYMBOL_BITS } from './symbols.ts'
import { buildTrie, childOf, type Trie } from './trie.ts'

/**
 * A set of literals as one automaton (Aho-Corasick). States where words part ways have a row of transitions; the others,
 * most of them, know the one symbol that leads on and else ask the state of their longest suffix. After a space another
 * space changes nothing. States with a row come first, and those with something to report are neighbours.
 */
export interface Automaton {
  readonly states: number
  /** States with a row. */
  readonly rows: number
  /** `next[state << 6 | symbol]` of a state with a row. */
  readonly next: Uint32Array
  /** Of state `rows + i`: the symbol that leads on, or NONE; AFTER_SPACE is added where the state ends in a space. */
  readonly onward: Uint8Array
  /** Of state `rows + i`: where that symbol leads. */
  readonly child: Uint32Array
  /** Of state `rows + i`: whom to ask about any other symbol. */
  readonly suffix: Uint32Array
  /** So many states from this one on end a literal, or have one that does among their suffixes. */
  readonly firstReporting: number
  readonly reporting: number
  /** Of state `firstReporting + i`: the longest literal that ends there. */
  readonly literal: Uint32Array
  /** Of state `firstReporting + i`: the `i` of the next shorter literal plus 1, or 0. */
  readonly shorter: Uint32Array
}

/** No symbol is as large. */
export const NONE = ALPHABET
export const AFTER_SPACE = 2 * ALPHABET
/** Bits of what leads on: a symbol or NONE. */
export const ONWARD = AFTER_SPACE - 1

/** The folded symbols of a literal, as the pass over a text would see them. */
export const foldLiteral = (literal: string): readonly number[] =>
  Array.from({ length: literal.length }, (_, i) => SYMBOL[literal.charCodeAt(i)] ?? 0)

/** Builds the automaton of distinct folded literals. @throws RangeError on an empty one, or on two that fold to one. */
export function buildAutomaton(literals: readonly string[]): Automaton {
  const trie = buildTrie(literals.map(foldLiteral))
  const links = linksOf(trie)
  const numbers = numbered(trie, links)
  const { place, rows } = numbers
  const next = new Uint32Array(rows << SYMBOL_BITS)
  const onward = new Uint8Array(trie.nodes - rows)
  const child = new Uint32Array(trie.nodes - rows)
  const suffix = new Uint32Array(trie.nodes - rows)
  for (let node = 0; node < trie.nodes; node++) {
    const state = place[node] ?? 0
    if (state < rows) {
      fillRow(trie, links, numbers, node, next)
      continue
    }
    const only = trie.firstChild[node] ?? 0
    onward[state - rows] = (only === 0 ? NONE : (trie.symbol[only] ?? 0)) + afterSpace(trie, node)
    child[state - rows] = place[only] ?? 0
    suffix[state - rows] = place[links.suffix[node] ?? 0] ?? 0
  }
  return { states: trie.nodes, rows, next, onward, child, suffix, ...reports(trie, links, numbers) }
}

/** A row is that of the longest suffix, which was filled before, but for the node's own children. */
function fillRow(
  trie: Trie,
  links: Links,
  { place, rows }: Numbers,
  node: number,
  next: Uint32Array,
): void {
  const row = (place[node] ?? 0) << SYMBOL_BITS
  const back = place[links.suffix[node] ?? 0] ?? 0
  if (node !== 0 && back < rows) {
    next.copyWithin(row, back << SYMBOL_BITS, (back + 1) << SYMBOL_BITS)
  } else if (node !== 0) {
    for (let symbol = 0; symbol < ALPHABET; symbol++) {
      next[row | symbol] = place[onFrom(trie, links, node, symbol)] ?? 0
    }
  }
  if (afterSpace(trie, node) !== 0) next[row | SPACE_SYMBOL] = place[node] ?? 0
  for (let child = trie.firstChild[node] ?? 0; child !== 0; child = trie.sibling[child] ?? 0) {
    next[row | (trie.symbol[child] ?? 0)] = place[child] ?? 0
  }
}

interface Links {
  /** Node of the longest proper suffix that begins a literal. */
  readonly suffix: Int32Array
  /** The node itself or the nearest of its suffixes that ends a literal; 0 for none. */
  readonly report: Int32Array
}

function linksOf(trie: Trie): Links {
  const suffix = new Int32Array(trie.nodes)
  const report = new Int32Array(trie.nodes)
  const links = { suffix, report }
  for (let node = 1; node < trie.nodes; node++) {
    const parent = trie.parent[node] ?? 0
    if (parent !== 0) {
      // nearer to the root, so that it has its links already
      suffix[node] = strictlyFrom(trie, links, suffix[parent] ?? 0, trie.symbol[node] ?? 0)
    }
    report[node] = (trie.literal[node] ?? -1) >= 0 ? node : (report[suffix[node] ?? 0] ?? 0)
  }
  return links
}

/** Where a symbol leads from a node, spaces being as good as any other symbol. */
function strictlyFrom(trie: Trie, { suffix }: Links, from: number, symbol: number): number {
  for (let node = from; ; node = suffix[node] ?? 0) {
    const child = childOf(trie, node, symbol)
    if (child !== 0 || node === 0) return child
  }
}

/** Where a symbol leads from a node. */
function onFrom(trie: Trie, { suffix }: Links, from: number, symbol: number): number {
  for (let node = from; ; node = suffix[node] ?? 0) {
    if (symbol === SPACE_SYMBOL && afterSpace(trie, node) !== 0) return node
    const child = childOf(trie, node, symbol)
    if (child !== 0 || node === 0) return child
  }
}

const afterSpace = ({ symbol }: Trie, node: number): number =>
  node !== 0 && symbol[node] === SPACE_SYMBOL ? AFTER_SPACE : 0

interface Numbers {
  /** Number of the state of each node. */
  readonly place: Uint32Array
  readonly rows: number
  readonly firstReporting: number
  readonly reporting: number
}

/** Rows with nothing to report, rows that report, bare states that report, the rest. */
function numbered({ nodes, firstChild, sibling }: Trie, { report }: Links): Numbers {
  const place = new Uint32Array(nodes)
  const counts = [0, 0, 0, 0]
  const kindOf = (node: number): number => {
    const first = firstChild[node] ?? 0
    const hasRow = node === 0 || (first !== 0 && sibling[first] !== 0)
    const reports = report[node] !== 0
    return hasRow ? Number(reports) : 3 - Number(reports)
  }
  for (let kind = 0, state = 0; kind < counts.length; kind++) {
    const from = state
    for (let node = 0; node < nodes; node++) if (kindOf(node) === kind) place[node] = state++
    counts[kind] = state - from
  }
  const [quietRows = 0, loudRows = 0, loud = 0] = counts
  const rows = quietRows + loudRows
  return { place, rows, firstReporting: quietRows, reporting: loudRows + loud }
}

function reports(
  trie: Trie,
  { suffix, report }: Links,
  { place, firstReporting, reporting }: Numbers,
): Pick<Automaton, 'firstReporting' | 'reporting' | 'literal' | 'shorter'> {
  const literal = new Uint32Array(reporting)
  const shorter = new Uint32Array(reporting)
  for (let node = 1; node < trie.nodes; node++) {
    const told = report[node] ?? 0
    if (told === 0) continue
    const at = (place[node] ?? 0) - firstReporting
    const less = report[suffix[told] ?? 0] ?? 0
    literal[at] = trie.literal[told] ?? 0
    shorter[at] = less === 0 ? 0 : (place[less] ?? 0) - firstReporting + 1
  }
  return { firstReporting, reporting, literal, shorter }
}
