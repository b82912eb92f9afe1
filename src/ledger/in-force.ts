import type { Refusal } from '#kernel/refusal.ts'
import { ok, type Result } from '#kernel/result.ts'
import type { LedgerEvent } from './event.ts'
import {
  RULING_DOCUMENTS,
  type ConfigurationEvent,
  type ModelAdmissionEvent,
  type PolicyVersionEvent,
  type RulingDocument,
} from './house-event.ts'
import type { LedgerStore } from './ports.ts'
import { readEvent } from './read-event.ts'
import type { LedgerReceipt, LedgerWriter } from './writer.ts'

/** A version that decisions are made by from now on, and who says so. */
export type Ruling = Pick<
  PolicyVersionEvent,
  'document' | 'version' | 'actor' | 'digest' | 'author' | 'reason'
>

/** Weights that may serve, by the name of their model. */
export interface BoardModel {
  readonly name: string
  /** SHA-256 of the weights in hexadecimal. */
  readonly digest: string
  /** How they came here, as a stable code. */
  readonly source: string
  /** Why it may not serve although it is here, as a stable code. */
  readonly withdrawn?: string
}

/** Null: nothing had to be told, because the ledger says so already. */
export type Told = Result<LedgerReceipt | null, Refusal>

/** Tells the ledger what is in force, and only when that is something else than what it was told last. */
export interface InForce {
  /** Call it before anything is decided by the version: the record then stands before those decisions in this chain. */
  ruling(ruling: Ruling): Told
  /** `sections` names what differs; the version may be the same when only keys differ. */
  configuration(version: string, sections: readonly string[], actor: string): Told
  /** Null before the first. */
  readonly configured: () => string | null
  /** The models on board are these now. */
  models(models: readonly BoardModel[]): void
}

export interface InForceParts {
  readonly ledger: Pick<LedgerStore, 'read'>
  readonly record: Pick<LedgerWriter, 'append'>
  readonly tenant: string
  /** Whether other gateways write to the same ledger: a model that is not here may be there. */
  readonly isShared: boolean
}

/** Records looked at to find out what was told last. */
const PAGE = 500
const PAGES = 20

/** Reads what the ledger was told last. */
export async function openInForce({
  ledger,
  record,
  tenant,
  isShared,
}: InForceParts): Promise<InForce> {
  const versions = await lastVersions(ledger, tenant)
  const configuration = await lastConfiguration(ledger, tenant)
  const admitted = await lastModels(ledger, tenant)
  let configured = configuration?.version ?? null
  const onBoard = new Set(isShared ? [] : admitted.keys())
  const append = (event: LedgerEvent): Told => record.append(event, { tenant })
  return {
    ruling({ document, version, actor, ...known }) {
      const previous = versions.get(document) ?? null
      if (previous === version) return ok(null)
      const told = append({
        type: 'policy-version',
        v: 1,
        document,
        version,
        previous,
        actor,
        ...known,
      })
      if (told.ok) versions.set(document, version)
      return told
    },
    configuration(version, sections, actor) {
      if (version === configured && sections.length === 0) return ok(null)
      const previous = configured
      const told = append({ type: 'configuration', v: 1, actor, version, previous, sections })
      if (told.ok) configured = version
      return told
    },
    configured: () => configured,
    models(models) {
      const serving = models.filter(({ withdrawn }) => withdrawn === undefined)
      const here = new Set(serving.map(({ name }) => name))
      const reasons = new Map(models.map(({ name, withdrawn }) => [name, withdrawn]))
      for (const { name, digest, source } of serving) {
        const isTold = admitted.get(name) === digest
        if (isTold || append(admission(name, digest, 'admitted', ['pulled', source])).ok) {
          admitted.set(name, digest)
          onBoard.add(name)
        }
      }
      for (const name of new Set([...onBoard, ...reasons.keys()])) {
        const digest = admitted.get(name)
        if (here.has(name) || digest === undefined) continue
        const reason = reasons.get(name) ?? 'removed'
        if (append(admission(name, digest, 'withdrawn', [reason])).ok) {
          admitted.delete(name)
          onBoard.delete(name)
        }
      }
    },
  }
}

/** Only the owner of the machine can put a file among the models, or take one away. */
const admission = (
  model: string,
  digest: string,
  decision: ModelAdmissionEvent['decision'],
  reasons: readonly string[],
): ModelAdmissionEvent => ({
  type: 'model-admission',
  v: 1,
  actor: 'local',
  model,
  digest,
  decision,
  reasons,
})

async function lastVersions(
  ledger: InForceParts['ledger'],
  tenant: string,
): Promise<Map<RulingDocument, string>> {
  const versions = new Map<RulingDocument, string>()
  for await (const event of newest(ledger, tenant, 'policy-version')) {
    if (event.type !== 'policy-version') continue
    if (!versions.has(event.document)) versions.set(event.document, event.version)
    if (versions.size === RULING_DOCUMENTS.length) break
  }
  return versions
}

async function lastConfiguration(
  ledger: InForceParts['ledger'],
  tenant: string,
): Promise<ConfigurationEvent | null> {
  for await (const event of newest(ledger, tenant, 'configuration')) {
    if (event.type === 'configuration') return event
  }
  return null
}

/** Digests of the models that were admitted and not withdrawn since. */
async function lastModels(
  ledger: InForceParts['ledger'],
  tenant: string,
): Promise<Map<string, string>> {
  const seen = new Set<string>()
  const models = new Map<string, string>()
  for await (const event of newest(ledger, tenant, 'model-admission')) {
    if (event.type !== 'model-admission' || seen.has(event.model)) continue
    // steps of an admission say nothing of what is on board
    if (event.decision !== 'admitted' && event.decision !== 'withdrawn') continue
    seen.add(event.model)
    if (event.decision === 'admitted' && event.digest !== null) {
      models.set(event.model, event.digest)
    }
  }
  return models
}

/** The events of a type from the newest on, as far back as is worth looking: what is older is told again. */
async function* newest(
  ledger: InForceParts['ledger'],
  tenant: string,
  type: LedgerEvent['type'],
): AsyncGenerator<LedgerEvent> {
  let before: string | undefined
  for (let page = 0; page < PAGES; page += 1) {
    const read = await ledger.read({ tenant, type, limit: PAGE, before })
    if (!read.ok) return
    for (const { payload } of read.value.rows) {
      const event = readEvent(payload)
      if (event) yield event
    }
    if (read.value.next === null) return
    before = read.value.next
  }
}
