import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { basename } from 'node:path'
import { canonicalJson } from '#kernel/canonical-json.ts'
import type { EpochMs } from '#kernel/units.ts'
import { findFamily } from '../catalogue/find-family.ts'
import { ggufFacts } from '../gguf-facts.ts'
import { readGgufHeader } from '../gguf-header.ts'
import { LONGEST_TEXT } from '../licences/fingerprint.ts'
import { judge } from '../licences/judge.ts'
import type { CompanyProfile } from '../licences/profile.ts'
import { cardTags, claimsOf, type LicenceClaims, type ModelTags } from '../licences/read-claims.ts'
import type { AdmissionRecord, RecordedLicence, WeightsFile } from './record.ts'

const LICENCE_FILE = /^(?:licen[cs]e|copying)(?:[._-].*)?$/i
const CARD = /^readme\.md$/i
/** Bases named in a record at most. */
const MOST_BASES = 20

export interface LicenceParts {
  readonly blob: (digest: string) => string
  /** What the manifest of the model says of its licence. */
  readonly tag: string | null
  readonly company: CompanyProfile
  readonly now: EpochMs
}

/** What the licence of a model of the store means for the company now. A verdict binds once the company has said what it is. */
export async function judgeLicence(
  record: AdmissionRecord,
  { blob, tag, company, now }: LicenceParts,
): Promise<RecordedLicence> {
  const claims = await claimsOfFiles(record, blob, tag)
  const judgement = judge(claims.claims, company, {
    modalities: claims.family?.modalities ?? null,
    isDerived: claims.bases.length > 0,
  })
  const [own] = claims.claims
  const licence = own?.text && own.text.kind !== 'unknown' ? own.text.licence : (own?.tag ?? null)
  const worst = judgement.verdict === 'block' ? judgement.blocking : judgement.legal
  const named = worst.map(({ licence: of, condition }) => `${of}/${condition.id}`)
  return {
    id: licence?.id ?? null,
    verdict: judgement.verdict,
    conditions: [...judgement.reasons, ...new Set(named)].slice(0, 50),
    text: claims.text === null ? null : sha256(claims.text),
    profile: profileDigest(company),
    isBinding: Object.keys(company).length > 0,
    inheritedFrom: claims.bases.length === 0 ? null : claims.bases.slice(0, MOST_BASES).join(', '),
    at: now,
  }
}

async function claimsOfFiles(
  { name, files, source }: AdmissionRecord,
  blob: (digest: string) => string,
  tag: string | null,
): Promise<LicenceClaims> {
  const textOf = async (file: WeightsFile | undefined): Promise<string | null> =>
    file === undefined || file.bytes > LONGEST_TEXT
      ? null
      : readFile(blob(file.digest), 'utf8').catch(() => null)
  const top = files.filter(({ path }) => !path.includes('/'))
  const licence = top.find(({ path }) => LICENCE_FILE.test(path))
  const text = await textOf(licence)
  const card = await textOf(top.find(({ path }) => CARD.test(path)))
  const known = nameOfFamily(name, source.reference)
  const tags = cardTags(card, known) ?? (await ggufTags(files, blob, known, tag))
  return claimsOf(tags, text, licence?.path ?? null)
}

/** A stored name is the owner's; where it came from may name the family that it does not. */
function nameOfFamily(name: string, reference: string): string {
  if (findFamily(name) !== null) return name
  const repository = reference.replace(/@.*$/, '').split('/').slice(-2).join('/')
  return [repository, basename(repository)].find((one) => findFamily(one) !== null) ?? name
}

async function ggufTags(
  files: readonly WeightsFile[],
  blob: (digest: string) => string,
  name: string,
  tag: string | null,
): Promise<ModelTags> {
  const weights = files.find(({ path }) => path.endsWith('.gguf'))
  const header = weights ? await readGgufHeader(blob(weights.digest)).catch(() => null) : null
  if (header === null) return { name, licence: tag, bases: [] }
  const bases = [...header.metadata].flatMap(([key, value]) =>
    /^general\.base_model\.\d+\.(?:repo_url|name)$/.test(key) && typeof value === 'string'
      ? [value.replace(/^https?:\/\/huggingface\.co\//, '')]
      : [],
  )
  return {
    name,
    licence: ggufFacts(header).licence ?? tag,
    bases: bases.filter((one) => findFamily(one) !== null).slice(0, MOST_BASES),
  }
}

/** What a licence was judged for. */
export const profileDigest = (company: CompanyProfile): string =>
  sha256(canonicalJson({ ...company }))

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex')
