import { ALPHABET, SPACE_SYMBOL, SYMBOL, SYMBOL_BITS } from './symbols.ts'

/** States, two bytes each as long as they fit. */
type Cells = Uint16Array | Uint32Array

/** A set of literals as one deterministic automaton (Aho-Corasick, all transitions filled in). */
export interface Automaton {
  /** `next[state << 6 | symbol]` is the next state. After a space another space changes nothing. */
  readonly next: Cells
  /** States from this one on end a literal, or have one that does among their suffixes. */
  readonly firstReporting: number
  /** The nearest state, this one included, that ends a literal; 0 for none. */
  readonly report: Cells
  /** The next such state along the suffix links. */
  readonly shorter: Cells
  /** The literal that ends in a state; -1 for none. */
  readonly literal: Int32Array
}

/** The folded symbols of a literal, as the pass over a text would see them. */
export const foldLiteral = (literal: string): readonly number[] =>
  Array.from({ length: literal.length }, (_, i) => SYMBOL[literal.charCodeAt(i)] ?? 0)

/** The states that two bytes can name. */
const SMALL = 65_536
const MAX_STATES = 1_000_000

/** Builds the automaton of distinct folded literals. @throws RangeError beyond 1,000,000 states or on two literals that fold to one. */
export function buildAutomaton(literals: readonly string[]): Automaton {
  const children: Map<number, number>[] = [new Map()]
  const ends: number[] = [-1]
  literals.forEach((text, id) => {
    let state = 0
    for (const symbol of foldLiteral(text)) {
      let child = children[state]?.get(symbol)
      if (child === undefined) {
        child = children.length
        children.push(new Map())
        ends.push(-1)
        children[state]?.set(symbol, child)
      }
      state = child
    }
    if (state === 0 || ends[state] !== -1) throw new RangeError(`literal ${id} is empty or doubled`)
    ends[state] = id
  })
  if (children.length > MAX_STATES) throw new RangeError('too many literals for one automaton')
  return reportingLast(fillTransitions(children, Int32Array.from(ends)))
}

const cellsFor =
  (states: number) =>
  (length: number): Cells =>
    states <= SMALL ? new Uint16Array(length) : new Uint32Array(length)

type Unordered = Omit<Automaton, 'firstReporting'>

function fillTransitions(
  children: readonly ReadonlyMap<number, number>[],
  literal: Int32Array,
): Unordered {
  const count = children.length
  const cells = cellsFor(count)
  const next = cells(count * ALPHABET)
  const report = cells(count)
  const shorter = cells(count)
  const suffix = cells(count)
  const queue: number[] = [0]
  const spaced: number[] = []
  for (let head = 0; head < queue.length; head++) {
    const state = queue[head] ?? 0
    const back = suffix[state] ?? 0
    shorter[state] = report[back] ?? 0
    report[state] = (literal[state] ?? -1) >= 0 ? state : (report[back] ?? 0)
    for (let symbol = 0; symbol < ALPHABET; symbol++) {
      const child = children[state]?.get(symbol)
      const fallback = state === 0 ? 0 : (next[back * ALPHABET + symbol] ?? 0)
      if (child === undefined) {
        next[state * ALPHABET + symbol] = fallback
        continue
      }
      next[state * ALPHABET + symbol] = child
      suffix[child] = fallback
      queue.push(child)
      if (symbol === SPACE_SYMBOL) spaced.push(child)
    }
  }
  for (const state of spaced) next[state * ALPHABET + SPACE_SYMBOL] = state
  return { next, report, shorter, literal }
}

/** The same automaton with those states at the end that have something to report: one comparison tells. */
function reportingLast({ next, report, shorter, literal }: Unordered): Automaton {
  const count = report.length
  const states = Array.from({ length: count }, (_, state) => state)
  const quiet = states.filter((state) => report[state] === 0)
  const order = [...quiet, ...states.filter((state) => report[state] !== 0)]
  const cells = cellsFor(count)
  const place = cells(count)
  for (const [at, state] of order.entries()) place[state] = at
  const placed = (state: number | undefined): number => place[state ?? 0] ?? 0
  const moved = cells(next.length)
  for (const [at, state] of order.entries()) {
    for (let symbol = 0; symbol < ALPHABET; symbol++) {
      moved[(at << SYMBOL_BITS) | symbol] = placed(next[(state << SYMBOL_BITS) | symbol])
    }
  }
  return {
    next: moved,
    firstReporting: quiet.length,
    report: report.map((_, at) => placed(report[order[at] ?? 0])),
    shorter: shorter.map((_, at) => placed(shorter[order[at] ?? 0])),
    literal: Int32Array.from(order, (state) => literal[state] ?? -1),
  }
}
