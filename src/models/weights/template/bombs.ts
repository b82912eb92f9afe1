import type { Scan } from '../scan.ts'
import {
  childOf,
  childrenOf,
  everyNode,
  operatorOf,
  type JinjaNode,
  type Visit,
} from './jinja-node.ts'

/** A conversation is never that long: turns of loops, copies of a text. */
const MOST = 1_000_000

/** Reports loops and products that keep whoever renders the template busy, or fill its memory, whatever is asked. */
export function reportBombs(program: JinjaNode, at: string, scan: Scan, visit: Visit): void {
  for (const node of everyNode(program, visit)) {
    if (node.type !== 'BinaryExpression') continue
    const operator = operatorOf(node)
    const sides = [childOf(node, 'left'), childOf(node, 'right')]
    const isHuge = operator === '*' && sides.some((side) => (wholeOf(side) ?? 0) > MOST)
    // no template raises to a power
    if (operator === '**' || isHuge) scan.report('template-bomb', { at }, operator)
  }
  reportLoops(program, 1, at, scan, visit)
}

const wholeOf = (node: JinjaNode | null): number | null => {
  const value = node?.type === 'IntegerLiteral' ? node['value'] : null
  return typeof value === 'number' ? value : null
}

/** Loops over ranges written as numbers multiply when they stand in each other. */
function reportLoops(root: JinjaNode, turns: number, at: string, scan: Scan, visit: Visit): void {
  for (const field of ['body', 'alternate', 'defaultBlock']) {
    for (const node of childrenOf(root, field)) {
      visit()
      const all = turns * (node.type === 'For' ? turnsOf(node) : 1)
      if (all > MOST) scan.report('template-bomb', { at }, 'range')
      else reportLoops(node, all, at, scan, visit)
    }
  }
}

function turnsOf(loop: JinjaNode): number {
  const iterable = childOf(loop, 'iterable')
  if (iterable?.type !== 'CallExpression') return 1
  const callee = childOf(iterable, 'callee')
  if (callee?.['value'] !== 'range') return 1
  const [first, second, step] = childrenOf(iterable, 'args').map((each) => wholeOf(each))
  if (first === null || first === undefined || second === null) return 1
  const length = second === undefined ? first : second - first
  return Math.max(1, length / Math.max(1, step ?? 1))
}
