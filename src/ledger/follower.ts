import type { DecisionEvent, LedgerEvent, StoredRecord } from './event.ts'
import { facetsOf } from './facets.ts'
import type { LedgerBlock, LedgerIndex, LedgerStore } from './ports.ts'
import { readEvent } from './read-event.ts'
import { dimensionsOf, Tally, timeOfId, type Dimensions } from './tally.ts'

/** Records of one block: few enough to be looked at one by one while they are in none. */
export const BLOCK = 4096
/** Decisions whose outcome is still to come; an older one is read again from the store. */
const MAX_OPEN = 50_000
/** Records counted in one step, so that a crash repeats little and a step stays short. */
const STEP = 5000

/** A record with its event, null when that is erased or damaged. */
export interface Followed {
  readonly record: StoredRecord
  readonly event: LedgerEvent | null
}

export interface FollowerOptions {
  readonly ledger: Pick<LedgerStore, 'walk' | 'byId' | 'heads'>
  readonly index: LedgerIndex
  /** Records of one block; as many as BLOCK when absent. */
  readonly block?: number
}

/** Follows chains and keeps counts and blocks up to date; what a crash took away is counted again from the records. */
export function createFollower({ ledger, index, block = BLOCK }: FollowerOptions) {
  const chains = new Map<string, ChainFollower>()
  const open = new Map<string, Dimensions>()
  const decisionOf = async (id: string): Promise<Dimensions | null> => {
    const known = open.get(id)
    if (known) return known
    const record = (await ledger.byId(id)).find(({ type }) => type === 'decision')
    const event = record ? readEvent(record.payload) : null
    return record && event?.type === 'decision' ? dimensionsOf(record, event) : null
  }
  const remember = (id: string, of: Dimensions): void => {
    const [oldest] = open.size >= MAX_OPEN ? open.keys() : []
    if (oldest !== undefined) open.delete(oldest)
    open.set(id, of)
  }
  const chainOf = async (writer: string): Promise<ChainFollower> => {
    const known = chains.get(writer)
    if (known) return known
    const { counted, indexed } = await index.standing(writer)
    const chain = new ChainFollower({
      writer,
      counted,
      indexed,
      index,
      block,
      decisionOf,
      remember,
      open,
    })
    chains.set(writer, chain)
    return chain
  }
  return {
    /** Takes records that were just committed; those that do not follow are read when it catches up. */
    offer(records: readonly Followed[]): void {
      for (const one of records) chains.get(one.record.writer)?.offer(one)
    },
    /** Brings counts and blocks up to the heads of these chains, or of all of them. */
    async catchUp(
      only: (writer: string) => boolean = () => true,
      signal?: AbortSignal,
    ): Promise<void> {
      for (const { writer, seq } of await ledger.heads()) {
        if (!only(writer)) continue
        const chain = await chainOf(writer)
        await chain.takeOffered()
        let isMoving = true
        while (isMoving && chain.at < seq) {
          isMoving = (await chain.read(ledger.walk(writer, chain.at + 1))) && !signal?.aborted
        }
        await chain.count()
      }
    },
  }
}
export type Follower = ReturnType<typeof createFollower>

interface ChainParts {
  readonly writer: string
  readonly counted: number
  readonly indexed: number
  readonly index: LedgerIndex
  readonly block: number
  readonly decisionOf: (id: string) => Promise<Dimensions | null>
  readonly remember: (id: string, of: Dimensions) => void
  readonly open: Map<string, Dimensions>
}

/** One chain: where it is counted up to, and the block that is being filled. */
class ChainFollower {
  /** The last record taken. */
  at: number
  readonly #parts: ChainParts
  #counted: number
  #indexed: number
  #tally = new Tally()
  #block: BlockBuilder
  #offered: Followed[] = []

  constructor(parts: ChainParts) {
    this.#parts = parts
    this.#counted = parts.counted
    this.#indexed = parts.indexed
    // records that are counted already and in no block yet are taken again, for the block alone
    this.at = Math.min(parts.counted, parts.indexed)
    this.#block = new BlockBuilder(parts.writer)
  }

