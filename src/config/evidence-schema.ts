import { z } from 'zod'
import { CLASSES } from '#kernel/label.ts'

const Days = z.int().min(1).max(36_500)
/** Longest wait between two checkpoints: a day. */
const DAY_SECONDS = 86_400

const Anchor = z.union([
  z.strictObject({
    file: z
      .string()
      .min(1)
      .describe('A file that lines are added to, best where nothing can be removed.'),
  }),
  z.strictObject({
    url: z.url({ protocol: /^https?$/ }).describe('Gets each checkpoint by POST, as JSON.'),
    key: z.string().optional().describe('Bearer credential: `${env:NAME}` or `${file:path}`.'),
  }),
])

const Retention = z.strictObject({
  decision_days: Days.default(190).describe(
    'What decisions and outcomes say; the AI Act asks for six months.',
  ),
  class_days: z
    .partialRecord(z.enum(CLASSES), Days)
    .default({})
    .describe('The same for decisions of one class.'),
  other_days: Days.default(1100).describe('What all other events say.'),
  record_days: Days.optional().describe(
    'Whole records, behind a checkpoint that was handed out; never when absent.',
  ),
})

/** How the ledger is signed, handed out and emptied. */
export const EvidenceSection = z.strictObject({
  checkpoint_seconds: z.int().min(1).max(DAY_SECONDS).default(60),
  anchors: z.array(Anchor).default([]).describe('Places outside that get every signed checkpoint.'),
  retention: Retention.prefault({}),
})

/** Which texts may be kept, encrypted. */
export const ContentSection = z.strictObject({
  keep: z.enum(['nothing', 'requests']).default('nothing'),
  per: z.enum(['key', 'subject']).default('key').describe('Whose key they are encrypted with.'),
  up_to: z.enum(CLASSES).default('internal').describe('Highest class that is kept.'),
  days: Days.default(30),
})
