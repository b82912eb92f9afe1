import { isAlias, isMap, isPair, isSeq, type Document } from 'yaml'

/** Values that a configuration has when every alias is written out; readers that copy them make so many. */
const MOST_VALUES = 1_000_000
/** Deeper than this the parser has given up before. */
const DEEPEST = 600

/** Whether aliases of aliases make far more values than the text holds. */
export function expandsTooFar(document: Document): boolean {
  const known = new Map<object, number>()
  const weigh = (node: unknown, depth: number): number => {
    if (typeof node !== 'object' || node === null || depth > DEEPEST) return 1
    const before = known.get(node)
    if (before !== undefined) return before
    // an alias to what it stands in
    known.set(node, MOST_VALUES + 1)
    let total = 1
    if (isAlias(node)) total = weigh(node.resolve(document), depth + 1)
    else if (isPair(node)) total = weigh(node.key, depth + 1) + weigh(node.value, depth + 1)
    else if (isMap(node) || isSeq(node)) {
      const items: readonly unknown[] = node.items
      for (const item of items) total = Math.min(total + weigh(item, depth + 1), MOST_VALUES + 1)
    }
    known.set(node, total)
    return total
  }
  return weigh(document.contents, 0) > MOST_VALUES
}
