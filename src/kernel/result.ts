/** An expected outcome that may be a refusal: refusals are values, exceptions are for bugs. */
export type Result<T, E> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly error: E }

/** The successful side of a Result. */
export const ok = <T>(value: T): Result<T, never> => ({ ok: true, value })

/** The refused side of a Result. */
export const err = <E>(error: E): Result<never, E> => ({ ok: false, error })
