import { canonicalJson } from '#kernel/canonical-json.ts'
import type { EpochMs } from '#kernel/units.ts'
import type { StoredRecord } from '../event.ts'
import { readCheckpoint, type SignedCheckpoint } from '../evidence/checkpoint.ts'
import { facetsOf, wantedFacets } from '../facets.ts'
import { bytesOf, GENESIS, headerHex, hex } from '../hash.ts'
import type { EvidenceStore, LedgerQuery, LedgerStore } from '../ports.ts'
import { readEvent } from '../read-event.ts'

export interface ExportParts {
  readonly ledger: Pick<LedgerStore, 'heads' | 'walk' | 'byId'>
  readonly evidence: Pick<EvidenceStore, 'checkpoints' | 'keys'>
  /** What is handed out whole; of every other record its hash. Times are compared with when the record was made. */
  readonly query: LedgerQuery
  /** Goes on after this checkpoint: what is before was handed out. */
  readonly after?: number
  readonly signal?: AbortSignal
}

/** One line of an export; a record comes with what it is hashed from, or as its hash alone. */
export type ExportLine =
  | {
      readonly kind: 'header'
      readonly text: string
    }
  | {
      readonly kind: 'record'
      readonly text: string
      readonly record: StoredRecord
      readonly hash: string
    }
  | { readonly kind: 'skipped'; readonly text: string }
  | { readonly kind: 'checkpoint'; readonly text: string; readonly number: number }
  | { readonly kind: 'end'; readonly text: string }

interface End {
  readonly seq: number
  readonly hash: Uint8Array
}

/**
 * The ledger as lines that can be checked without this program: records chain by chain, each stretch followed by the
 * signed checkpoint that covers it, then what no checkpoint covers yet. What is not asked for is there by its hash, so
 * that the chains and the Merkle trees can still be computed.
 */
export async function* exportLines(parts: ExportParts): AsyncGenerator<ExportLine, void> {
  const { evidence, query, after = 0, signal } = parts
  const ends = new Map<string, End>()
  const matched = new Matching(query, parts.ledger)
  let isBegun = false
  let last = 0
  for await (const checkpoint of evidence.checkpoints(1)) {
    const body = readCheckpoint(checkpoint.body)
    if (!body) return
    const isBefore = checkpoint.number <= after || body.at < (query.since ?? 0)
    last = checkpoint.number
    if (!isBefore) {
      if (!isBegun && after === 0) yield await header(parts, ends)
      isBegun = true
      for (const { writer, to } of body.chains) {
        yield* stretch(parts, writer, ends, to, matched)
        if (signal?.aborted) return
      }
      yield checkpointLine(checkpoint)
    }
    for (const { writer, to, head } of body.chains)
      ends.set(writer, { seq: to, hash: bytesOf(head) })
    if (!isBefore && query.until !== undefined && body.at >= query.until)
      return yield endLine(ends, last)
  }
  if (!isBegun && after === 0) yield await header(parts, ends)
  for (const { writer, seq } of await parts.ledger.heads()) {
    yield* stretch(parts, writer, ends, seq, matched)
    if (signal?.aborted) return
  }
  yield endLine(ends, last)
}

/** The records of a chain up to one, and the end moved there. */
async function* stretch(
  { ledger, signal }: ExportParts,
  writer: string,
  ends: Map<string, End>,
  to: number,
  matched: Matching,
): AsyncGenerator<ExportLine, void> {
  let { seq, hash } = ends.get(writer) ?? { seq: 0, hash: GENESIS }
  if (seq >= to) return
  for await (const walked of ledger.walk(writer, seq + 1)) {
    const { record } = walked
    // a fault is for verification to name: an export ends before it, and cannot pass its check
    if (!record || walked.seq !== seq + 1) return
    const prev = hex(hash)
    const text = headerHex({ ...record, prev, leaf: hex(record.leaf) })
    hash = bytesOf(text)
    seq += 1
    yield (await matched.has(record)) ? recordLine(record, text) : skippedLine(writer, seq, text)
    if (seq === to || signal?.aborted) break
  }
  ends.set(writer, { seq, hash })
}

const recordLine = (record: StoredRecord, hash: string): ExportLine => {
  const { id, tenant, writer, seq, at, type, leaf, salt, payload } = record
  const content =
    salt === null || payload === null ? { leaf: hex(leaf) } : { payload, salt: hex(salt) }
  const text = canonicalJson({ kind: 'record', id, tenant, writer, seq, at, type, ...content })
  return { kind: 'record', text, record, hash }
}

const skippedLine = (writer: string, seq: number, hash: string): ExportLine => ({
  kind: 'skipped',
  text: canonicalJson({ kind: 'skipped', writer, seq, hash }),
})

const checkpointLine = ({ number, body, signature }: SignedCheckpoint): ExportLine => ({
  kind: 'checkpoint',
  text: canonicalJson({ kind: 'checkpoint', body, signature: hex(signature) }),
  number,
})

const endsOf = (ends: ReadonlyMap<string, End>) =>
  [...ends].map(([writer, { seq, hash }]) => ({ writer, seq, hash: hex(hash) }))

const endLine = (ends: ReadonlyMap<string, End>, checkpoint: number): ExportLine => ({
  kind: 'end',
  text: canonicalJson({ kind: 'end', checkpoint, heads: endsOf(ends) }),
})

async function header(
  { evidence, query }: ExportParts,
  ends: ReadonlyMap<string, End>,
): Promise<ExportLine> {
  const keys = (await evidence.keys()).map(({ generation, key, signature }) => ({
    generation,
    key: hex(key),
    signature: signature && hex(signature),
  }))
  const filter = { ...query, before: undefined, limit: undefined }
  const text = canonicalJson({
    kind: 'header',
    format: 'ecluse-evidence',
    v: 1,
    keys,
    filter,
    start: endsOf(ends),
  })
  return { kind: 'header', text }
}

/** Which records were asked for; an outcome goes with its decision. */
class Matching {
  readonly #query: LedgerQuery
  readonly #wanted: readonly string[]
  readonly #ledger: Pick<LedgerStore, 'byId'>
  /** Decisions whose outcome is still to come, and whether they were asked for. */
  readonly #open = new Map<string, boolean>()

  constructor(query: LedgerQuery, ledger: Pick<LedgerStore, 'byId'>) {
    this.#query = query
    this.#ledger = ledger
    this.#wanted = wantedFacets(query)
  }

  async has(record: StoredRecord): Promise<boolean> {
    if (!isWithin(record.at, this.#query)) return false
    if (this.#wanted.length === 0) return true
    const { type, id } = record
    if (type === 'outcome' && this.#query.type === undefined) {
      const known = this.#open.get(id)
      this.#open.delete(id)
      return known ?? this.#isDecisionWanted(id)
    }
    const isWanted = this.#isWanted(record)
    if (type === 'decision') this.#open.set(id, isWanted)
    return isWanted
  }

  #isWanted(record: StoredRecord): boolean {
    const facets = facetsOf(record, readEvent(record.payload))
    return this.#wanted.every((facet) => facets.includes(facet))
  }

  /** The decision came before where this export began. */
  async #isDecisionWanted(id: string): Promise<boolean> {
    const decision = (await this.#ledger.byId(id)).find(({ type }) => type === 'decision')
    return decision !== undefined && this.#isWanted(decision)
  }
}

const isWithin = (at: EpochMs, { since, until }: LedgerQuery): boolean =>
  at >= (since ?? 0) && (until === undefined || at < until)
