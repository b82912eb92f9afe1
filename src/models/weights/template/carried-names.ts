import { filterName, isBuilt } from './built-text.ts'
import { childOf, childrenOf, everyNode, textOf, type JinjaNode, type Visit } from './jinja-node.ts'

/** Rounds in which a built text is followed from one variable to the next. */
const MOST_ROUNDS = 6
/** Filters after which nothing of the text is left. */
const MEASURES = new Set(['length', 'count', 'int', 'float', 'tojson'])

/**
 * The variables, items of loops, members of namespaces and parameters of macros that hold a text put together from
 * pieces. As a name, such a text hides what it names.
 */
export class CarriedNames {
  readonly #names = new Set<string>()

  constructor(program: JinjaNode, visit: Visit) {
    const nodes = [...everyNode(program, visit)].filter(({ type }) => KINDS.has(type))
    const macros = new Map(
      nodes
        .filter(({ type }) => type === 'Macro')
        .map((node) => [textOf(childOf(node, 'name')), node] as const),
    )
    for (let round = 0; round < MOST_ROUNDS; round++) {
      const before = this.#names.size
      for (const node of nodes) this.#learn(node, macros, visit)
      if (this.#names.size === before) return
    }
  }

  /** Whether an expression, or a part of it, is a built text or a variable that holds one. */
  hides(node: JinjaNode | null, visit: Visit): boolean {
    const open = node === null ? [] : [node]
    for (let inner = open.pop(); inner !== undefined; inner = open.pop()) {
      visit()
      if (isBuilt(inner) || this.#isCarrier(inner)) return true
      if (inner.type === 'FilterExpression' && MEASURES.has(filterName(inner) ?? '')) continue
      // what is compared or looked up with is not what comes out
      if (inner.type === 'BinaryExpression' || inner.type === 'TestExpression') continue
      open.push(...valuesOf(inner))
    }
    return false
  }

  #isCarrier(node: JinjaNode): boolean {
    const name =
      node.type === 'Identifier'
        ? textOf(node)
        : node.type === 'MemberExpression' && node['computed'] !== true
          ? textOf(childOf(node, 'property'))
          : null
    return name !== null && this.#names.has(name)
  }

  #learn(node: JinjaNode, macros: ReadonlyMap<string | null, JinjaNode>, visit: Visit): void {
    if (node.type === 'Set') {
      const value = childOf(node, 'value')
      // a block of text set as a value is put together too
      const fromBlock = value === null && childrenOf(node, 'body').length > 1
      if (fromBlock || this.hides(value, visit)) this.#add(childOf(node, 'assignee'))
    } else if (node.type === 'For') {
      if (this.hides(childOf(node, 'iterable'), visit)) this.#add(childOf(node, 'loopvar'))
    } else if (node.type === 'KeywordArgumentExpression') {
      if (this.hides(childOf(node, 'value'), visit)) this.#add(childOf(node, 'key'))
    } else if (node.type === 'CallExpression') {
      const macro = macros.get(textOf(childOf(node, 'callee')))
      if (macro === undefined) return
      if (childrenOf(node, 'args').some((argument) => this.hides(argument, visit))) {
        for (const parameter of childrenOf(macro, 'args')) this.#add(parameter)
      }
    }
  }

  #add(target: JinjaNode | null): void {
    if (target === null) return
    const items = target.type === 'TupleLiteral' ? childrenOf(target, 'value') : [target]
    for (const item of items) {
      const name = textOf(item) ?? textOf(childOf(item, 'property')) ?? textOf(childOf(item, 'key'))
      if (name !== null) this.#names.add(name)
    }
  }
}

const KINDS = new Set(['Set', 'For', 'KeywordArgumentExpression', 'CallExpression', 'Macro'])

/** The nodes whose values go into the value of a node: not the name that a member is looked up by, when it is plain. */
function valuesOf(node: JinjaNode): readonly JinjaNode[] {
  const inner: JinjaNode[] = []
  for (const [field, value] of Object.entries(node)) {
    if (field === 'property' && node['computed'] !== true) continue
    if (['condition', 'test', 'filter', 'callee'].includes(field) && node.type !== 'CallExpression')
      continue
    for (const one of Array.isArray(value)
      ? value
      : value instanceof Map
        ? [...value].flat()
        : [value]) {
      if (isNode(one)) inner.push(one)
    }
  }
  return inner
}

const isNode = (value: unknown): value is JinjaNode =>
  typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string'
