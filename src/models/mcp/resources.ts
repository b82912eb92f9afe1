import { err, ok, type Result } from '#kernel/result.ts'
import { shippedCatalogue, type Family } from '../catalogue/family.ts'
import { findFamily } from '../catalogue/find-family.ts'
import { findLicence } from '../licences/licence.ts'
import { catalogueRow } from '../openness-index/catalogue-row.ts'
import type { ImportedIndexes } from '../openness-index/index-file.ts'
import { provenanceOfModel } from '../provenance/of-model.ts'
import { provenanceOf } from '../provenance/provenance.ts'
import {
  parseResourceUri,
  RESOURCE_KINDS,
  templateOf,
  uriOf,
  type ResourceKind,
} from './resource-uri.ts'

/** For whom a resource is, how much it matters, and when it last changed (Model Context Protocol, Annotations). */
export interface ResourceAnnotations {
  readonly audience: readonly ('user' | 'assistant')[]
  /** 0 to 1. */
  readonly priority: number
  /** ISO 8601. */
  readonly lastModified?: string
}

interface Described {
  readonly name: string
  readonly title: string
  readonly description: string
  readonly mimeType: 'application/json'
  readonly annotations: ResourceAnnotations
}

/** Revision 2026-07-28 asks for these two in every list and every reading; earlier ones pass them over. */
interface Cacheable {
  readonly ttlMs: number
  /** The same for every caller: it holds nothing of a company. */
  readonly cacheScope: 'public'
}

/** `resources/list`. */
export interface ResourceList extends Cacheable {
  readonly resources: readonly (Described & { readonly uri: string })[]
  readonly nextCursor?: string
}

/** `resources/templates/list`. */
export interface ResourceTemplateList extends Cacheable {
  readonly resourceTemplates: readonly (Described & { readonly uriTemplate: string })[]
}

/** `resources/read`. */
export interface ResourceContents extends Cacheable {
  readonly contents: readonly {
    readonly uri: string
    readonly mimeType: 'application/json'
    readonly text: string
  }[]
}

const TEXTS: Readonly<Record<ResourceKind, { readonly title: string; readonly text: string }>> = {
  provenance: {
    title: 'training data',
    text: 'Where the training data comes from: data sets, licences, crawl, opt-outs, cut-off, personal data, copyright policy, public summary; every answer with its source, or null where it is unknown.',
  },
  openness: {
    title: 'openness',
    text: 'Level 1 to 6 with what decides it, the evidence for each component with its source, and what public indexes see otherwise.',
  },
  licence: {
    title: 'licence',
    text: 'The licence and its conditions, each with its clause. Not judged for a company, and not legal advice.',
  },
}

/** Milliseconds: an hour. What is answered changes with the program, or with an import. */
const CACHE: Cacheable = { ttlMs: 3_600_000, cacheScope: 'public' }
const PRIORITY: Readonly<Record<ResourceKind, number>> = {
  provenance: 0.7,
  openness: 0.6,
  licence: 0.6,
}

const describe = (kind: ResourceKind, family: Family | null): Described => ({
  name: family === null ? `model-${kind}` : `${family.id}-${kind}`,
  title:
    family === null
      ? `Model: ${TEXTS[kind].title}`
      : `${family.family} (${family.developer}): ${TEXTS[kind].title}`,
  description: TEXTS[kind].text,
  mimeType: 'application/json',
  annotations: {
    audience: ['user', 'assistant'],
    priority: PRIORITY[kind],
    ...(family === null ? {} : { lastModified: `${changed(kind, family)}T00:00:00Z` }),
  },
})

const changed = (kind: ResourceKind, family: Family): string =>
  kind === 'provenance' ? provenanceOf(family).retrieved : family.retrieved

/** Resources of one page. */
const PAGE = 150

/** One page of what can be read, each kind of each family; null when the cursor is none of ours. */
export function listResources(cursor?: string): ResourceList | null {
  const from = cursor === undefined ? 0 : placeOf(cursor)
  const { families } = shippedCatalogue()
  const count = families.length * RESOURCE_KINDS.length
  if (from === null || from > count) return null
  const resources = families
    .flatMap((family) => RESOURCE_KINDS.map((kind) => [family, kind] as const))
    .slice(from, from + PAGE)
    .map(([family, kind]) => ({ uri: uriOf(family.id, kind), ...describe(kind, family) }))
  const next = from + PAGE
  return { resources, ...(next < count ? { nextCursor: cursorOf(next) } : {}), ...CACHE }
}

const cursorOf = (place: number): string => Buffer.from(`r${place}`).toString('base64url')

function placeOf(cursor: string): number | null {
  const found = /^r(\d{1,6})$/.exec(Buffer.from(cursor.slice(0, 40), 'base64url').toString())
  return found?.[1] === undefined ? null : Number(found[1])
}

/** What can be asked of any name, a repository's too. */
export const listResourceTemplates = (): ResourceTemplateList => ({
  resourceTemplates: RESOURCE_KINDS.map((kind) => ({
    uriTemplate: templateOf(kind),
    ...describe(kind, null),
  })),
  ...CACHE,
})

/** One resource; `malformed` is no URI of ours, `unknown` a model that nobody recorded anything of. */
export function readResource(
  uri: string,
  imported: ImportedIndexes,
): Result<ResourceContents, 'malformed' | 'unknown'> {
  const asked = parseResourceUri(uri)
  if (asked === null) return err('malformed')
  const answer = answerTo(asked.name, asked.kind, imported)
  if (answer === null) return err('unknown')
  const text = JSON.stringify(answer)
  return ok({ contents: [{ uri, mimeType: 'application/json', text }], ...CACHE })
}

function answerTo(name: string, kind: ResourceKind, imported: ImportedIndexes): object | null {
  if (kind === 'provenance') return provenanceOfModel(name)
  const family = findFamily(name)
  if (family === null) return null
  const { id, developer, retrieved, evidence } = family
  const about = { id, name: family.family, developer, retrieved }
  if (kind === 'openness') {
    const { grade, reason, osi, mofClass, disagreements } = catalogueRow(family, imported)
    return { ...about, grade, reason, osi, mofClass, disagreements, evidence }
  }
  const { licence } = family
  return { ...about, licence: (licence.id && findLicence(licence.id)) || licence }
}
