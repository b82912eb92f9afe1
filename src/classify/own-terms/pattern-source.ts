import type { CharSet } from './char-set.ts'
import type { OwnPattern } from './own-terms.ts'
import { checkPattern } from './pattern-check.ts'
import { isFastEnough } from './pattern-probe.ts'
import { parsePattern, type PatternNode, type PatternProblem } from './pattern-syntax.ts'
import { err, ok, type Result } from '#kernel/result.ts'

/** An accepted pattern, every repetition bounded. */
export interface CompiledPattern {
  /** Place in the list of patterns. */
  readonly index: number
  readonly expression: RegExp
}

/** Whether a regular expression may run here: read, checked as it stands, then tried on texts made against it. */
export function acceptPattern(
  source: string,
  ignoreCase: boolean,
): Result<PatternNode, PatternProblem> {
  const parsed = parsePattern(source)
  if (!parsed.ok) return parsed
  const checked = checkPattern(parsed.value, ignoreCase)
  if (!checked.ok) return checked
  return isFastEnough(checked.value, ignoreCase) ? ok(checked.value) : err('pattern-too-slow')
}

/** The expression that runs; null when the source would not be read or has a shape that is refused. What was accepted once is not tried again. */
export function patternExpression({
  source,
  ignoreCase,
}: Pick<OwnPattern, 'source' | 'ignoreCase'>): RegExp | null {
  const parsed = parsePattern(source)
  const checked = parsed.ok ? checkPattern(parsed.value, ignoreCase) : parsed
  return checked.ok ? expressionOf(checked.value, ignoreCase) : null
}

/** Written anew from the tree: what runs is what was checked, and nothing that was read differently. */
export const expressionOf = (tree: PatternNode, ignoreCase: boolean): RegExp =>
  new RegExp(write(tree), ignoreCase ? 'gui' : 'gu')

function write(node: PatternNode): string {
  switch (node.kind) {
    case 'set':
      return writeSet(node.set)
    case 'edge':
      return node.edge
    case 'look':
      return `(?${node.sign}${write(node.item)})`
    case 'sequence':
      return node.items
        .map((item) => (item.kind === 'choice' ? `(?:${write(item)})` : write(item)))
        .join('')
    case 'choice':
      return node.options.map(write).join('|')
    case 'repeat':
      return `(?:${write(node.item)}){${node.min},${node.max}}${node.lazy ? '?' : ''}`
  }
}

function writeSet(set: CharSet): string {
  const hex = (code: number): string => `\\u{${code.toString(16)}}`
  const [only] = set
  if (set.length === 1 && only !== undefined && only[0] === only[1]) return hex(only[0])
  return `[${set.map(([first, last]) => `${hex(first)}-${hex(last)}`).join('')}]`
}
