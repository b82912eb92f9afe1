import { z } from 'zod'
import { TASKS, ZONES } from '#kernel/destination.ts'
import { ANSWER_ACTIONS, DUTY_NAMES, MASK_STYLES } from '#kernel/duties.ts'
import { CATEGORIES, CLASSES } from '#kernel/label.ts'
import type { Policy } from './document.ts'
import { PREFERENCES } from './rule.ts'

const Names = z.array(z.string()).optional()

const Action = z.enum(ANSWER_ACTIONS).optional()

const StoredRule = z.object({
  id: z.string(),
  match: z.object({
    classes: z.array(z.enum(CLASSES)).optional(),
    categories: z.array(z.enum(CATEGORIES)).optional(),
    models: Names,
    tasks: z.array(z.enum(TASKS)).optional(),
    surfaces: Names,
    keys: Names,
    applications: Names,
    teams: Names,
    people: Names,
    purposes: Names,
  }),
  when: z.string().optional(),
  allow: z
    .object({
      zones: z.array(z.enum(ZONES)).optional(),
      jurisdictions: Names,
      destinations: Names,
      models: Names,
      licences: Names,
      openness: z.number().optional(),
      retentionDays: z.number().optional(),
      training: z.literal(false).optional(),
      certifications: Names,
      weights: z.enum(['verified', 'approved']).optional(),
      maxCvss: z.number().optional(),
      startWithinMs: z.number().optional(),
    })
    .optional(),
  deny: z
    .object({
      zones: z.array(z.enum(ZONES)).optional(),
      jurisdictions: Names,
      destinations: Names,
      models: Names,
      licences: Names,
    })
    .optional(),
  mask: z
    .object({
      types: Names,
      categories: z.array(z.enum(CATEGORIES)).optional(),
      zones: z.array(z.enum(ZONES)).optional(),
      style: z.enum(MASK_STYLES).optional(),
      tools: Names,
    })
    .optional(),
  answers: z
    .object({
      secrets: Action,
      personal: Action,
      markings: Action,
      links: Action,
      invisible: Action,
    })
    .optional(),
  duties: z.array(z.enum(DUTY_NAMES)).optional(),
})

const StoredPolicy = z.object({
  floor: z.enum(CLASSES),
  rules: z.array(StoredRule),
  prefer: z
    .union([
      z.array(z.enum(PREFERENCES)),
      z.partialRecord(z.enum(PREFERENCES), z.number().optional()),
    ])
    .optional(),
})

/** A policy as it is stored under its version; null when it cannot be read. */
export function storedPolicy(json: string, version: string): Policy | null {
  const policy = StoredPolicy.safeParse(parsed(json))
  return policy.success ? { ...policy.data, version } : null
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
