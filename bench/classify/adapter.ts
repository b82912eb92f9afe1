import type { Span } from './row.ts'

/** One detector behind a common face. */
export interface Adapter {
  readonly version: string
  /** The detector's own work and nothing else: this is what is timed. */
  run(text: string, lang: string): unknown
  /** What came of it. Offsets are UTF-16 units, types are the detector's own. */
  read(raw: unknown, text: string): { readonly spans: readonly Span[]; readonly label?: string }
}

/** A field of a thing that came from elsewhere. */
export const field = (from: unknown, name: string): unknown =>
  (typeof from === 'object' && from !== null) || typeof from === 'function'
    ? (from as Readonly<Record<string, unknown>>)[name]
    : undefined

type Anything = (...args: readonly unknown[]) => unknown

/** A function of a thing that came from elsewhere. */
export function method(from: unknown, name: string): Anything {
  const found = field(from, name)
  if (typeof found !== 'function') throw new Error(`no function ${name}`)
  return found as Anything
}

/** A class of a module, and one of it. */
export const newOf = (from: unknown, name: string, ...args: readonly unknown[]): unknown =>
  Reflect.construct(method(from, name), [...args])

export const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : [])
