import { err, ok, type Result } from '#kernel/result.ts'
import { bothCases, overlap, union, type CharSet } from './char-set.ts'
import type { PatternNode, PatternProblem } from './pattern-syntax.ts'

/** Stands for "no bound" when a pattern runs. */
export const BOUND = 64
/** Units that one match may take. */
const WIDEST = 2_000
/** Ways that repetitions side by side may share one stretch of text. */
const MOST_WAYS = 200
/** Units a lookaround may look at. */
const WIDEST_LOOK = 32

/** The same tree with a bound on every repetition. */
export function bounded(node: PatternNode): PatternNode {
  switch (node.kind) {
    case 'sequence':
      return { ...node, items: node.items.map(bounded) }
    case 'choice':
      return { ...node, options: node.options.map(bounded) }
    case 'repeat':
      return {
        ...node,
        item: bounded(node.item),
        max: Number.isFinite(node.max) ? node.max : Math.max(node.min, BOUND),
      }
    case 'look':
    case 'set':
    case 'edge':
      return node
  }
}

/** Refuses what may take more than a bounded number of steps from each place of a text: nothing is run. Takes the tree as it was written. */
export function checkPattern(
  tree: PatternNode,
  ignoreCase: boolean,
): Result<PatternNode, PatternProblem> {
  const problem = lookProblem(tree) ?? shapeProblem(tree, ignoreCase)
  if (problem !== null) return err(problem)
  const { min, max } = widthOf(bounded(tree))
  if (min === 0) return err('pattern-matches-empty')
  return max > WIDEST ? err('pattern-too-wide') : ok(bounded(tree))
}

interface Width {
  readonly min: number
  readonly max: number
}

function widthOf(node: PatternNode): Width {
  switch (node.kind) {
    case 'set':
      return { min: 1, max: 1 }
    case 'edge':
    case 'look':
      return { min: 0, max: 0 }
    case 'sequence':
      return node.items
        .map(widthOf)
        .reduce((a, b) => ({ min: a.min + b.min, max: a.max + b.max }), { min: 0, max: 0 })
    case 'choice': {
      const widths = node.options.map(widthOf)
      return {
        min: Math.min(...widths.map(({ min }) => min)),
        max: Math.max(...widths.map(({ max }) => max)),
      }
    }
    case 'repeat': {
      const { min, max } = widthOf(node.item)
      return { min: min * node.min, max: max === 0 ? 0 : max * node.max }
    }
  }
}

const childrenOf = (node: PatternNode): readonly PatternNode[] =>
  node.kind === 'sequence'
    ? node.items
    : node.kind === 'choice'
      ? node.options
      : node.kind === 'repeat' || node.kind === 'look'
        ? [node.item]
        : []

/** A lookaround that may look far, or repeats, or looks around itself. */
function lookProblem(node: PatternNode): PatternProblem | null {
  const isFar =
    node.kind === 'look' &&
    (widthOf(node.item).max > WIDEST_LOOK || anyNode(node.item, ({ kind }) => kind === 'look'))
  if (isFar) return 'pattern-lookaround'
  return firstProblem(childrenOf(node), lookProblem)
}

const anyNode = (node: PatternNode, holds: (node: PatternNode) => boolean): boolean =>
  holds(node) || childrenOf(node).some((child) => anyNode(child, holds))

function firstProblem(
  nodes: readonly PatternNode[],
  problemOf: (node: PatternNode) => PatternProblem | null,
): PatternProblem | null {
  for (const node of nodes) {
    const problem = problemOf(node)
    if (problem !== null) return problem
  }
  return null
}

/** A stretch of a pattern as the ambiguity of matching sees it. */
interface Piece {
  readonly set: CharSet
  /** Ways in which it can take its part of a text. */
  readonly ways: number
  /** Whether it takes at least one unit. */
  readonly isSure: boolean
}

function shapeProblem(tree: PatternNode, ignoreCase: boolean): PatternProblem | null {
  const inside = firstProblem(childrenOf(tree), (child) => shapeProblem(child, ignoreCase))
  if (inside !== null) return inside
  if (tree.kind === 'repeat') return repeatProblem(tree, ignoreCase)
  if (tree.kind !== 'sequence') return null
  return waysTogether(piecesOf(tree, ignoreCase)) > MOST_WAYS
    ? 'pattern-overlapping-quantifiers'
    : null
}

