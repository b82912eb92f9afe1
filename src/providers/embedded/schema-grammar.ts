import { err, ok, type Result } from '#kernel/result.ts'
import type { Refusal } from '#kernel/refusal.ts'
import { literal } from './json-grammar.ts'
import { MAX_REPETITION } from './schema-limits.ts'
import { stringRule, numberRule, type Fields } from './schema-scalars.ts'
import { SchemaRefused, at, refuse } from './schema-refused.ts'

/** Rules of a grammar whose `root` writes exactly the values that a schema allows, or some of them. */
export interface SchemaGrammar {
  readonly root: string
  readonly rules: readonly (readonly [string, string])[]
}

/** Keywords that constrain nothing. */
const ANNOTATIONS: ReadonlySet<string> = new Set(
  'title description default examples example deprecated readOnly writeOnly $schema $id $comment $anchor $defs definitions'.split(
    ' ',
  ),
)

const KEYWORDS: Readonly<Record<string, readonly string[]>> = {
  object: ['properties', 'required', 'additionalProperties'],
  array: ['items', 'minItems', 'maxItems', 'uniqueItems'],
  string: ['minLength', 'maxLength', 'format'],
  number: ['minimum', 'maximum'],
  integer: ['minimum', 'maximum'],
  boolean: [],
  null: [],
}

/** Bounds on a hostile schema. */
const MAX_RULES = 2000
const MAX_DEPTH = 64

/**
 * The grammar of a JSON Schema (2020-12). Optional properties may be left out, required ones come first; none is added
 * that the schema does not name. What cannot be guaranteed is refused by the keyword's path.
 */
export function schemaGrammar(
  schema: unknown,
  path: string,
  prefix = 'j',
): Result<SchemaGrammar, Refusal> {
  try {
    const writer = new GrammarWriter(schema, path, prefix)
    const root = writer.rule(schema, path, 0)
    return ok({ root, rules: [...writer.rules] })
  } catch (thrown) {
    if (thrown instanceof SchemaRefused) return err(thrown.refusal)
    throw thrown
  }
}

class GrammarWriter {
  readonly rules = new Map<string, string>()
  readonly #root: unknown
  readonly #rootPath: string
  readonly #prefix: string
  readonly #references = new Map<string, string>()
  #count = 0

  constructor(root: unknown, path: string, prefix: string) {
    this.#root = root
    this.#rootPath = path
    this.#prefix = prefix
  }

  /** The name of a rule, or a group, for one schema. */
  rule(schema: unknown, path: string, depth: number): string {
    if (depth > MAX_DEPTH) throw refuse(path)
    if (schema === true || schema === undefined) return 'value'
    if (typeof schema !== 'object' || schema === null || Array.isArray(schema)) throw refuse(path)
    const fields = schema as Fields // an object, checked above
    if (fields['$ref'] !== undefined) return this.#reference(fields, path, depth)
    for (const word of ['anyOf', 'oneOf', 'allOf'] as const) {
      if (fields[word] !== undefined) return this.#choice(word, fields, path, depth)
    }
    const fixed = constants(fields, path)
    if (fixed !== null)
      return this.#named(fixed.map((value) => literal(JSON.stringify(value))).join(' | '))
    const types = typesOf(fields)
    if (types === null) {
      onlyKnown(fields, [], path)
      return 'value'
    }
    onlyKnown(fields, ['type', ...types.flatMap((type) => KEYWORDS[type] ?? [])], path)
    const alternatives = types.map((type) => this.#typed(type, fields, path, depth))
    return alternatives.length === 1
      ? (alternatives[0] ?? 'value')
      : this.#named(alternatives.join(' | '))
  }

  #named(body: string): string {
    const name = `${this.#prefix}${this.#count++}`
    if (this.#count > MAX_RULES) throw refuse(this.#rootPath)
    this.rules.set(name, body)
    return name
  }

  #typed(type: string, fields: Fields, path: string, depth: number): string {
    switch (type) {
      case 'object':
        return this.#object(fields, path, depth)
      case 'array':
        return this.#array(fields, path, depth)
      case 'string':
        return this.#named(stringRule(fields, path))
      case 'number':
      case 'integer':
        return this.#named(numberRule(type, fields, path))
      case 'boolean':
      case 'null':
        return type
      default:
        throw refuse(at(path, 'type'))
    }
  }

