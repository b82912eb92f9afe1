import { z } from 'zod'
import type { ClassEdits } from '#classify/class-edits.ts'
import { TYPE_NAMES } from '#classify/data/type-names.ts'
import { CATEGORIES, CLASSES } from '#kernel/label.ts'

/** Whether detectors can give findings of this type; a name misspelt would leave what it means unprotected. */
const isFindingType = (name: string): boolean =>
  Object.hasOwn(TYPE_NAMES, name) && name !== 'UNDETERMINED'

const FindingTypes = z
  .array(z.string().refine(isFindingType, { params: { expected: 'finding-type' } }))
  .min(1)
const RuleId = z.string().regex(/^[a-z0-9][a-z0-9-]{0,63}$/, { error: 'identifier' })
const Confidence = z
  .number()
  .min(0)
  .max(1)
  .default(0.65)
  .describe('Findings below raise nothing; 0.85 is high, 0.65 medium, 0.45 low.')

/** What findings mean, where a company wants it otherwise than by default. */
export const Classes = z.strictObject({
  rows: z
    .array(
      z.strictObject({
        types: FindingTypes,
        rules: z.array(RuleId).min(1).optional().describe('Narrows the row to these rules.'),
        class: z.enum(CLASSES),
        categories: z.array(z.enum(CATEGORIES)).default([]),
        min_confidence: Confidence,
      }),
    )
    .default([])
    .describe('A row replaces what the default table says of its types.'),
  counts: z
    .array(
      z.strictObject({
        types: FindingTypes,
        not_rules: z.array(RuleId).min(1).optional().describe('Rules that do not count.'),
        at_least: z.int().min(2).max(1_000_000).describe('Distinct values of one type.'),
        class: z.enum(CLASSES),
        min_confidence: Confidence,
      }),
    )
    .optional()
    .describe('Distinct values that raise the class together; replaces the default ones.'),
  combinations: z
    .array(
      z.strictObject({
        types: FindingTypes,
        different: z.int().min(2).max(100).describe('Types of the list present at once.'),
        class: z.enum(CLASSES),
        min_confidence: Confidence,
      }),
    )
    .optional()
    .describe('Different types that raise the class together; replaces the default ones.'),
})

/** The section in the names of the rest of the house; null where the file says nothing. */
export function classEdits(section: z.infer<typeof Classes> | undefined): ClassEdits | null {
  if (section === undefined) return null
  return {
    rows: section.rows.map(({ min_confidence: minConfidence, rules, ...row }) => ({
      ...row,
      minConfidence,
      ...(rules === undefined ? {} : { rules }),
    })),
    counts:
      section.counts?.map((row) => ({
        types: row.types,
        atLeast: row.at_least,
        class: row.class,
        minConfidence: row.min_confidence,
        ...(row.not_rules === undefined ? {} : { notRules: row.not_rules }),
      })) ?? null,
    combinations:
      section.combinations?.map((row) => ({
        types: row.types,
        different: row.different,
        class: row.class,
        minConfidence: row.min_confidence,
      })) ?? null,
  }
}
