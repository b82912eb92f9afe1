import type { Draw } from '../weights/testing/mutate.ts'

/** Values that one parser or another forgot. */
const ODD: readonly unknown[] = [
  null,
  true,
  '',
  '\0',
  '__proto__',
  '../../etc/passwd',
  '\u001b[2J',
  '\ud800',
  'é'.repeat(300),
  'a'.repeat(70_000),
  0,
  -1,
  2 ** 53,
  1e308,
  -0.5,
  [],
  {},
  [[[[[[]]]]]],
  { toString: 1 },
]

/** One value of a document replaced, left out, repeated, nested or given another name. */
export function mutateJson(text: string, draw: Draw): string {
  // writing deep values takes the square of their depth: they stay as they are
  if (DEEP.test(text)) return text
  try {
    return mutated(JSON.parse(text), draw)
  } catch {
    // not JSON, or too deep to be written again
    return text
  }
}

function mutated(value: unknown, draw: Draw): string {
  const odd = ODD[draw(ODD.length)]
  if (draw(60) === 0) return deep(draw)
  const written = JSON.stringify(change(value, draw, odd)) ?? 'null'
  // a key that is there twice, or one that is special to objects
  if (draw(20) === 0) return written.replace('{', `{"__proto__":${JSON.stringify(odd)},`)
  return written
}

const wordOf = (odd: unknown): string => (typeof odd === 'string' ? odd : JSON.stringify(odd))

const DEEP = /^(?:\[{200}|(?:\{"a":){200})/

/** Deeper than any stack. */
const deep = (draw: Draw): string => {
  const depth = 1000 * (1 + draw(20))
  return draw(2) === 0
    ? '['.repeat(depth) + ']'.repeat(depth)
    : '{"a":'.repeat(depth) + '1' + '}'.repeat(depth)
}

function change(value: unknown, draw: Draw, odd: unknown): unknown {
  if (draw(6) === 0 || typeof value !== 'object' || value === null) return other(value, draw, odd)
  if (Array.isArray(value)) return changeArray(value, draw, odd)
  const entries = Object.entries(value)
  const at = draw(entries.length)
  const [key, found] = entries[at] ?? ['', null]
  switch (draw(8)) {
    case 0:
      return Object.fromEntries(entries.filter((_, index) => index !== at))
    case 1:
      return { ...value, [`${key}x`]: found }
    case 2:
      return { ...value, [wordOf(odd).slice(0, 100)]: found }
    default:
      return { ...value, [key]: change(found, draw, odd) }
  }
}

function changeArray(value: readonly unknown[], draw: Draw, odd: unknown): unknown {
  const at = draw(value.length)
  switch (draw(6)) {
    case 0:
      return value.toSpliced(at, 1)
    case 1:
      return value.toSpliced(at, 0, value[at])
    case 2:
      return Array.from(
        { length: 1 + draw(JSON.stringify(value).length > 20_000 ? 4 : 2000) },
        () => value[at],
      )
    default:
      return value.map((one, index) => (index === at ? change(one, draw, odd) : one))
  }
}

function other(value: unknown, draw: Draw, odd: unknown): unknown {
  if (typeof value === 'string' && draw(2) === 0) {
    const at = draw(value.length + 1)
    return value.slice(0, at) + wordOf(odd).slice(0, 200) + value.slice(at + draw(3))
  }
  if (typeof value === 'number' && draw(2) === 0)
    return value * (draw(2) === 0 ? -1 : 2 ** draw(70))
  if (draw(8) === 0) return [value]
  if (draw(8) === 0) return { value }
  return odd
}