  #reference(fields: Fields, path: string, depth: number): string {
    onlyKnown(fields, ['$ref'], path)
    const { $ref: target } = fields
    if (typeof target !== 'string') throw refuse(at(path, '$ref'))
    const known = this.#references.get(target)
    if (known !== undefined) return known
    const found = /^#\/(\$defs|definitions)\/([^/]+)$/.exec(target)
    const root = this.#root as Fields // the schema that holds this reference is an object
    const definitions = found ? root[found[1] ?? ''] : null
    const key = (found?.[2] ?? '').replaceAll('~1', '/').replaceAll('~0', '~')
    const isThere =
      typeof definitions === 'object' && definitions !== null && Object.hasOwn(definitions, key)
    if (target !== '#' && !isThere) throw refuse(at(path, '$ref'))
    // named before it is written: it may refer to itself
    const name = this.#named('')
    this.#references.set(target, name)
    const schema = target === '#' ? this.#root : (definitions as Fields)[key]
    const where = target === '#' ? this.#rootPath : at(at(this.#rootPath, found?.[1] ?? ''), key)
    this.rules.set(name, this.rule(schema, where, depth + 1))
    return name
  }

  #choice(word: 'anyOf' | 'oneOf' | 'allOf', fields: Fields, path: string, depth: number): string {
    onlyKnown(fields, [word], path)
    const { [word]: list } = fields
    const branches: readonly unknown[] = Array.isArray(list) ? list : []
    // several at once, or exactly one of several that overlap, is more than a grammar can promise
    const promised =
      word === 'anyOf' || branches.length === 1 || (word === 'oneOf' && areDisjoint(branches))
    if (branches.length === 0 || !promised) throw refuse(at(path, word))
    const names = branches.map((branch, index) =>
      this.rule(branch, at(at(path, word), String(index)), depth + 1),
    )
    return this.#named(names.join(' | '))
  }

  #object(fields: Fields, path: string, depth: number): string {
    const { properties = {}, required = [], additionalProperties: more = true } = fields
    if (typeof properties !== 'object' || properties === null || Array.isArray(properties))
      throw refuse(at(path, 'properties'))
    if (!Array.isArray(required)) throw refuse(at(path, 'required'))
    const needed = new Set<unknown>(required)
    const declared = Object.entries(properties)
    const extra = [...needed].filter(
      (name) => typeof name === 'string' && !Object.hasOwn(properties, name),
    )
    if (extra.length > 0 && more === false) throw refuse(at(path, 'required'))
    const all = [...declared, ...extra.map((name) => [String(name), more] as const)]
    if (all.length === 0) return this.#freeObject(more, path, depth)
    const members = all.map(([name, schema]) => {
      const value = this.rule(schema, at(at(path, 'properties'), name), depth + 1)
      return {
        isNeeded: needed.has(name),
        rule: `${literal(JSON.stringify(name))} ":" ws ${value}`,
      }
    })
    const first = members.filter(({ isNeeded }) => isNeeded).map(({ rule }) => rule)
    const rest = members.filter(({ isNeeded }) => !isNeeded).map(({ rule }) => rule)
    if (first.length > 0) {
      const later = rest.map((rule) => `("," ws ${rule})?`)
      return this.#named(`"{" ws ${first.join(' "," ws ')} ${later.join(' ')} ws "}"`)
    }
    return this.#named(`"{" ws (${this.#anyOfInOrder(rest)})? ws "}"`)
  }

  /** Some of these, at least one, in this order; each tail is a rule, so that the size stays linear. */
  #anyOfInOrder(members: readonly string[]): string {
    const starts: string[] = []
    let tail = ''
    for (const member of members.toReversed()) {
      starts.unshift(`${member}${tail}`)
      tail = ` ${this.#named(`("," ws ${member})?${tail}`)}`
    }
    return starts.join(' | ')
  }

  #freeObject(more: unknown, path: string, depth: number): string {
    if (more === false) return this.#named('"{" ws "}"')
    if (more === true) return 'object'
    const value = this.rule(more, at(path, 'additionalProperties'), depth + 1)
    const member = `string ":" ws ${value}`
    return this.#named(`"{" ws (${member} ("," ws ${member})*)? ws "}"`)
  }

  #array(fields: Fields, path: string, depth: number): string {
    const { items = true, minItems = 0, maxItems = null, uniqueItems = false } = fields
    if (uniqueItems !== false) throw refuse(at(path, 'uniqueItems'))
    if (!isBound(minItems)) throw refuse(at(path, 'minItems'))
    if (maxItems !== null && (!isBound(maxItems) || maxItems < minItems))
      throw refuse(at(path, 'maxItems'))
    if (maxItems === 0) return this.#named('"[" ws "]"')
    const item = this.rule(items, at(path, 'items'), depth + 1)
    const least = Math.max(0, minItems - 1)
    const more = `("," ws ${item}){${least},${maxItems === null ? '' : maxItems - 1}}`
    const some = maxItems === 1 ? item : `${item} ${more}`
    return this.#named(`"[" ws ${minItems === 0 ? `(${some})?` : some} ws "]"`)
  }
}

