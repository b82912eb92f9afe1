import { z } from 'zod'

/** What somebody who looked says of one product and one flaw. */
export const VEX_STATES = ['not_affected', 'affected', 'fixed', 'under_investigation'] as const
export type VexState = (typeof VEX_STATES)[number]

/** Why a product is not affected (OpenVEX 0.2.0, the same five as CSAF 2.0). */
export const JUSTIFICATIONS = [
  'component_not_present',
  'vulnerable_code_not_present',
  'vulnerable_code_not_in_execute_path',
  'vulnerable_code_cannot_be_controlled_by_adversary',
  'inline_mitigations_already_exist',
] as const
export type Justification = (typeof JUSTIFICATIONS)[number]

/** One statement of the Vulnerability Exploitability eXchange, made plain. */
export const VexStatement = z.strictObject({
  schema: z.literal('ecluse-vex/1'),
  /** Of the flaw: its id and its other names. */
  vulnerabilities: z.array(z.string().max(100)).min(1),
  /** Id in the table of products. */
  product: z.string(),
  /** Only this version; null: every one. */
  version: z.string().max(128).nullable(),
  state: z.enum(VEX_STATES),
  justification: z.enum(JUSTIFICATIONS).nullable(),
  /** In words: why, or what to do. */
  statement: z.string().max(2000).nullable(),
  author: z.string().max(200).nullable(),
  /** ISO 8601; the newest statement counts. */
  timestamp: z.string(),
  source: z.string(),
})
export type VexStatement = z.infer<typeof VexStatement>

/**
 * Whether a statement may lift a product out of what counts. "Not affected" without a reason does not: OpenVEX asks for
 * a justification or an impact statement.
 */
export const lifts = ({ state, justification, statement }: VexStatement): boolean =>
  state === 'fixed' || (state === 'not_affected' && (justification !== null || statement !== null))
