import { z } from 'zod'

/** From one version to another of one product; `0` is the first there was. */
const Range = z.strictObject({
  introduced: z.string().max(128),
  /** The first version without the flaw; null where none is known. */
  fixed: z.string().max(128).nullable(),
  /** The last version with it, where that is what was recorded. */
  lastAffected: z.string().max(128).nullable(),
})
export type Range = z.infer<typeof Range>

const Affected = z.strictObject({
  /** Id in the table of products. */
  product: z.string(),
  ranges: z.array(Range),
  /** Single versions. */
  versions: z.array(z.string().max(128)),
  /** False: nobody says for sure which versions; a person has to look. */
  isKnown: z.boolean(),
})
export type Affected = z.infer<typeof Affected>

const Score = z.strictObject({
  vector: z.string().max(256),
  /** As recorded beside the vector; null where only the vector is. */
  recorded: z.number().min(0).max(10).nullable(),
  by: z.string().nullable(),
})
export type RecordedScore = z.infer<typeof Score>

/** How far a record may be relied upon: only what was read in its source may hold up traffic. */
export const BASES = ['read', 'second-hand', 'recalled'] as const

/** One flaw as one source records it, made plain: the form that importers write, and that is kept in the data directory. */
export const VulnerabilityRecord = z.strictObject({
  schema: z.literal('ecluse-vulnerability/1'),
  id: z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._:-]{2,99}$/),
  aliases: z.array(z.string().max(100)),
  summary: z.string().max(2000),
  published: z.string().nullable(),
  modified: z.string().nullable(),
  withdrawn: z.boolean(),
  affected: z.array(Affected),
  scores: z.array(Score),
  /** A word such as `high`, where there is no vector. */
  severityWord: z.string().nullable(),
  cwe: z.array(z.string()),
  /** What an attacker has to reach. */
  exposure: z.array(z.string()),
  /** What has to be switched on. */
  requires: z.string().nullable(),
  note: z.string().nullable(),
  references: z.array(z.string()),
  basis: z.enum(BASES),
  source: z.string(),
  /** ISO day. */
  retrieved: z.string(),
})
export type VulnerabilityRecord = z.infer<typeof VulnerabilityRecord>

/** What a record is made with besides what its document says. */
export interface Origin {
  /** Where the document came from: a name for people. */
  readonly source: string
  /** ISO day. */
  readonly retrieved: string
}

/** What a document gave. */
export interface Read<T> {
  readonly found: readonly T[]
  /** What it holds about products that run no models: counted, and left. */
  readonly others: number
  /** Numbers of flaws that their list takes back; absent: none. */
  readonly rejected?: readonly string[]
}

/** A line of text for people: no control characters, not without end. */
export const plainText = (text: string, length = 500): string => {
  const line = text.replaceAll(/[\p{C}\p{Zl}\p{Zp}\s]+/gu, ' ').trim()
  return line.length <= length ? line : `${line.slice(0, length - 1)}…`
}
