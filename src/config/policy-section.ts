import { z } from 'zod'
import { ZONES } from '#kernel/destination.ts'
import { CATEGORIES, CLASSES } from '#kernel/label.ts'
import { readCondition } from '#policy/condition.ts'
import { PREFERENCES, type PolicyRule, type Prefer } from '#policy/rule.ts'
import {
  Answers,
  Disclose,
  DutyList,
  Mask,
  maskOf,
  opinionOf,
  SecondOpinion,
} from './policy-duties.ts'
import { defaultRules } from './default-rules.ts'
import { expandJurisdictions, isJurisdiction } from './jurisdictions.ts'
import type { PathProblem } from './problems.ts'
import { formatted, Identifier, OneLine } from './schema-formats.ts'

/** Whose policy counts: that of the administrators where there is one, or always that of the file. */
export const POLICY_SOURCES = ['store', 'file'] as const
export type PolicySource = (typeof POLICY_SOURCES)[number]

/** A rule of a policy may say `configured` for the jurisdictions at the top of the file. */
export const CONFIGURED = 'configured'

const names = (what: string) =>
  z.array(OneLine).min(1).optional().describe(`${what}; a name may end in \`*\`.`)

const zones = z.array(z.enum(ZONES)).optional()
const jurisdictions = z
  .array(formatted('jurisdiction', (code) => code === CONFIGURED || isJurisdiction(code)))
  .optional()
  .describe('Countries or groups for zones that are not your own; `configured`: as above.')

const Match = z
  .strictObject({
    classes: z.array(z.enum(CLASSES)).min(1).optional(),
    categories: z.array(z.enum(CATEGORIES)).min(1).optional().describe('One of them is found.'),
    models: names('Models as callers name them'),
    surfaces: names('Surfaces, such as openai-chat'),
    keys: names('Ids of keys'),
    applications: names('Ids of applications'),
    teams: names('Ids of teams'),
    people: names('Ids of people'),
    purposes: names('Purposes of keys'),
  })
  .describe('Which requests it speaks of: all that is given must hold.')

const Allow = z
  .strictObject({
    zones: zones.describe('An empty list lets nothing out.'),
    jurisdictions,
    destinations: names('Ids of destinations'),
    models: names('Models of destinations'),
    licences: z.array(OneLine).min(1).optional().describe('SPDX identifiers, or your own.'),
    openness: z.int().min(1).max(6).optional().describe('This level at least.'),
    retention_days: z
      .int()
      .min(0)
      .max(36_500)
      .optional()
      .describe('Content is kept for so many days at most; 0: not at all.'),
    training: z.literal(false).optional().describe('false: content trains no model.'),
    certifications: z.array(OneLine).min(1).optional().describe('All of them.'),
    weights: z
      .enum(['verified', 'approved'])
      .optional()
      .describe('Only weights that were checked, or that the company approved.'),
    max_cvss: z
      .number()
      .min(0)
      .max(10)
      .optional()
      .describe('The engine has nothing known above this CVSS base score.'),
    start_within_ms: z
      .int()
      .min(1)
      .max(600_000)
      .optional()
      .describe('The answer begins within so many milliseconds, as measured of late.'),
  })
  .describe('What a destination must be. What is not known of it is not met.')

const Deny = z
  .strictObject({
    zones,
    jurisdictions,
    destinations: names('Ids of destinations'),
    models: names('Models of destinations'),
    licences: z.array(OneLine).min(1).optional(),
  })
  .describe('Destinations of which all of this is true are refused.')

const Rule = z.strictObject({
  id: Identifier,
  match: Match,
  when: OneLine.optional().describe(
    'A condition in CEL over request, label, caller and findings, such as `request.tokens > 8000`.',
  ),
  allow: Allow.optional(),
  deny: Deny.optional(),
  mask: Mask.optional(),
  answers: Answers.optional(),
  duties: DutyList.optional(),
  second_opinion: SecondOpinion.optional(),
  disclose: Disclose.optional(),
})

