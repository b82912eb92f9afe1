import { z } from 'zod'
import { CLASSES } from '#kernel/label.ts'

/** What a data set was to a model. */
export const DATA_SET_USES = ['pretraining', 'tuning', 'evaluation'] as const
export type DataSetUse = (typeof DATA_SET_USES)[number]

/** Whether there are data of persons in it; `unknown`: nobody looked. */
export const PERSONAL_DATA = ['yes', 'no', 'unknown'] as const

const line = (most: number) =>
  z
    .string()
    .trim()
    .min(1)
    .max(most)
    .regex(/^\P{Cc}*$/u, 'one line')
const Day = z.iso.date('a day (2026-06-30)').nullable().default(null)

export const DataSetName = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/, 'a name of letters, digits, dots, - and _')
export const DataSetVersion = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9.+_-]{0,99}$/, 'a version of letters, digits, dots, +, - and _')

const Digest = z
  .string()
  .transform((text) => text.toLowerCase().replace(/^sha256:/, ''))
  .pipe(z.string().regex(/^[0-9a-f]{64}$/, 'a SHA-256 in hexadecimal'))

/** Anything that leads to it and opens nothing: bills go round. */
const Location = z
  .string()
  .max(2_000)
  .refine(isLocation, 'an address without user, password and query (s3://bucket/path)')

/** A model that was made, or measured, with a data set: by its name here, or by the digest of its weights. */
const Trained = z.strictObject({ model: line(300), use: z.enum(DATA_SET_USES) })

/** What is said of a data set, beside its name and version. */
export const DataSetFields = z
  .strictObject({
    /** Where the data come from, in words. */
    origin: line(1_000),
    /** Who made it; null: not said. */
    publisher: line(200).nullable().default(null),
    /** SPDX identifier or expression, or the name of another licence. */
    licence: line(200).nullable().default(null),
    /** Of its file, or of an archive of its files. */
    digest: Digest.nullable().default(null),
    location: Location.nullable().default(null),
    /** The days on which it was made, and released. */
    built: Day,
    released: Day,
    personalData: z.enum(PERSONAL_DATA).default('unknown'),
    /** Class of the data in it, as the policy has them. */
    class: z.enum(CLASSES).nullable().default(null),
    models: z.array(Trained).max(1_000).default([]),
  })
  .refine(({ digest, location }) => digest !== null || location !== null, {
    path: ['location'],
    error: 'a digest or a location, so that it is known which data are meant',
  })
export type DataSetFields = z.infer<typeof DataSetFields>

const Known = z.looseObject({ name: DataSetName, version: DataSetVersion })

/** A data set of the company's own, as it was registered. */
export type DataSet = DataSetFields & { readonly name: string; readonly version: string }

export const dataSetId = ({ name, version }: Pick<DataSet, 'name' | 'version'>): string =>
  `${name}@${version}`

/** `name@version`; null when it is none. */
export function parseDataSetId(id: string): Pick<DataSet, 'name' | 'version'> | null {
  const at = id.lastIndexOf('@')
  const read = Known.safeParse({ name: id.slice(0, Math.max(at, 0)), version: id.slice(at + 1) })
  return read.success ? { name: read.data.name, version: read.data.version } : null
}

/** A record as it is kept; null when it cannot be read. */
export function readDataSet(text: string): DataSet | null {
  try {
    const { name, version, ...fields } = Known.parse(JSON.parse(text))
    return { name, version, ...DataSetFields.parse(fields) }
  } catch {
    return null
  }
}

function isLocation(text: string): boolean {
  const url = URL.parse(text)
  if (url === null || /\s/.test(text) || ['javascript:', 'data:'].includes(url.protocol))
    return false
  return url.username === '' && url.password === '' && url.search === ''
}
