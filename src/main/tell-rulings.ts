import { createHash } from 'node:crypto'
import { tableOf } from '#classify/class-edits.ts'
import type { Config } from '#config/types.ts'
import { canonicalJson, type JsonObject } from '#kernel/canonical-json.ts'
import type { Clock } from '#kernel/ports.ts'
import type { Refusal } from '#kernel/refusal.ts'
import { ok, type Result } from '#kernel/result.ts'
import type { InForce, Ruling } from '#ledger/in-force.ts'
import { catalogueJson, policyJson, type Catalogue } from '#policy/document.ts'
import type { PoliciesInForce } from '#policy/in-force.ts'
import type { DocumentStore } from '#store/ports.ts'
import { changesBetween, versionOfConfig, type ConfigurationVersion } from './live-config.ts'

/** What decisions are made by. */
export interface Rules {
  readonly config: Config
  readonly policies: PoliciesInForce
  readonly catalogue: Catalogue
}

export interface Rulings {
  /** At the start: what is not as it was when a gateway ran last is told. */
  begin(rules: Rules): Promise<void>
  /**
   * Keeps the documents, also those of a policy that decides for a share or beside. `tell` says that they are in force: at once, so that in this chain what was decided before by
   * others stands before. With the configuration that they take the place of, it tells what of that is another.
   */
  keep(rules: Rules, before?: Config): Promise<{ tell(actor: string): Result<void, Refusal> }>
}

/** Kind of the documents that say which sections a configuration has, by their digests. */
const CONFIGURATION = 'configuration'

/** Keeps documents under their versions, and tells the ledger of those that are new in force; where none is told they are kept all the same. */
export function tellRulings(
  documents: DocumentStore,
  clock: Clock,
  inForce: InForce | undefined,
): Rulings {
  // a catalogue changes often, the rest rarely
  const stored = new Set<string>()
  const put = async (kind: string, version: string, json: string): Promise<void> => {
    if (stored.has(`${kind} ${version}`)) return
    await documents.put({ kind, version, json, at: clock() })
    stored.add(`${kind} ${version}`)
  }
  const keep = async (rules: Rules, before?: Config) => {
    const kept = documentsOf(rules)
    for (const { document, version, json } of kept) await put(document, version, json)
    for (const other of [rules.policies.staged?.policy, rules.policies.shadow])
      if (other) await put('policy', other.version, canonicalJson(policyJson(other)))
    const next = before && versionOfConfig(rules.config)
    if (next) await put(CONFIGURATION, next.version, canonicalJson(next.sections))
    return {
      tell(actor: string): Result<void, Refusal> {
        for (const { json, ...named } of kept) {
          const why = named.document === 'policy' ? originOf(rules, before) : null
          const told = inForce?.ruling({ ...named, ...why, actor, digest: sha256(json) })
          if (told && !told.ok) return told
        }
        if (!next || !inForce) return ok(undefined)
        const { now } = changesBetween(before, rules.config)
        const changed = inForce.configuration(next.version, now, actor)
        return changed.ok ? ok(undefined) : changed
      },
    }
  }
  return {
    async begin(rules) {
      const kept = await keep(rules)
      kept.tell('system')
      const before = inForce?.configured() ?? null
      const now = versionOfConfig(rules.config)
      if (before === now.version) return
      const known = before === null ? null : await documents.get(CONFIGURATION, before)
      await put(CONFIGURATION, now.version, canonicalJson(now.sections))
      inForce?.configuration(now.version, differing(known?.json, now), 'system')
    },
    keep,
  }
}

function documentsOf({
  config,
  policies: { policy },
  catalogue,
}: Rules): (Pick<Ruling, 'version'> & { document: Ruling['document']; json: string })[] {
  const { version, rows, counts, combinations } = tableOf(config.classes)
  return [
    { document: 'policy', version: policy.version, json: canonicalJson(policyJson(policy)) },
    {
      document: 'catalogue',
      version: catalogue.version,
      json: canonicalJson(catalogueJson(catalogue.destinations)),
    },
    { document: 'classes', version, json: canonicalJson(plain({ rows, counts, combinations })) },
  ]
}

/** A table holds nothing but plain data. */
const plain = (table: object): JsonObject => JSON.parse(JSON.stringify(table)) as JsonObject

/** The sections that have another digest, or that only one of the two has; all when the earlier one is not kept. */
function differing(before: string | undefined, { sections }: ConfigurationVersion): string[] {
  const old: unknown = before === undefined ? {} : JSON.parse(before)
  const known = new Map(typeof old === 'object' && old !== null ? Object.entries(old) : [])
  const names = new Set([...known.keys(), ...Object.keys(sections)])
  return [...names].filter((name) => known.get(name) !== sections[name]).toSorted()
}

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex')

/** Who says so, and why: the author of a stored version, or the file, read at the start or again. */
const originOf = (
  { policies }: Rules,
  before: Config | undefined,
): Required<Pick<Ruling, 'author' | 'reason'>> => {
  const { origin } = policies
  if (origin && (origin.source === 'store' || !before))
    return { author: origin.author, reason: origin.reason }
  return { author: 'file', reason: before ? 'reload' : 'start' }
}