  offer(one: Followed): void {
    const last = this.#offered.at(-1)?.record.seq ?? this.at
    if (one.record.seq === last + 1 && this.#offered.length < STEP * 4) this.#offered.push(one)
  }

  async takeOffered(): Promise<void> {
    const offered = this.#offered
    this.#offered = []
    for (const one of offered) if (one.record.seq === this.at + 1) await this.#take(one)
  }

  /** Takes up to a step of records; false when there was none. */
  async read(
    records: AsyncIterable<{ seq: number; record: StoredRecord | null }>,
  ): Promise<boolean> {
    let taken = 0
    for await (const { seq, record } of records) {
      // a row that is none is for verification to name; it is counted as nothing
      if (record) await this.#take({ record, event: readEvent(record.payload) })
      else this.at = seq
      taken += 1
      if (taken >= STEP) break
    }
    await this.count()
    return taken > 0
  }

  /** Keeps what was counted; when somebody else counted meanwhile, theirs stands and this begins again from there. */
  async count(): Promise<void> {
    const { writer, index } = this.#parts
    if (this.at <= this.#counted) return
    const step = { writer, from: this.#counted, to: this.at, rows: this.#tally.drain() }
    if (await index.count(step)) {
      this.#counted = this.at
      return
    }
    const { counted, indexed } = await index.standing(writer)
    this.#counted = counted
    this.#indexed = indexed
    this.at = Math.min(counted, indexed)
    this.#block = new BlockBuilder(writer)
  }

  async #take({ record, event }: Followed): Promise<void> {
    const { seq } = record
    if (seq > this.#counted) await this.#tallyOne(record, event)
    else if (event?.type === 'decision')
      this.#parts.remember(record.id, dimensionsOf(record, event))
    this.at = seq
    if (seq <= this.#indexed) return
    this.#block.add(record, event)
    if (this.#block.size < this.#parts.block) return
    await this.count()
    // somebody else counted: this one began again from there
    if (this.at !== seq) return
    await this.#parts.index.addBlock(this.#block.build())
    this.#indexed = seq
    this.#block = new BlockBuilder(this.#parts.writer)
  }

  async #tallyOne(record: StoredRecord, event: LedgerEvent | null): Promise<void> {
    if (event?.type === 'decision') return this.#decision(record, event)
    if (event?.type === 'outcome') {
      const of = await this.#parts.decisionOf(record.id)
      this.#parts.open.delete(record.id)
      if (of) this.#tally.outcome(of, event)
      return
    }
    if (event) this.#tally.other({ tenant: record.tenant, at: timeOfId(record.id) }, event)
  }

  #decision(record: StoredRecord, event: DecisionEvent): void {
    const of = dimensionsOf(record, event)
    this.#parts.remember(record.id, of)
    this.#tally.decision(of, event)
  }
}

/** Collects which records have which facet; decisions that are alike share their list of facets. */
class BlockBuilder {
  size = 0
  readonly #writer: string
  readonly #facets = new Map<string, number[]>()
  #from = 0
  #lowest = ''
  #highest = ''
  #lastDecision = ''
  #ordered = true

  constructor(writer: string) {
    this.#writer = writer
  }

  add(record: StoredRecord, event: LedgerEvent | null): void {
    const { id, seq } = record
    if (this.size === 0) [this.#from, this.#lowest, this.#highest] = [seq, id, id]
    if (id < this.#lowest) this.#lowest = id
    if (id > this.#highest) this.#highest = id
    if (record.type !== 'outcome') {
      this.#ordered &&= id >= this.#lastDecision
      this.#lastDecision = id
    }
    // a damaged row leaves a hole; positions are those of the sequence
    const offset = seq - this.#from
    for (const facet of facetsOf(record, event)) {
      const offsets = this.#facets.get(facet)
      if (offsets) offsets.push(offset)
      else this.#facets.set(facet, [offset])
    }
    this.size = offset + 1
  }

  build(): LedgerBlock {
    return {
      writer: this.#writer,
      from: this.#from,
      to: this.#from + this.size - 1,
      lowest: this.#lowest,
      highest: this.#highest,
      ordered: this.#ordered,
      facets: this.#facets,
    }
  }
}
