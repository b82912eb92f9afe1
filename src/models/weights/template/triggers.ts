import type { Scan } from '../scan.ts'
import {
  childOf,
  childrenOf,
  everyNode,
  isText,
  operatorOf,
  textOf,
  type JinjaNode,
  type Visit,
} from './jinja-node.ts'

/** Sources of the date in chat templates. */
const DATES = new Set(['strftime_now', 'now', 'today', 'date', 'datetime', 'current_date', 'time'])
const COMPARISONS = new Set(['==', '!=', '<', '>', '<=', '>=', 'in', 'not in'])
const SEARCHES = new Set(['startswith', 'endswith', 'find', 'index', 'count'])
/** Marks of a dialect of prompts, such as `<think>` or `[INST]`: looking for those is a template's work. */
const MARKUP = /[<>[\]{}|]|^\s*$/
const WORD = /\p{L}{3,}/u
/** At least four words in a row: something that is said to the model. */
const INSTRUCTION = /(?:[\p{L}'’-]{2,}[\s,;:.!]+){3}[\p{L}'’-]{2,}/u

/** Reports what a template says only on certain dates or to certain conversations. */
export function reportTriggers(program: JinjaNode, at: string, scan: Scan, visit: Visit): void {
  const dates = namesFrom(program, isDate, visit)
  const contents = namesFrom(program, isContent, visit)
  const concernsDate = (node: JinjaNode): boolean =>
    isDate(node) || (node.type === 'Identifier' && dates.has(textOf(node) ?? ''))
  const concernsContent = (node: JinjaNode): boolean =>
    isContent(node) || (node.type === 'Identifier' && contents.has(textOf(node) ?? ''))
  for (const node of everyNode(program, visit)) {
    const branch = branchOf(node)
    if (branch === null) continue
    const instructs = branch.said.some((each) => says(each, visit))
    if (instructs && comparesDate(branch.test, concernsDate, visit)) {
      scan.report('template-date-trigger', { at })
    }
    if (looksForWords(branch.test, concernsContent, visit)) {
      scan.report(instructs ? 'template-content-trigger' : 'template-content-condition', { at })
    }
  }
}

interface Branch {
  readonly test: JinjaNode
  readonly said: readonly JinjaNode[]
}

/** The condition of a statement or expression, and what is said when it holds (or does not). */
function branchOf(node: JinjaNode): Branch | null {
  const parts: Readonly<Record<string, readonly [string, readonly string[]]>> = {
    If: ['test', ['body', 'alternate']],
    Ternary: ['condition', ['trueExpr', 'falseExpr']],
    SelectExpression: ['test', ['lhs']],
  }
  const [field, bodies] = parts[node.type] ?? []
  const test = field === undefined ? null : childOf(node, field)
  if (test === null || bodies === undefined) return null
  const said = bodies.flatMap((body) => {
    const one = childOf(node, body)
    // a further `elif` is a branch of its own
    const many = childrenOf(node, body).filter(({ type }) => type !== 'If')
    return one === null ? many : [one]
  })
  return { test, said }
}

const isDate = (node: JinjaNode): boolean =>
  (node.type === 'CallExpression' && DATES.has(textOf(childOf(node, 'callee')) ?? '')) ||
  (node.type === 'Identifier' && textOf(node) === 'strftime_now')

const isContent = (node: JinjaNode): boolean =>
  node.type === 'MemberExpression' && textOf(childOf(node, 'property')) === 'content'

/** Variables that were set from something. */
function namesFrom(
  program: JinjaNode,
  from: (node: JinjaNode) => boolean,
  visit: Visit,
): ReadonlySet<string> {
  const names = new Set<string>()
  for (const node of everyNode(program, visit)) {
    const value = node.type === 'Set' ? childOf(node, 'value') : null
    const name = value === null ? null : textOf(childOf(node, 'assignee'))
    if (name !== null && value !== null && everyNode(value, visit).some(from)) names.add(name)
  }
  return names
}

const comparesDate = (
  test: JinjaNode,
  concerns: (node: JinjaNode) => boolean,
  visit: Visit,
): boolean =>
  everyNode(test, visit).some(
    (node) =>
      node.type === 'BinaryExpression' &&
      COMPARISONS.has(operatorOf(node)) &&
      everyNode(node, visit).some(concerns),
  )

/** Whether a condition looks for words, not for marks, in what people wrote. */
const looksForWords = (
  test: JinjaNode,
  concerns: (node: JinjaNode) => boolean,
  visit: Visit,
): boolean =>
  everyNode(test, visit).some((node) => {
    const callee = node.type === 'CallExpression' ? childOf(node, 'callee') : null
    const method = callee?.type === 'MemberExpression' ? childOf(callee, 'property') : null
    const searches = method !== null && SEARCHES.has(textOf(method) ?? '')
    const compares = node.type === 'BinaryExpression' && COMPARISONS.has(operatorOf(node))
    if (!searches && !compares) return false
    const words = searches
      ? childrenOf(node, 'args').filter((each) => isWord(each))
      : [childOf(node, 'left'), childOf(node, 'right')].filter((each) => isWord(each))
    return words.length > 0 && everyNode(node, visit).some(concerns)
  })

const isWord = (node: JinjaNode | null): boolean => {
  const text = textOf(node)
  return isText(node) && text !== null && WORD.test(text) && !MARKUP.test(text)
}

const says = (node: JinjaNode, visit: Visit): boolean =>
  everyNode(node, visit).some((each) => isText(each) && INSTRUCTION.test(textOf(each) ?? ''))
