import { plainText, type Origin, type RecordedScore, type VulnerabilityRecord } from '../record.ts'
import type { Cvss } from './fields.ts'

/** References of one record that are kept. */
const MOST_REFERENCES = 20

type Said = Pick<VulnerabilityRecord, 'id' | 'summary' | 'affected' | 'scores'> &
  Partial<Omit<VulnerabilityRecord, 'schema' | 'references' | 'source'>> & {
    readonly references: readonly { readonly url: string }[]
  }

/** A record of what a document says: days without their time, a line for people, nothing for what it does not say. */
export const madeRecord = (said: Said, origin: Origin): VulnerabilityRecord => ({
  schema: 'ecluse-vulnerability/1',
  aliases: [],
  withdrawn: false,
  severityWord: null,
  cwe: [],
  exposure: [],
  requires: null,
  note: null,
  basis: 'read',
  retrieved: origin.retrieved,
  ...said,
  summary: plainText(said.summary),
  published: dayOf(said.published),
  modified: dayOf(said.modified),
  references: said.references.map(({ url }) => url).slice(0, MOST_REFERENCES),
  source: origin.source,
})

const dayOf = (time: string | null | undefined): string | null => time?.slice(0, 10) ?? null

/** Vectors with what was recorded beside them, by whom. */
export const scoresFrom = (all: readonly Cvss[], by: string | null): RecordedScore[] =>
  all.flatMap((cvss) =>
    cvss === undefined
      ? []
      : [{ vector: cvss.vectorString.slice(0, 256), recorded: cvss.baseScore, by }],
  )
