import { z } from 'zod'

/** A text that may be missing, or be something else: then it is missing. */
export const Text = z.string().optional().catch(undefined)
export const Texts = z.array(z.string()).catch([])

/** A CVSS vector with the score that stands beside it. */
export const Cvss = z
  .looseObject({
    vectorString: z.string(),
    baseScore: z.number().min(0).max(10).nullable().catch(null),
  })
  .optional()
  .catch(undefined)
export type Cvss = z.infer<typeof Cvss>

/** Addresses that a document refers to. */
export const References = z.array(z.looseObject({ url: z.string() })).catch([])