/** A repetition whose rounds may be cut in more than one way takes exponential time. */
function repeatProblem(
  { item, max }: Extract<PatternNode, { kind: 'repeat' }>,
  ignoreCase: boolean,
): PatternProblem | null {
  if (max <= 1) return null
  if (widthOf(item).min === 0) return 'pattern-nested-quantifier'
  const hasTwins = anyNode(
    item,
    (node) => node.kind === 'choice' && !startApart(node.options, ignoreCase),
  )
  if (hasTwins) return 'pattern-overlapping-alternatives'
  const round = piecesOf(item, ignoreCase)
  const isLoose = round.some(({ ways }) => ways > 1)
  return isLoose && waysTogether([...round, ...round]) > Math.max(...round.map(({ ways }) => ways))
    ? 'pattern-nested-quantifier'
    : null
}

/** Whether the first unit tells which option it must be. */
function startApart(options: readonly PatternNode[], ignoreCase: boolean): boolean {
  const starts = options.map((option) => startOf(option, ignoreCase))
  return starts.every(
    (start, i) =>
      start !== null &&
      starts.slice(i + 1).every((other) => other !== null && !overlap(start, other)),
  )
}

/** The units a node may start with; null when it may take none. */
function startOf(node: PatternNode, ignoreCase: boolean): CharSet | null {
  switch (node.kind) {
    case 'set':
      return ignoreCase ? bothCases(node.set) : node.set
    case 'edge':
    case 'look':
      return null
    case 'repeat':
      return node.min === 0 ? null : startOf(node.item, ignoreCase)
    case 'choice': {
      const starts = node.options.map((option) => startOf(option, ignoreCase))
      return starts.some((start) => start === null)
        ? null
        : union(starts.flatMap((start) => start ?? []))
    }
    case 'sequence': {
      for (const item of node.items) {
        if (item.kind === 'edge' || item.kind === 'look') continue
        return startOf(item, ignoreCase)
      }
      return null
    }
  }
}

/** All units that a node may take. */
function unitsOf(node: PatternNode, ignoreCase: boolean): CharSet {
  if (node.kind === 'set') return ignoreCase ? bothCases(node.set) : node.set
  if (node.kind === 'look') return []
  return union(childrenOf(node).flatMap((child) => unitsOf(child, ignoreCase)))
}

function piecesOf(node: PatternNode, ignoreCase: boolean): readonly Piece[] {
  const set = unitsOf(node, ignoreCase)
  switch (node.kind) {
    case 'edge':
    case 'look':
      return []
    case 'set':
      return [{ set, ways: 1, isSure: true }]
    case 'sequence':
      return node.items.flatMap((item) => piecesOf(item, ignoreCase))
    case 'choice': {
      const ways = node.options.map((option) => waysTogether(piecesOf(option, ignoreCase)))
      const all = startApart(node.options, ignoreCase)
        ? Math.max(...ways)
        : ways.reduce((a, b) => a + b, 0)
      return [{ set, ways: all, isSure: widthOf(node).min > 0 }]
    }
    case 'repeat': {
      const own = waysTogether(piecesOf(node.item, ignoreCase))
      const max = Number.isFinite(node.max) ? node.max : Math.max(node.min, BOUND)
      const rounds = max - node.min + 1
      // rounds that can be cut in more than one way were refused: those that are left add up
      return [{ set, ways: Math.max(rounds, own === 1 ? 1 : own + 1), isSure: node.min > 0 }]
    }
  }
}

/** The most ways in which neighbours can share one stretch of text: those that are kept apart by something sure do not multiply. */
function waysTogether(pieces: readonly Piece[]): number {
  let most = 1
  pieces.forEach((piece, from) => {
    if (piece.ways === 1) return
    let ways = piece.ways
    for (const next of pieces.slice(from + 1)) {
      const meets = overlap(piece.set, next.set)
      if (meets) ways *= next.ways
      else if (next.isSure) break
    }
    most = Math.max(most, ways)
  })
  return most
}
