import type { KeyObject } from 'node:crypto'
import type { Passage } from '#kernel/passage.ts'
import type { Clock, RandomBytes } from '#kernel/ports.ts'
import type { AnswerTerms } from './kept-answer.ts'
import { packed, unpacked } from './kept-answer.ts'
import type { HeldAnswer, HeldMeaning } from './memory-answers.ts'
import { MemoryAnswers } from './memory-answers.ts'
import { CACHE, type CacheScope, type CacheStore } from './ports.ts'
import { openAnswer, sealAnswer } from './sealed-answer.ts'
import type { CacheSettings } from './settings.ts'

export interface KeptParts {
  readonly settings: () => Pick<CacheSettings, 'bytes' | 'store'>
  /** Null where this process cannot write to the database. */
  readonly rows: CacheStore | null
  readonly sealing: KeyObject
  readonly clock: Clock
  readonly randomBytes: RandomBytes
}

/** Where answers are: in the memory of this process, or sealed in the database. A class because it holds them. */
export class KeptAnswers {
  readonly #parts: KeptParts
  readonly #memory: MemoryAnswers

  constructor(parts: KeptParts) {
    this.#parts = parts
    this.#memory = new MemoryAnswers(() => parts.settings().bytes)
  }

  /** Whether processes share what is kept: then memory has nothing, so that what one removes is gone for all. */
  isShared(): boolean {
    return this.#rows() !== null
  }

  here(key: string): HeldAnswer | null {
    return this.#memory.get(key, this.#parts.clock())
  }

  async there(tenant: string, key: string): Promise<HeldAnswer | null> {
    const row = await this.#rows()?.get(tenant, key)
    return row ? this.#opened(row) : null
  }

  /** Answers to questions of one kind, the newest first. */
  async alike(tenant: string, bucket: string, limit: number): Promise<readonly HeldAnswer[]> {
    const rows = await this.#rows()?.alike(tenant, bucket, limit)
    if (rows) return rows.map((row) => this.#opened(row)).filter((one) => one !== null)
    const keys = this.#memory.alike(bucket).slice(0, limit)
    return keys.map((key) => this.#memory.peek(key)).filter((one) => one !== null)
  }

  /** Opens the passage, which must be for here, and keeps what is in it. */
  async put(
    key: string,
    passage: Passage,
    terms: AnswerTerms,
    meaning: HeldMeaning | null,
  ): Promise<boolean> {
    const { clock, sealing, randomBytes } = this.#parts
    const body = passage.open({ ...CACHE, now: clock() })
    if (!body.ok) return false
    const { bytes } = body.value
    const rows = this.#rows()
    if (!rows) {
      this.#memory.put(key, { terms, body: bytes, meaning })
      return true
    }
    const { tenant, owner, subject, at, expiresAt } = terms
    const sealed = sealAnswer(sealing, { tenant, key }, packed(terms, bytes, meaning), randomBytes)
    const bucket = meaning?.bucket ?? null
    await rows.put({ tenant, key, bucket, owner, subject, at, expiresAt, sealed })
    return true
  }

  async remove(scope: CacheScope): Promise<number> {
    const here = this.removeHere(scope)
    return here + ((await this.#parts.rows?.remove(scope)) ?? 0)
  }

  /** Null: all of everybody. */
  removeHere(scope: CacheScope | null): number {
    return this.#memory.removeWhere((terms) => scope === null || isIn(scope, terms))
  }

  async stats(tenant: string): Promise<{ readonly answers: number; readonly bytes: number }> {
    const rows = this.#rows()
    return rows ? rows.stats(tenant) : { answers: this.#memory.size, bytes: this.#memory.bytes }
  }

  get memoryBytes(): number {
    return this.#memory.bytes
  }

  get memoryAnswers(): number {
    return this.#memory.size
  }

  #rows(): CacheStore | null {
    return this.#parts.settings().store === 'database' ? this.#parts.rows : null
  }

  #opened({ tenant, key, sealed }: Sealed): HeldAnswer | null {
    const bytes = openAnswer(this.#parts.sealing, { tenant, key }, sealed)
    const held = bytes && unpacked(bytes)
    // a row says whose it is, and so does what is sealed in it
    return held && held.terms.tenant === tenant ? held : null
  }
}

type Sealed = { readonly tenant: string; readonly key: string; readonly sealed: Uint8Array }

const isIn = ({ tenant, owner, subject }: CacheScope, terms: AnswerTerms): boolean =>
  terms.tenant === tenant &&
  (owner === undefined || terms.owner === owner) &&
  (subject === undefined || terms.subject === subject)
