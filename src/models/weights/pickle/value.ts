/** What the abstract machine knows of a value; most are opaque, so that a pickle of gigabytes costs little. */
export type Value =
  | string
  /** A whole number that is exact, or a floating one. */
  | number
  | { readonly kind: 'opaque' }
  | { readonly kind: 'mark' }
  | { readonly kind: 'long'; readonly hex: string }
  | HeldText
  | Bulk
  | Imported
  | Tuple
  | List
  | Dictionary
  | Called

/** A text of the pickle that nobody has asked for yet: most are keys of vocabularies, which no rule reads. */
export interface HeldText {
  readonly kind: 'text'
  readonly at: number
  readonly length: number
  readonly encoding: 'utf8' | 'latin1'
}

/** Bytes, a very long number, a set: what is in it does not matter, what hashing or copying it costs does. */
export interface Bulk {
  readonly kind: 'bulk'
  readonly of: 'bytes' | 'number' | 'frozenset'
  readonly weight: number
}

/** A tuple: the first of its items, and of all of them what hashing it costs, and how deep it is. */
export interface Tuple {
  readonly kind: 'tuple'
  readonly items: readonly Value[]
  readonly count: number
  readonly weight: number
  readonly depth: number
}

/** A list or a set; each is an object of its own, which grows. */
export interface List {
  readonly kind: 'list' | 'set'
  weight: number
}

export interface Imported {
  readonly kind: 'global'
  readonly module: string
  readonly name: string
}

/** A dictionary, of which short texts as keys are kept up to a number. */
export interface Dictionary {
  readonly kind: 'dict'
  readonly entries: Map<string, Value>
  weight: number
}

/** What a call returned; `state` is what BUILD gave it. */
export interface Called {
  readonly kind: 'call'
  readonly callee: Value
  readonly args: readonly Value[]
  state?: Value
}

export const OPAQUE: Value = { kind: 'opaque' }
/** `None`, and the two truth values, which hash as numbers. */
export const NONE: Value = { kind: 'opaque' }
export const TRUE: Value = { kind: 'opaque' }
export const FALSE: Value = { kind: 'opaque' }
export const MARK: Value = { kind: 'mark' }

/** Entries of a dictionary that are kept. */
export const KEPT_ENTRIES = 32
/** Items of a tuple that are kept. */
export const KEPT_ITEMS = 32

export const isGlobal = (value: Value | undefined): value is Imported =>
  typeof value === 'object' && value.kind === 'global'

export const isCall = (value: Value | undefined): value is Called =>
  typeof value === 'object' && value.kind === 'call'

/** Whether a value is what an import of this name gave. */
export const isNamed = (value: Value | undefined, module: string, name: string): boolean =>
  isGlobal(value) && value.module === module && value.name === name
