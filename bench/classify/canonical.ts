import types from './types.json' with { type: 'json' }

const CANONICAL = new Map(
  Object.entries(types.aliases).flatMap(([name, aliases]) => aliases.map((alias) => [alias, name])),
)
const NOT_IDENTIFIERS: ReadonlySet<string> = new Set(types.notIdentifiers)
const NAMES: ReadonlySet<string> = new Set(types.names)

/** The name of a type that every corpus and every tool is compared by. */
export function canonical(type: string): string {
  const name = type.toUpperCase().replaceAll(/[- ]/g, '_')
  return CANONICAL.get(name) ?? name
}

/** Groups of types that figures are given for. */
export const GROUPS = {
  identifiers: (type: string): boolean => type !== 'SECRET' && !NOT_IDENTIFIERS.has(type),
  secrets: (type: string): boolean => type === 'SECRET',
  persons: (type: string): boolean => type === 'PERSON',
  names: (type: string): boolean => NAMES.has(type),
  /** What a clean document must not hold: an identifier or a secret. */
  structured: (type: string): boolean => !NOT_IDENTIFIERS.has(type),
  all: (): boolean => true,
} as const
export type Group = keyof typeof GROUPS
