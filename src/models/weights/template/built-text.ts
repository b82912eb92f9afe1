import { childOf, childrenOf, isText, operatorOf, textOf, type JinjaNode } from './jinja-node.ts'

/** Filters and methods that make a text out of others. */
const MAKERS = new Set([
  'join',
  'replace',
  'reverse',
  'format',
  'lower',
  'upper',
  'title',
  'capitalize',
  'string',
  'center',
  'trim',
  'strip',
])

/** Pieces that are followed; a name of more is taken for built. */
const DEEPEST = 60

/** The text that constant pieces amount to, or null when it depends on anything else. */
export function constantText(node: JinjaNode | null, depth = 0): string | null {
  if (node === null || depth > DEEPEST) return null
  if (isText(node)) return textOf(node)
  if (node.type === 'BinaryExpression' && ['+', '~'].includes(operatorOf(node))) {
    const left = constantText(childOf(node, 'left'), depth + 1)
    const right = constantText(childOf(node, 'right'), depth + 1)
    return left === null || right === null ? null : left + right
  }
  if (node.type === 'FilterExpression') return filtered(node, depth)
  return null
}

function filtered(node: JinjaNode, depth: number): string | null {
  const operand = childOf(node, 'operand')
  const filter = filterName(node)
  if (filter === 'join' && operand !== null && /^(?:Array|Tuple)Literal$/.test(operand.type)) {
    const pieces = childrenOf(operand, 'value').map((item) => constantText(item, depth + 1))
    const glue = constantText(firstArgument(node), depth + 1) ?? ''
    return pieces.includes(null) ? null : pieces.join(glue)
  }
  const text = constantText(operand, depth + 1)
  if (text === null) return null
  if (filter === 'reverse') return text.split('').toReversed().join('')
  if (filter === 'lower') return text.toLowerCase()
  return filter === 'trim' || filter === 'string' ? text.trim() : null
}

/** Name of the filter of an expression or of a block. */
export function filterName(node: JinjaNode): string | null {
  const filter = childOf(node, 'filter')
  return textOf(filter?.type === 'CallExpression' ? childOf(filter, 'callee') : filter)
}

/** The first argument of a filter that is called with some. */
export function firstArgument(node: JinjaNode): JinjaNode | null {
  const filter = childOf(node, 'filter')
  return filter?.type === 'CallExpression' ? (childrenOf(filter, 'args')[0] ?? null) : null
}

/** Whether an expression puts a text together at run time, which as a name would hide what it names. */
export function isBuilt(node: JinjaNode | null, depth = 0): boolean {
  if (node === null) return false
  if (depth > DEEPEST) return true
  switch (node.type) {
    case 'BinaryExpression': {
      const operands = [childOf(node, 'left'), childOf(node, 'right')]
      const joins = ['+', '~', '*', '%'].includes(operatorOf(node))
      const hasText = operands.some((each) => isText(each) || isBuilt(each, depth + 1))
      return joins && hasText
    }
    case 'FilterExpression':
      return MAKERS.has(filterName(node) ?? '')
    case 'CallExpression': {
      const callee = childOf(node, 'callee')
      const method = callee?.type === 'MemberExpression' ? childOf(callee, 'property') : null
      return MAKERS.has(textOf(method) ?? '')
    }
    default:
      return false
  }
}
