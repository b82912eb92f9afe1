/** Literals by their common beginnings. Node 0 is the root; nodes are in the order of their depth. */
export interface Trie {
  readonly nodes: number
  /** Symbol that leads to a node. */
  readonly symbol: Uint8Array
  readonly parent: Int32Array
  /** First child of a node, and the next child of the same parent; 0 for none. */
  readonly firstChild: Int32Array
  readonly sibling: Int32Array
  /** Literal that ends in a node; -1 for none. */
  readonly literal: Int32Array
}

/** Builds the trie of distinct literals, each a list of symbols. @throws RangeError on an empty literal or one that comes twice. */
export function buildTrie(literals: readonly (readonly number[])[]): Trie {
  const most = literals.reduce((sum, { length }) => sum + length, 1)
  const grown: Grown = {
    nodes: 1,
    symbol: new Uint8Array(most),
    parent: new Int32Array(most),
    firstChild: new Int32Array(most),
    sibling: new Int32Array(most),
    literal: new Int32Array(most).fill(-1),
  }
  literals.forEach((symbols, id) => {
    let node = 0
    for (const symbol of symbols)
      node = childOf(grown, node, symbol) || addChild(grown, node, symbol)
    if (node === 0 || grown.literal[node] !== -1)
      throw new RangeError(`literal ${id} is empty or doubled`)
    grown.literal[node] = id
  })
  return byDepth(grown)
}

type Grown = { -readonly [Field in keyof Trie]: Trie[Field] }

/** The child of a node on a symbol; 0 for none. */
export function childOf(
  { firstChild, sibling, symbol }: Trie,
  node: number,
  wanted: number,
): number {
  let child = firstChild[node] ?? 0
  while (child !== 0 && symbol[child] !== wanted) child = sibling[child] ?? 0
  return child
}

function addChild(grown: Grown, node: number, symbol: number): number {
  const child = grown.nodes++
  grown.symbol[child] = symbol
  grown.parent[child] = node
  grown.sibling[child] = grown.firstChild[node] ?? 0
  grown.firstChild[node] = child
  return child
}

/** The same trie with its nodes in the order of their depth. */
function byDepth(grown: Grown): Trie {
  const { nodes } = grown
  const order = new Int32Array(nodes)
  const place = new Int32Array(nodes)
  let filled = 1
  for (let head = 0; head < filled; head++) {
    for (
      let child = grown.firstChild[order[head] ?? 0] ?? 0;
      child !== 0;
      child = grown.sibling[child] ?? 0
    ) {
      place[child] = filled
      order[filled++] = child
    }
  }
  const placed = (node: number | undefined): number => place[node ?? 0] ?? 0
  return {
    nodes,
    symbol: new Uint8Array(nodes).map((_, at) => grown.symbol[order[at] ?? 0] ?? 0),
    parent: new Int32Array(nodes).map((_, at) => placed(grown.parent[order[at] ?? 0])),
    firstChild: new Int32Array(nodes).map((_, at) => placed(grown.firstChild[order[at] ?? 0])),
    sibling: new Int32Array(nodes).map((_, at) => placed(grown.sibling[order[at] ?? 0])),
    literal: new Int32Array(nodes).map((_, at) => grown.literal[order[at] ?? 0] ?? -1),
  }
}