const isBound = (value: unknown): value is number =>
  typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= MAX_REPETITION

/** The values of `enum` or `const`; null when there is neither. */
function constants(fields: Fields, path: string): readonly unknown[] | null {
  const { enum: list, const: one, type } = fields
  if (list === undefined && one === undefined) return null
  onlyKnown(fields, ['enum', 'const', 'type'], path)
  const values: readonly unknown[] = one === undefined ? (Array.isArray(list) ? list : []) : [one]
  const types: readonly unknown[] | null = type === undefined ? null : [type].flat()
  const fitting = values.filter(
    (value) => types === null || types.some((name) => isOf(name, value)),
  )
  if (fitting.length === 0) throw refuse(at(path, one === undefined ? 'enum' : 'const'))
  return fitting
}

function isOf(type: unknown, value: unknown): boolean {
  if (type === 'integer') return Number.isInteger(value)
  if (type === 'array') return Array.isArray(value)
  if (type === 'null') return value === null
  if (type === 'object') return typeof value === 'object' && value !== null && !Array.isArray(value)
  return typeof value === type
}

/** The types a schema names, or means by its keywords; null for any. */
function typesOf(fields: Fields): readonly string[] | null {
  const { type } = fields
  if (typeof type === 'string') return [type]
  if (Array.isArray(type)) return type.map(String)
  const meant = Object.keys(KEYWORDS).find((name) =>
    KEYWORDS[name]?.some((word) => fields[word] !== undefined),
  )
  return meant === undefined ? null : [meant]
}

/** Values of no two branches can be the same: they differ in type, or in a fixed value of one property. */
function areDisjoint(branches: readonly unknown[]): boolean {
  const fields = branches.map((branch) =>
    typeof branch === 'object' && branch !== null ? (branch as Fields) : {},
  )
  const types = fields.map(({ type }) => (type === 'integer' ? 'number' : type))
  if (types.every((type) => typeof type === 'string') && new Set(types).size === types.length)
    return true
  const names = Object.keys((fields[0]?.['properties'] as Fields | undefined) ?? {})
  return names.some((name) => {
    const fixed = fields.map(({ type, properties, required }) => {
      const schema = (properties as Fields | undefined)?.[name] as Fields | undefined
      const isNeeded = Array.isArray(required) && required.includes(name)
      return type === 'object' && isNeeded ? schema?.['const'] : undefined
    })
    return fixed.every((value) => typeof value === 'string') && new Set(fixed).size === fixed.length
  })
}

function onlyKnown(fields: Fields, known: readonly string[], path: string): void {
  const stray = Object.keys(fields).find(
    (name) => fields[name] !== undefined && !known.includes(name) && !ANNOTATIONS.has(name),
  )
  if (stray !== undefined) throw refuse(at(path, stray))
}
