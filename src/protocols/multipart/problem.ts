import type { Refusal } from '#kernel/refusal.ts'

/** What can be wrong with a form; shown to the caller as it is. */
export type FormProblem =
  | 'no-boundary'
  | 'no-first-boundary'
  | 'no-final-boundary'
  | 'boundary-line'
  | 'too-many-parts'
  | 'headers-too-large'
  | 'part-headers'
  | 'part-disposition'
  | 'part-name'
  | 'part-type'
  | 'part-charset'
  | 'part-encoding'
  | 'nested-multipart'

/** The refusal of a form; a part is named by its place, for its name is the caller's own text. */
export const malformed = (reason: FormProblem, part?: number): { ok: false; error: Refusal } => ({
  ok: false,
  error: {
    code: 'malformed-multipart',
    ...(part === undefined ? {} : { param: partPath(part) }),
    detail: { reason },
  },
})

/** How a refusal names the part at this place. */
export const partPath = (part: number): string => `parts.${part}`
