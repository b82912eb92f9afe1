import type { Assessment, Finding, Standing } from './assess.ts'
import type { Vulnerability } from './knowledge.ts'
import { ratingOf, type Rating } from './rating.ts'
import type { Justification, VexState } from './vex.ts'

/** A flaw as it is listed, in JSON and on the terminal. */
export interface VulnerabilityView {
  readonly id: string
  readonly aliases: readonly string[]
  readonly summary: string
  readonly published: string | null
  readonly products: readonly string[]
  readonly cvss: number
  readonly severity: Rating['severity']
  /** vector: computed again from the vector. word, none: not known better, the worst that is possible. */
  readonly basis: Rating['basis']
  /** A record whose score is not that of its own vector. */
  readonly disagrees: boolean
  readonly vectors: readonly {
    readonly vector: string
    readonly recorded: number | null
    /** Null: it cannot be read. */
    readonly computed: number | null
    readonly by: string | null
  }[]
  readonly cwe: readonly string[]
  readonly exposure: readonly string[]
  readonly requires: string | null
  readonly references: readonly string[]
  readonly sources: readonly string[]
  readonly retrieved: string
}

/** A flaw and how it stands to what runs. */
export interface FindingView extends VulnerabilityView {
  readonly standing: Standing
  /** Whether it counts when traffic is decided. */
  readonly counts: boolean
  readonly fixed: string | null
  readonly vex: {
    readonly state: VexState
    readonly justification: Justification | null
    readonly statement: string | null
    readonly author: string | null
    readonly timestamp: string
  } | null
}

const distinct = (words: readonly string[]): readonly string[] => [...new Set(words)]

export function vulnerabilityView(
  vulnerability: Vulnerability,
  rating = ratingOf(vulnerability),
): VulnerabilityView {
  const { id, aliases, records } = vulnerability
  const [first] = records
  return {
    id,
    aliases,
    summary: first?.summary ?? '',
    published: first?.published ?? null,
    products: distinct(records.flatMap(({ affected }) => affected.map(({ product }) => product))),
    cvss: rating.cvss,
    severity: rating.severity,
    basis: rating.basis,
    disagrees: rating.disagrees,
    vectors: rating.scores.map(({ vector, recorded, computed, by }) => ({
      vector,
      recorded,
      computed: computed?.base ?? null,
      by,
    })),
    cwe: distinct(records.flatMap(({ cwe }) => cwe)),
    exposure: distinct(records.flatMap(({ exposure }) => exposure)),
    requires: records.map(({ requires }) => requires).find((one) => one !== null) ?? null,
    references: distinct(records.flatMap(({ references }) => references)),
    sources: distinct(records.map(({ source }) => source)),
    retrieved:
      records
        .map(({ retrieved }) => retrieved)
        .toSorted()
        .at(-1) ?? '',
  }
}

export function findingView({
  vulnerability,
  rating,
  standing,
  counts,
  fixed,
  vex,
}: Finding): FindingView {
  return {
    ...vulnerabilityView(vulnerability, rating),
    standing,
    counts,
    fixed,
    vex: vex && {
      state: vex.state,
      justification: vex.justification,
      statement: vex.statement,
      author: vex.author,
      timestamp: vex.timestamp,
    },
  }
}

/** How the version of an engine came to be known. */
export const VERSION_SOURCES = ['reported', 'configured', 'bundled', 'unknown'] as const
export type VersionSource = (typeof VERSION_SOURCES)[number]

/** A change to a model that an engine has loaded beside it. */
export interface LoadedAdapter {
  readonly name: string
  /** Name of the model it changes; null: the engine does not say. */
  readonly base: string | null
}

/** What runs at one destination, and what is known against it. */
export interface EngineView {
  readonly destination: string
  readonly zone: string
  readonly models: readonly string[]
  /** Id in the table of products; null: nobody knows what runs there. */
  readonly product: string | null
  readonly name: string | null
  readonly version: string | null
  readonly versionFrom: VersionSource
  /** As the engine says; absent where it says nothing of any. */
  readonly adapters?: readonly LoadedAdapter[]
  /** Computed; null: nothing is known of that product, or it is somebody else's to run. */
  readonly cvss: number | null
  /** The highest that the configuration gives its models. */
  readonly configured: number | null
  /** Ids of rules of the policy whose `max_cvss` it exceeds. */
  readonly exceeds: readonly string[]
  readonly findings: readonly FindingView[]
}

/** What an assessment says, as far as it concerns the version that runs. */
export const assessedView = ({
  product,
  version,
  cvss,
  findings,
}: Assessment): Pick<EngineView, 'product' | 'name' | 'version' | 'cvss' | 'findings'> => ({
  product: product?.id ?? null,
  name: product?.name ?? null,
  version,
  cvss,
  findings: findings
    .filter(({ standing, vex }) => standing !== 'not-affected' || vex !== null)
    .map(findingView),
})
