import { z } from 'zod'
import { CATEGORIES, CLASSES } from '#kernel/label.ts'
import { EVENT_TYPES } from '#ledger/event.ts'

/** What a list or an export can be narrowed to. */
export const Filters = z.object({
  class: z.enum(CLASSES).optional(),
  category: z.enum(CATEGORIES).optional(),
  destination: z.string().optional(),
  key: z.string().optional(),
  model: z.string().optional(),
  team: z.string().optional(),
  application: z.string().optional(),
  type: z.enum(EVENT_TYPES).optional(),
  refused: z.literal(true).optional(),
  limit: z.coerce.number().int().min(1).max(500).default(20),
  since: z.coerce.date().transform(Number).optional(),
  until: z.coerce.date().transform(Number).optional(),
})
