import type { Finding } from '#kernel/label.ts'
import type { TextPart } from '#kernel/text-part.ts'

/** Units of a path that are shown; it is made of the caller's own keys, which may be of any length. */
const LONGEST_PATH = 300

/**
 * Tells where a part stands. A key in which something was found is text like any other: `*` stands for it, in its own
 * path and in those below it.
 */
export function pathsWithoutMatches(
  parts: readonly TextPart[],
  findings: readonly Finding[],
): (part: number) => string {
  /** Where a hidden key begins in its path, by that path. */
  const keys = new Map<string, number>()
  for (const { part } of findings) {
    const found = parts[part]
    if (found?.kind === 'key') keys.set(found.path, found.path.length - found.text.length)
  }
  return (part) => {
    const path = parts[part]?.path ?? ''
    // nobody can read it, and looking at each of its beginnings would cost the square of its length
    if (path.length > LONGEST_PATH) return '*'
    return keys.size === 0 ? path : hidden(path, keys)
  }
}

function hidden(path: string, keys: ReadonlyMap<string, number>): string {
  let shown = ''
  let from = 0
  for (let at = path.indexOf('.'); ; at = path.indexOf('.', at + 1)) {
    const end = at === -1 ? path.length : at
    const start = keys.get(path.slice(0, end))
    if (start !== undefined && start >= from) {
      shown += `${path.slice(from, start)}*`
      from = end
    }
    if (at === -1) return shown + path.slice(from)
  }
}
