import { createHash } from 'node:crypto'
import { readFile, stat } from 'node:fs/promises'
import { basename } from 'node:path'
import { canonicalJson } from '#kernel/canonical-json.ts'
import type { EpochMs } from '#kernel/units.ts'
import { findFamily } from '../catalogue/find-family.ts'
import { ggufFacts } from '../gguf/gguf-facts.ts'
import { readGgufHeader } from '../gguf/gguf-header.ts'
import { LONGEST_TEXT } from '../licences/fingerprint.ts'
import { licenceNameAmong } from '../licences/licence-file.ts'
import { judge, type Judgement } from '../licences/judge.ts'
import { shippedLicences } from '../licences/licence.ts'
import type { CompanyProfile } from '../licences/profile.ts'
import {
  boundedBases,
  UNNAMED,
  cardTags,
  claimsOf,
  type LicenceClaims,
  type ModelTags,
} from '../licences/read-claims.ts'
import type { AdmissionRecord, RecordedLicence, WeightsFile } from './record.ts'

/** Where a Python package keeps what is its own (PEP 639). */
const OF_PACKAGE = /^[^/]+\.dist-info\/(?:licenses\/)?/
const CARD = /^readme\.md$/i
/** Bases named in a record at most, and characters of their names. */
const MOST_BASES = 20
const LONGEST_BASES = 1000

export interface LicenceParts {
  readonly blob: (digest: string) => string
  /** What the manifest of the model says of its licence. */
  readonly tag: string | null
  readonly company: CompanyProfile
  readonly now: EpochMs
}

/** The licences of a model and what they mean for the company, as its files say now. */
export interface JudgedModel {
  readonly claims: LicenceClaims
  readonly judgement: Judgement
}

/** Reads what the files of a model say of its licence, and judges it; null where they are not all here. */
export async function judgeFiles(
  record: AdmissionRecord,
  { blob, tag, company }: Pick<LicenceParts, 'blob' | 'tag' | 'company'>,
): Promise<JudgedModel | null> {
  const found = await Promise.all(record.files.map(({ digest }) => isThere(blob(digest))))
  if (found.includes(false)) return null
  const claims = await claimsOfFiles(record, blob, tag)
  const judgement = judge(claims.claims, company, {
    modalities: claims.family?.modalities ?? null,
    isDerived: claims.bases.length > 0,
  })
  return { claims, judgement }
}

const isThere = (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    () => false,
  )

/** What the licence of a model means for the company now. A verdict binds once the company has said what it is. */
export async function judgeLicence(
  record: AdmissionRecord,
  parts: LicenceParts,
): Promise<RecordedLicence> {
  const { company, now } = parts
  const files = await judgeFiles(record, parts)
  const { claims, judgement } = files ?? judgeRecorded(record, parts)
  const [own] = claims.claims
  const licence = own?.text && own.text.kind !== 'unknown' ? own.text.licence : (own?.tag ?? null)
  const worst = judgement.verdict === 'block' ? judgement.blocking : judgement.legal
  const named = worst.map(({ licence: of, condition }) => `${of}/${condition.id}`)
  const read = claims.text === null ? null : sha256(claims.text)
  return {
    id: licence?.id ?? null,
    verdict: judgement.verdict,
    conditions: [...judgement.reasons, ...new Set(named)].slice(0, 50),
    text: files === null ? (record.licence?.text ?? null) : read,
    profile: profileDigest(company),
    isBinding: Object.keys(company).length > 0,
    inheritedFrom: namesOf(claims.bases),
    at: now,
  }
}

/** The bases of a model in one line; null where it has none. Those left out stay as one that nobody knows. */
function namesOf(bases: readonly string[]): string | null {
  if (bases.length === 0) return null
  const line = bases.slice(0, MOST_BASES).join(', ')
  const isWhole = bases.length <= MOST_BASES && line.length <= LONGEST_BASES
  return isWhole ? line : `${line.slice(0, LONGEST_BASES - 3)}, ${UNNAMED}`
}

/** Of a model whose files are on another machine: by the licences that were recognised when they were read, with the doubts there were. */
function judgeRecorded(
  { name, source, licence: before }: AdmissionRecord,
  { tag, company }: LicenceParts,
): JudgedModel {
  const known = nameOfFamily(name, source.reference)
  const bases = before?.inheritedFrom?.split(', ') ?? []
  const claims = claimsOf({ name: known, licence: before?.id ?? tag, bases }, null, null)
  const judgement = judge(claims.claims, company, {
    modalities: claims.family?.modalities ?? null,
    isDerived: bases.length > 0,
  })
  const doubts = DOUBTS.filter((one) => before?.conditions.includes(one))
  const isDoubtful = doubts.length > 0 && judgement.verdict !== 'block'
  return {
    claims,
    judgement: {
      ...judgement,
      verdict: isDoubtful ? 'needs-legal' : judgement.verdict,
      reasons: [...new Set([...judgement.reasons, ...doubts])],
    },
  }
}

const DOUBTS: Judgement['reasons'] = [
  'licence-unknown',
  'text-resembles-only',
  'tag-contradicts-text',
]

/** The file with the licence text of a model, by its digest; null where there is none. */
export function licenceFileOf({ files }: Pick<AdmissionRecord, 'files'>): WeightsFile | null {
  const plain = files.map((file) => ({ file, name: file.path.replace(OF_PACKAGE, '') }))
  const top = plain.filter(({ name }) => !name.includes('/'))
  const licence = licenceNameAmong(top.map(({ name }) => name))
  return top.find(({ name }) => name === licence)?.file ?? null
}

/** What the files of a stored model say of its licence. */
export async function claimsOfFiles(
  { name, files, source }: Pick<AdmissionRecord, 'name' | 'files' | 'source'>,
  blob: (digest: string) => string,
  tag: string | null,
): Promise<LicenceClaims> {
  const textOf = async (file: WeightsFile | undefined): Promise<string | null> =>
    file === undefined || file.bytes > LONGEST_TEXT
      ? null
      : readFile(blob(file.digest), 'utf8').catch(() => null)
  const top = files.filter(({ path }) => !path.includes('/'))
  const licence = licenceFileOf({ files })
  // one that cannot be read is there all the same: a text that nobody knows
  const text = licence === null ? null : ((await textOf(licence)) ?? '')
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
  return {
    name,
    licence: ggufFacts(header).licence ?? tag,
    bases: boundedBases(basesOf(header.metadata)),
  }
}

/** Each model it was made from, by the name that the catalogue knows; one that it does not know stays, and asks a lawyer. */
function basesOf(metadata: ReadonlyMap<string, unknown>): readonly string[] {
  const named = [...metadata].flatMap(([key, value]) => {
    const [, number] = /^general\.base_model\.(\d+)\.(?:repo_url|name)$/.exec(key) ?? []
    if (number === undefined || typeof value !== 'string') return []
    return [{ number, name: value.replace(/^https?:\/\/huggingface\.co\//, '') }]
  })
  return [...Map.groupBy(named, ({ number }) => number).values()].flatMap((names) => {
    const known = names.find((one) => findFamily(one.name) !== null)
    const [first] = names
    return known ? [known.name] : first ? [first.name.slice(0, 200)] : []
  })
}

/** What a licence was judged for: the company, and what the product knows of licences. */
export const profileDigest = (company: CompanyProfile): string =>
  sha256(canonicalJson({ company: { ...company }, rules: licenceRules() }))

let rules: string | undefined

/** Of every licence and condition that is known. */
function licenceRules(): string {
  rules ??= sha256(JSON.stringify(shippedLicences()))
  return rules
}

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex')
