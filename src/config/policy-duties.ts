import { z } from 'zod'
import { TYPE_NAMES } from '#classify/data/type-names.ts'
import { ZONES } from '#kernel/destination.ts'
import {
  ANSWER_ACTIONS,
  DUTY_NAMES,
  MASK_STYLES,
  NO_OPINION_ACTIONS,
  OPINION_ACTIONS,
  OPINION_STYLES,
} from '#kernel/duties.ts'
import { CATEGORIES } from '#kernel/label.ts'
import { OneLine } from './schema-formats.ts'
import type { RuleMask, RuleOpinion } from '#policy/rule.ts'

const TYPES = Object.keys(TYPE_NAMES).filter((name) => name !== 'UNDETERMINED')

/** The types that a name stands for: itself, or all that begin so where it ends in `*`; a name misspelt stands for none. */
export const findingTypes = (name: string): readonly string[] =>
  TYPES.filter((type) => (name.endsWith('*') ? type.startsWith(name.slice(0, -1)) : type === name))

const FindingType = z
  .string()
  .refine((name) => findingTypes(name).length > 0, { params: { expected: 'finding-type' } })

/** What is masked before a text leaves. */
export const Mask = z
  .strictObject({
    types: z
      .array(FindingType)
      .min(1)
      .optional()
      .describe('Types of findings; a name may end in `*`.'),
    categories: z.array(z.enum(CATEGORIES)).min(1).optional().describe('Findings of these, too.'),
    zones: z
      .array(z.enum(ZONES))
      .min(1)
      .optional()
      .describe('Where a text goes masked; [managed, api] when absent.'),
    style: z
      .enum(MASK_STYLES)
      .optional()
      .describe('A placeholder by default; fake: a plausible value of the same format.'),
    restore_in_tools: z
      .array(OneLine)
      .min(1)
      .optional()
      .describe(
        'Tools whose arguments get the values back; a name may end in `*`. None by default.',
      ),
  })
  .describe('What is replaced before a text goes to some zones, and restored in the answer.')

const action = (what: string) => z.enum(ANSWER_ACTIONS).optional().describe(what)

/** What is done about what answers hold. */
export const Answers = z
  .strictObject({
    secrets: action('Keys, passwords and tokens.'),
    personal: action('Personal data that was not in the question.'),
    markings: action('Confidentiality markings.'),
    links: action('Links and pictures that could carry data away.'),
    invisible: action('Characters that nobody sees.'),
    terms: action('Terms, patterns and documents of the company that were not in the question.'),
    hosts: z
      .array(z.string().regex(/^(?:\*\.)?[a-z\d]+(?:[.-][a-z\d]+)*$/))
      .min(1)
      .optional()
      .describe(
        'Hosts that links may lead to, lower case; `*.example.org` for all below it. Any other is a finding of `links`.',
      ),
  })
  .describe('What is done about what an answer holds; a kind that is absent passes.')

/** Another model that judges answers before they are shown. */
export const SecondOpinion = z
  .strictObject({
    model: OneLine.describe(
      'The model that judges, as callers name it; its destination must be cleared for what it reads.',
    ),
    style: z
      .enum(OPINION_STYLES)
      .optional()
      .describe(
        'words: any chat model, asked in words (default); llama-guard: Llama Guard and its kin.',
      ),
    prompt: z
      .string()
      .min(1)
      .max(8_000)
      .optional()
      .describe('What an answer must be, in your words; of `words` alone.'),
    on_no: z
      .enum(OPINION_ACTIONS)
      .optional()
      .describe('refuse (default), review: a person decides, or mark: it is shown with a notice.'),
    on_error: z
      .enum(NO_OPINION_ACTIONS)
      .optional()
      .describe('Where there is no opinion: refuse (default) or review.'),
    within_ms: z.int().min(100).max(600_000).optional().describe('It has so long; 30000.'),
  })
  .describe('Another model judges the answer before it is shown.')

const Sentence = OneLine.optional()

/** How an answer says that a machine wrote it. */
export const Disclose = z
  .union([
    z.enum(['header', 'text']),
    z
      .strictObject({ en: Sentence, fr: Sentence })
      .refine(({ en, fr }) => en !== undefined || fr !== undefined),
  ])
  .describe(
    'The answer says that a machine wrote it: in a header, in a sentence too, or in one of yours.',
  )

/** A second opinion in the names of the rest of the house. */
export const opinionOf = ({
  on_no: onNo,
  on_error: onError,
  within_ms: withinMs,
  ...rest
}: z.infer<typeof SecondOpinion>): RuleOpinion => ({ ...rest, onNo, onError, withinMs })

/** Duties that are there or not. */
export const DutyList = z
  .array(z.enum(DUTY_NAMES))
  .min(1)
  .describe('What must be done besides; of all rules that speak, the union.')

/** A mask in the names of the rest of the house, names of types written out. */
export const maskOf = ({
  types,
  restore_in_tools: tools,
  ...mask
}: z.infer<typeof Mask>): RuleMask => ({
  ...mask,
  ...(tools === undefined ? {} : { tools }),
  ...(types === undefined
    ? {}
    : { types: [...new Set(types.flatMap((name) => findingTypes(name)))].toSorted() }),
})
