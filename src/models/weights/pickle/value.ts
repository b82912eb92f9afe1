/** What the abstract machine knows of a value; most are opaque, so that a pickle of gigabytes costs little. */
export type Value =
  | string
  | number
  | { readonly kind: 'opaque' }
  | { readonly kind: 'mark' }
  | { readonly kind: 'long'; readonly hex: string }
  | Imported
  | { readonly kind: 'tuple'; readonly items: readonly Value[] }
  | { readonly kind: 'list' }
  | Dictionary
  | Called

export interface Imported {
  readonly kind: 'global'
  readonly module: string
  readonly name: string
}

/** A dictionary, of which short texts as keys are kept up to a number. */
export interface Dictionary {
  readonly kind: 'dict'
  readonly entries: Map<string, Value>
}

/** What a call returned; `state` is what BUILD gave it. */
export interface Called {
  readonly kind: 'call'
  readonly callee: Value
  readonly args: readonly Value[]
  state?: Value
}

export const OPAQUE: Value = { kind: 'opaque' }
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
