import { readFileSync } from 'node:fs'
import { z } from 'zod'

/** Criteria of the European Open Source AI Index that are scored, in the order of the letters of a row. */
export const OSAI_CRITERIA = [
  'datasources_basemodel',
  'datasources_endmodel',
  'weights_basemodel',
  'weights_endmodel',
  'trainingcode',
  'code',
  'hardware_architecture',
  'preprint',
  'paper',
  'modelcard',
  'datasheet',
  'licenses',
] as const

/** Components of the Model Openness Framework 1.0, in the order of the letters of a row. */
export const MOT_COMPONENTS = [
  'Model architecture',
  'Model parameters (Final)',
  'Technical report',
  'Evaluation results',
  'Model card',
  'Data card',
  'Sample model outputs',
  'Training code',
  'Inference code',
  'Evaluation code',
  'Evaluation data',
  'Supporting libraries and tools',
  'Research paper',
  'Datasets',
  'Data preprocessing code',
  'Model parameters (Intermediate)',
  'Model metadata',
] as const

/** Longest text of a field that is kept. */
const LONGEST = 200
const Text = z.string().max(LONGEST)

const shared = { name: Text.min(1), developer: Text.nullable(), licence: Text.nullable() }

const OsaiRow = z.strictObject({
  id: z.string().startsWith('osai:'),
  ...shared,
  /** Names of the model it was made from, and of what is judged. */
  base: Text.nullable(),
  end: Text.nullable(),
  release: Text.nullable(),
  /** o open, p partial, c closed, a letter for each of `OSAI_CRITERIA`. */
  values: z.string().regex(/^[opc]{12}$/),
  link: Text.nullable(),
})
export type OsaiRow = z.infer<typeof OsaiRow>

const MotRow = z.strictObject({
  id: z.string().startsWith('mot:'),
  ...shared,
  /** o listed under an open licence, u under another or none, - not listed; a letter for each of `MOT_COMPONENTS`. */
  values: z.string().regex(/^[ou-]{17}$/),
  link: Text.nullable(),
})
export type MotRow = z.infer<typeof MotRow>

const Shipped = z.looseObject({
  retrieved: z.iso.date(),
  sources: z.array(
    z.looseObject({
      id: z.enum(['osai', 'mot']),
      title: z.string(),
      revisionDate: z.iso.date(),
      licence: z.string(),
      attribution: z.string(),
    }),
  ),
  osai: z.array(OsaiRow),
  mot: z.array(MotRow),
})
export type ShippedIndexes = z.infer<typeof Shipped>

/** Rows that an operator brought, over those that were shipped. */
const Imported = z.strictObject({
  version: z.literal(1),
  osai: z.array(OsaiRow),
  mot: z.array(MotRow),
})
export type ImportedIndexes = z.infer<typeof Imported>

export type IndexRow = OsaiRow | MotRow

let read: ShippedIndexes | undefined

/** What both indexes said on the day that the data file tells; read once. */
export function shippedIndexes(): ShippedIndexes {
  const text = (): string => readFileSync(new URL('./openness-index.json', import.meta.url), 'utf8')
  read ??= Shipped.parse(JSON.parse(text()))
  return read
}

export const NOTHING_IMPORTED: ImportedIndexes = { version: 1, osai: [], mot: [] }

/** The rows of an import's file; null when the text is none. */
export function parseImported(text: string): ImportedIndexes | null {
  try {
    return Imported.safeParse(JSON.parse(text)).data ?? null
  } catch {
    return null
  }
}

/** Every row that is known; one that was imported stands for the shipped one of its id. */
export function allRows(imported: ImportedIndexes): readonly IndexRow[] {
  const { osai, mot } = shippedIndexes()
  const rows = new Map<string, IndexRow>()
  for (const row of [...osai, ...mot, ...imported.osai, ...imported.mot]) rows.set(row.id, row)
  return [...rows.values()]
}