const body = {
  rules: z.array(Rule).optional(),
  prefer: z
    .union([
      z.array(z.enum(PREFERENCES)).min(1),
      z.partialRecord(z.enum(PREFERENCES), z.number().min(0).max(1000)),
    ])
    .optional()
    .describe(
      'Order among the allowed: a list, of which the first that differs decides ([cost, speed] when absent), or weights.',
    ),
}

/** A policy as a document of its own: what is put through the admin API, and files in a folder. */
export const PolicyBody = z
  .strictObject(body)
  .describe('A request must satisfy every rule that speaks of it.')

/** The rules of the company, and what it prefers among what they allow. */
export const PolicySection = z
  .strictObject({
    ...body,
    source: z
      .enum(POLICY_SOURCES)
      .default('store')
      .describe(
        'store: a version put through the admin API is in force in place of this one; file: none can be put.',
      ),
    files: z
      .array(OneLine)
      .min(1)
      .optional()
      .describe(
        'Files with more rules, from this folder on; a name may hold one `*`, such as policies/*.yaml.',
      ),
  })
  .describe('A request must satisfy every rule that speaks of it.')

/** A policy in the names of the rest of the house. */
export interface SettledPolicy {
  readonly rules: readonly PolicyRule[]
  readonly prefer?: Prefer
}

export type FilePolicy = z.infer<typeof PolicyBody>

/** What rules say that cannot be put in force. */
export function policyProblems(policy: unknown): readonly PathProblem[] {
  const parsed = PolicySection.safeParse(policy)
  if (!parsed.success) return []
  return (parsed.data.rules ?? []).flatMap((rule, i): PathProblem[] => {
    const { when, allow, deny, mask, answers, duties, second_opinion: opinion, disclose } = rule
    const path = ['policy', 'rules', i]
    const says = [allow, deny, mask, answers, duties, opinion, disclose]
    const read = when === undefined ? null : readCondition(when)
    return [
      ...(read && !read.ok
        ? [
            {
              code: 'invalid-condition' as const,
              path: [...path, 'when'],
              detail: { ...read.error },
            },
          ]
        : []),
      ...(says.every((one) => one === undefined)
        ? [{ code: 'rule-says-nothing' as const, path }]
        : []),
      ...(mask && mask.types === undefined && mask.categories === undefined
        ? [{ code: 'mask-covers-nothing' as const, path: [...path, 'mask'] }]
        : []),
      // a duty that nothing keeps would be a promise broken in silence
      ...(duties?.includes('second-opinion') && !opinion
        ? [{ code: 'duty-not-available' as const, path: [...path, 'duties'] }]
        : []),
    ]
  })
}

/** The policy of a file, its groups of countries written out; the default rules when it has none. */
export function settledPolicy(
  { rules, prefer }: FilePolicy,
  configured: readonly string[],
): SettledPolicy {
  const countries = (codes: readonly string[] | undefined) =>
    codes && expandJurisdictions(codes.flatMap((code) => (code === CONFIGURED ? configured : code)))
  const settled = rules?.map((rule): PolicyRule => {
    const { id, match, when, allow, deny, mask, second_opinion: opinion, ...rest } = rule
    const {
      retention_days: retentionDays,
      max_cvss: maxCvss,
      start_within_ms: startWithinMs,
      ...asked
    } = allow ?? {}
    return {
      id,
      match,
      ...(when === undefined ? {} : { when }),
      ...(allow && {
        allow: defined({
          ...asked,
          retentionDays,
          maxCvss,
          startWithinMs,
          jurisdictions: countries(asked.jurisdictions),
        }),
      }),
      ...(deny && { deny: defined({ ...deny, jurisdictions: countries(deny.jurisdictions) }) }),
      ...(mask && { mask: defined(maskOf(mask)) }),
      ...(opinion && { opinion: defined(opinionOf(opinion)) }),
      ...defined(rest),
    }
  })
  return { rules: settled ?? defaultRules(configured), ...(prefer ? { prefer } : {}) }
}

/** Without the keys that have no value, so that the same rule always has the same digest. */
const defined = <Fields extends object>(fields: Fields): Fields => {
  const kept = { ...fields }
  for (const [key, value] of Object.entries(kept))
    if (value === undefined) Reflect.deleteProperty(kept, key)
  return kept
}
