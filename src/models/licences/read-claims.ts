import { readdir, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { parse } from 'yaml'
import { z } from 'zod'
import { findFamily } from '../catalogue/find-family.ts'
import type { Family } from '../catalogue/family.ts'
import { LONGEST_TEXT } from './fingerprint.ts'
import type { LicenceClaim } from './judge.ts'
import { licenceNameAmong } from './licence-file.ts'
import { findLicence, type Licence } from './licence.ts'
import { recognise } from './recognise.ts'

/** What the metadata of a model says, wherever it stands. */
export interface ModelTags {
  readonly name: string
  readonly licence: string | null
  /** Models that it was made from, as repositories name them. */
  readonly bases: readonly string[]
}

/** What is known of the licences of a model. */
export interface LicenceClaims {
  readonly name: string
  /** The model's own, then those of the models it was made from. */
  readonly claims: readonly LicenceClaim[]
  /** Its own licence text; null where there is none. */
  readonly text: string | null
  readonly file: string | null
  readonly family: Family | null
  readonly bases: readonly string[]
}

/** Models that one is said to be made of, at most; more of them are one more that nobody knows. */
const MOST_BASES = 100
/** Characters; repositories and paths are shorter. */
const LONGEST_NAME = 4_096
const Card = z.looseObject({
  license: z.string().optional(),
  license_name: z.string().optional(),
  base_model: z.union([z.string(), z.array(z.string())]).optional(),
})

/** The claims of a folder: its licence file, the head of its card, and what the catalogue knows of its bases. */
export async function claimsOfFolder(folder: string, name: string): Promise<LicenceClaims> {
  const names = await readdir(folder).catch(() => [])
  const file = licenceNameAmong(names)
  // one that cannot be read is there all the same: a text that nobody knows
  const text = file === null ? null : ((await readSmall(join(folder, file))) ?? '')
  const card = names.find((one) => one.toLowerCase() === 'readme.md')
  const tags = card === undefined ? null : cardTags(await readSmall(join(folder, card)), name)
  const adapter = names.some((one) => one === 'adapter_config.json')
    ? adapterBase(await readSmall(join(folder, 'adapter_config.json')))
    : []
  const { licence, bases } = tags ?? { licence: null, bases: [] }
  return claimsOf({ name, licence, bases: [...new Set([...bases, ...adapter])] }, text, file)
}

const AdapterConfig = z.looseObject({
  base_model_name_or_path: z.string().min(1).max(LONGEST_NAME),
})

/** The model that an adapter was trained for, as PEFT writes it beside the weights. */
function adapterBase(text: string | null): readonly string[] {
  try {
    const read = AdapterConfig.safeParse(JSON.parse(text ?? ''))
    return read.success ? [read.data.base_model_name_or_path] : []
  } catch {
    return []
  }
}

/** The claims of a model of which only metadata is at hand, or a name. */
export function claimsOf(tags: ModelTags, text: string | null, file: string | null): LicenceClaims {
  const family = findFamily(tags.name)
  const tag = tags.licence === null ? null : findLicence(tags.licence)
  const own: LicenceClaim = {
    text: text === null ? null : recognise(text),
    tag: tag ?? licenceOfFamily(family),
  }
  const inherited = tags.bases.map((base) => ({
    text: null,
    tag: licenceOfFamily(findFamily(base)),
  }))
  return { name: tags.name, claims: [own, ...inherited], text, file, family, bases: tags.bases }
}

const licenceOfFamily = (family: Family | null): Licence | null =>
  family?.licence.id ? findLicence(family.licence.id) : null

/** Licence and bases from the head of a model card (YAML between two lines of `---`); null where there is none. */
export function cardTags(card: string | null, name: string): ModelTags | null {
  const head = /^---\r?\n([\s\S]{0,100000}?)\r?\n---/.exec(card ?? '')?.[1]
  if (head === undefined) return null
  let parsed: unknown
  try {
    parsed = parse(head, { maxAliasCount: 10, logLevel: 'error' })
  } catch {
    return null
  }
  const read = Card.safeParse(parsed)
  if (!read.success) return null
  const { license, license_name: named, base_model: base } = read.data
  return {
    name,
    licence: (license === 'other' ? named : license) ?? null,
    bases: typeof base === 'string' ? [base] : boundedBases(base ?? []),
  }
}

/** Stands for models that are not named: no row of the catalogue has it. */
export const UNNAMED = '…'

/** Not more models than anybody makes one of; what is left out asks a lawyer. */
export const boundedBases = (bases: readonly string[]): readonly string[] =>
  bases.length > MOST_BASES ? [...bases.slice(0, MOST_BASES), UNNAMED] : bases

/** The text of a small file; null when it is none, or cannot be read. */
export async function readSmall(path: string): Promise<string | null> {
  const found = await stat(path).catch(() => null)
  if (found?.isFile() !== true || found.size > LONGEST_TEXT) return null
  return await readFile(path, 'utf8').catch(() => null)
}
