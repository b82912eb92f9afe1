import { parse, tokenize } from '@huggingface/jinja'

/** A node of the syntax tree of @huggingface/jinja, whose classes it does not export. */
export interface JinjaNode {
  readonly type: string
  readonly [field: string]: unknown
}

const isNode = (value: unknown): value is JinjaNode =>
  typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string'

/** A field of a node that holds a node. */
export const childOf = (node: JinjaNode, field: string): JinjaNode | null => {
  const value = node[field]
  return isNode(value) ? value : null
}

/** A field of a node that holds a list of nodes. */
export const childrenOf = (node: JinjaNode, field: string): readonly JinjaNode[] => {
  const value = node[field]
  return Array.isArray(value) ? value.filter((each) => isNode(each)) : []
}

/** The text of a name or of a literal. */
export const textOf = (node: JinjaNode | null): string | null =>
  node !== null && typeof node['value'] === 'string' ? node['value'] : null

export const isText = (node: JinjaNode | null): boolean => node?.type === 'StringLiteral'

/** The operator of a binary or unary expression. */
export const operatorOf = (node: JinjaNode): string => {
  const token = node['operator']
  return typeof token === 'object' && token !== null && 'value' in token ? String(token.value) : ''
}

/** Escapes that the parser knows; Jinja leaves others as they stand, and joins lines at a backslash. */
const KNOWN_ESCAPES = new Set(['n', 't', 'r', 'b', 'f', 'v', 'x', 'u', "'", '"', '\\'])

/**
 * The same template for the parser: its patterns take quadratic time over long white space, which means nothing here,
 * and it knows fewer escapes than Jinja.
 */
const forParser = (text: string): string =>
  text
    .replaceAll(/\s{17,}/g, (run) => run.slice(0, 16))
    .replaceAll(/\\([\s\S])/g, (pair, escaped: string) => {
      if (KNOWN_ESCAPES.has(escaped)) return pair
      return escaped === '\n' ? '' : escaped
    })

/** The syntax tree of a template; null where it is no Jinja that chat templates may use. */
export function parseTemplate(text: string): JinjaNode | null {
  try {
    const program: unknown = parse(tokenize(forParser(text)))
    return isNode(program) ? program : null
  } catch {
    // a syntax error, or nesting deeper than the stack
    return null
  }
}

/** Counts visits to nodes; throws when a hostile tree asks for too many. */
export type Visit = () => void

/** Every node under one, parents first, without recursion. */
export function* everyNode(root: JinjaNode, visit: Visit): Generator<JinjaNode> {
  const stack: JinjaNode[] = [root]
  for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
    visit()
    yield node
    const inner: JinjaNode[] = []
    for (const value of Object.values(node)) {
      if (isNode(value)) inner.push(value)
      else if (Array.isArray(value)) inner.push(...value.filter((each) => isNode(each)))
      else if (value instanceof Map) {
        for (const [key, item] of value) {
          if (isNode(key)) inner.push(key)
          if (isNode(item)) inner.push(item)
        }
      }
    }
    stack.push(...inner.toReversed())
  }
}
