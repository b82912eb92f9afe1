import { readFileSync } from 'node:fs'
import { z } from 'zod'

/** What is asked of training data, and recorded by hand; the rest comes from the evidence for openness. */
export const RECORDED = [
  'datasets',
  'data_licences',
  'crawl',
  'opt_out',
  'personal_data',
  'copyright_policy',
] as const
export type RecordedQuestion = (typeof RECORDED)[number]

/** `unstated`: somebody looked, and its makers do not say. What nobody looked at is not recorded at all. */
export const RECORDED_ANSWERS = ['yes', 'partly', 'no', 'unstated'] as const

const RecordedAnswer = z.strictObject({
  answer: z.enum(RECORDED_ANSWERS),
  note: z.string().min(1),
  source: z.string(),
  /** `absence`: nothing of the kind was found there; `recalled`: general knowledge, to be confirmed there. */
  basis: z.enum(['stated', 'absence', 'recalled']),
})
export type RecordedAnswer = z.infer<typeof RecordedAnswer>

/** The summary that article 53(1)(d) of the AI Act asks for. */
const PublicSummary = z.strictObject({
  state: z.enum(['published', 'not-found']),
  url: z.url().nullable(),
  /** Day it was last changed; null where that was not read. */
  date: z.iso.date().nullable(),
  note: z.string().min(1),
  source: z.string(),
})
export type PublicSummary = z.infer<typeof PublicSummary>

const Row = z.strictObject({
  /** Id in the catalogue. */
  family: z.string(),
  answers: z.partialRecord(z.enum(RECORDED), RecordedAnswer),
  publicSummary: PublicSummary.nullable(),
  retrieved: z.iso.date(),
})
export type RecordedRow = z.infer<typeof Row>

const Source = z.strictObject({
  title: z.string().min(1),
  url: z.url(),
  date: z.string().nullable(),
  retrieved: z.iso.date(),
})
export type RecordedSource = z.infer<typeof Source>

const File = z.strictObject({
  $comment: z.string(),
  retrieved: z.iso.date(),
  template: z.strictObject({
    source: z.string(),
    published: z.iso.date(),
    reissued: z.iso.date(),
    reference: z.string(),
  }),
  /** From when the summary is owed: by models put on the market since, by older ones, and enforced. */
  duty: z.strictObject({
    source: z.string(),
    since: z.iso.date(),
    older: z.iso.date(),
    enforced: z.iso.date(),
  }),
  /** Lists that were read for summaries of models since a day: one that is in none of them was not found. */
  looked: z.strictObject({
    source: z.string(),
    since: z.iso.date(),
    date: z.iso.date(),
    note: z.string().min(1),
  }),
  sources: z.record(z.string(), Source),
  rows: z.array(Row),
})
export type RecordedProvenance = z.infer<typeof File>

let read: RecordedProvenance | undefined

/** What is recorded, as shipped; read once. */
export function recordedProvenance(): RecordedProvenance {
  const text = (): string => readFileSync(new URL('./provenance.json', import.meta.url), 'utf8')
  read ??= File.parse(JSON.parse(text()))
  return read
}

/** The row of a family; null: nobody recorded anything. */
export const recordedRow = (family: string): RecordedRow | null =>
  recordedProvenance().rows.find((row) => row.family === family) ?? null
