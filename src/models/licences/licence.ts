import { readFileSync } from 'node:fs'
import { z } from 'zod'

/** O open source or open data, R restricted in use, C thresholds or terms of a community, N non-commercial, X none or unknown. */
export const LETTERS = ['O', 'R', 'C', 'N', 'X'] as const
export type LicenceLetter = (typeof LETTERS)[number]

const Threshold = z.union([
  z.number(),
  z.string(),
  z.array(z.string()),
  // alternatives: crossing one is enough
  z.record(z.string(), z.number()),
])

/** What a licence asks, as its row says it. */
const Condition = z.strictObject({
  id: z.string(),
  kind: z.enum([
    'mau',
    'revenue',
    'territory',
    'non-commercial',
    'naming',
    'attribution',
    'notice',
    'aup',
    'output-training',
    'hosting',
    'registration',
    'share-alike',
    'derivatives',
    'sector',
    'termination',
  ]),
  subject: z.string(),
  op: z.enum(['>', '>=', 'in', 'on', 'forbid', 'must', 'may', 'should']),
  threshold: Threshold.nullable(),
  currency: z.literal('USD').nullable(),
  measuredAt: z.string().nullable(),
  effect: z.enum(['duty', 'block', 'needs-legal']),
  obligation: z.string(),
  /** Its licence counts a hosted service as distribution: Gemma (sec. 1.1.b), and the definition that the RAIL family shares. */
  countsHosting: z.boolean().optional(),
  citation: z.string().nullable(),
})
export type Condition = z.infer<typeof Condition>

const Source = z.looseObject({ title: z.string() })

const Licence = z.looseObject({
  id: z.string(),
  name: z.string(),
  spdx: z.string().nullable(),
  letter: z.enum(LETTERS),
  conditions: z.array(Condition),
  /** Fingerprints that its text is known by. */
  texts: z.array(z.string().regex(/^[0-9a-f]{64}$/)),
  /** Loose fingerprints of copies that say the same in other words. */
  variants: z.array(z.string().regex(/^[0-9a-f]{64}$/)).default([]),
  /** Fingerprints of what may stand behind the end of its terms, without the lines that name holders. */
  appendices: z.array(z.string().regex(/^[0-9a-f]{64}$/)).default([]),
  /** Its appendix only says how to apply it: copies without it are the same licence. */
  isAppendixOptional: z.boolean().default(false),
  /** Sketches, hashes of 12 digits one after the other. */
  sketches: z.array(z.string().regex(/^(?:[0-9a-f]{12})+$/)),
  basis: z.string(),
  sources: z.array(Source).min(1),
  retrieved: z.iso.date(),
})
export type Licence = z.infer<typeof Licence>

const File = z.looseObject({ retrieved: z.iso.date(), licences: z.array(Licence) })

let read: readonly Licence[] | undefined

/** Every licence the product knows, read once. */
export function shippedLicences(): readonly Licence[] {
  const text = (): string => readFileSync(new URL('./licences.json', import.meta.url), 'utf8')
  read ??= File.parse(JSON.parse(text())).licences
  return read
}

/** A licence by its id, its SPDX identifier, or the tag that the Hugging Face Hub has for it (`llama3.1`), case aside; null when neither is known. */
export function findLicence(name: string): Licence | null {
  const wanted = name.toLowerCase()
  return named(wanted) ?? named(wanted.replace(/^([a-z]+)(\d)/, '$1-$2'))
}

function named(wanted: string): Licence | null {
  const found = shippedLicences().find(
    ({ id, spdx }) => id.toLowerCase() === wanted || spdx?.toLowerCase() === wanted,
  )
  return found ?? null
}
