import { readFileSync } from 'node:fs'
import { z } from 'zod'
import { LETTERS } from '../licences/licence.ts'

/** Parts of a model that can be open, from the weights to the card. */
export const COMPONENTS = [
  'weights',
  'checkpoints',
  'inference_code',
  'training_code',
  'data_processing_code',
  'evaluation',
  'training_data',
  'finetuning_data',
  'data_information',
  'paper',
  'model_card',
] as const
export type Component = (typeof COMPONENTS)[number]

/** Unknown counts as closed, and is said. */
export const STATES = ['open', 'partial', 'closed', 'unknown'] as const
export type ComponentState = (typeof STATES)[number]

const Evidence = z.strictObject({
  state: z.enum(STATES),
  note: z.string(),
  /** Id in the table of sources; null where nothing was looked at. */
  source: z.string().nullable(),
  /** `absence`: closed because nothing was found there, which is weaker than a statement. */
  basis: z.enum(['stated', 'absence', 'recalled']).nullable(),
})
export type Evidence = z.infer<typeof Evidence>

const Family = z.looseObject({
  id: z.string(),
  family: z.string(),
  developer: z.string(),
  country: z.string().nullable(),
  release: z.string().nullable(),
  modalities: z.array(z.string()),
  hubIds: z.array(z.string()),
  /** Further names, of registries and services, that a name may go on from. */
  names: z.array(z.string()).optional(),
  /** Names that stand for it only as they are: short ones, that others begin with. */
  exactNames: z.array(z.string()).optional(),
  licence: z.looseObject({
    id: z.string().nullable(),
    spdx: z.string().nullable(),
    name: z.string(),
  }),
  /** Some of its models; one with a licence of its own is graded by that. */
  variants: z
    .array(z.looseObject({ name: z.string().min(1), licence: z.string().optional() }))
    .nullish(),
  evidence: z.partialRecord(z.enum(COMPONENTS), Evidence),
  level: z.int().min(1).max(6),
  letter: z.enum(LETTERS),
  /** Only where it is not offered to whoever wants it, not even as an API. */
  access: z
    .strictObject({
      /** `invited`: those whom the maker picked, which nobody can count on. */
      to: z.enum(['nobody', 'invited']),
      note: z.string(),
      source: z.string(),
    })
    .optional(),
  osiView: z.string().nullable(),
  mofClass: z.int().min(1).max(3).nullable(),
  disagreement: z.string().nullable(),
  trainingData: z.looseObject({
    known: z.string().nullable(),
    cutoff: z.string().nullable(),
    sources: z.array(z.string()).nullable(),
  }),
  recalled: z.array(z.string()),
  sources: z.array(z.string()).min(1),
  retrieved: z.iso.date(),
})
export type Family = z.infer<typeof Family>

const Source = z.looseObject({ title: z.string() })
const File = z.looseObject({
  retrieved: z.iso.date(),
  sources: z.record(z.string(), Source),
  families: z.array(Family),
})
export type Catalogue = z.infer<typeof File>

let read: Catalogue | undefined

/** Families and notable models, as shipped; read once. */
export function shippedCatalogue(): Catalogue {
  const text = (): string => readFileSync(new URL('./families.json', import.meta.url), 'utf8')
  read ??= File.parse(JSON.parse(text()))
  return read
}
