import type { Refusal } from '#kernel/refusal.ts'

/** Carries a refusal out of a deep schema. */
export class SchemaRefused extends Error {
  readonly refusal: Refusal
  constructor(refusal: Refusal) {
    super(refusal.code)
    this.refusal = refusal
  }
}

/** A keyword, or a value of one, that no grammar can promise. */
export const refuse = (param: string): SchemaRefused =>
  new SchemaRefused({ code: 'unsupported-parameter', param })

/** One step down; names of the caller's own are shown only when short and plain. */
export const at = (path: string, name: string): string =>
  `${path}.${/^[\w$-]{1,64}$/.test(name) ? name : '*'}`
