import { createHmac, type KeyObject } from 'node:crypto'
import type { TextPart } from '#kernel/text-part.ts'
import { fieldName } from './part.ts'
import type { Spotted } from './scan-text.ts'
import type { Steps } from './scan/steps.ts'
import { CLASSIFIER_VERSION } from './version.ts'

/** A finding as it is remembered; `part` counts from the seam, and is 0 within a part. */
export interface Remembered extends Spotted {
  readonly part: number
}

interface Entry {
  readonly found: readonly Remembered[]
  /** Steps the scan took: a hit spends the same, so that a budget means the same with and without the memo. */
  readonly steps: number
  readonly bytes: number
}

export interface MemoOptions {
  /** Derived for this purpose alone; digests of texts tell nothing without it. */
  readonly key: KeyObject
  /** Bound of what is kept, in bytes as estimated; 64 MiB unless told. */
  readonly maxBytes?: number
  /** Names rules and data; another version never finds what this one kept. */
  readonly version?: string
}

const MAX_BYTES = 64 * 1024 * 1024
/** A digest, its entry and their places in the map. */
const ENTRY_BYTES = 220
const FINDING_BYTES = 320

/**
 * What was found in texts seen before, so that a conversation costs its newest turn: findings and offsets under a keyed
 * digest, no text. What was not used for half of the bytes goes first. An undetermined scan is never kept.
 */
export class ClassificationMemo {
  readonly #key: KeyObject
  readonly #version: string
  readonly #maxBytes: number
  #young = new Map<string, Entry>()
  #old = new Map<string, Entry>()
  #youngBytes = 0
  #oldBytes = 0

  constructor({ key, maxBytes = MAX_BYTES, version = CLASSIFIER_VERSION }: MemoOptions) {
    this.#key = key
    this.#maxBytes = maxBytes
    this.#version = version
  }

  /** Bytes held, as estimated. */
  get bytes(): number {
    return this.#youngBytes + this.#oldBytes
  }

  /** HMAC-SHA256 over tenant, rules, kind, field name and text, each of a known length. */
  digest(tenant: string, part: TextPart): string {
    const name = fieldName(part.path)
    const head = `${tenant.length}:${tenant}${this.#version.length}:${this.#version}${part.kind}:${name.length}:${name}`
    return this.#hmac(head, part.text)
  }

  /** Stands for a value that was found, so that equal ones are counted once and none is kept. */
  hidden(tenant: string, value: string): string {
    return this.#hmac(`${tenant.length}:${tenant}value:`, value)
  }

  /** What is known under a digest, its steps spent; undefined when unknown, or when they would exceed the budget. */
  find(digest: string, steps: Steps): readonly Remembered[] | undefined {
    const young = this.#young.get(digest)
    const entry = young ?? this.#old.get(digest)
    if (entry === undefined || steps.wouldExhaust(entry.steps)) return undefined
    if (young === undefined) this.#add(digest, entry)
    steps.spend(entry.steps)
    return entry.found
  }

  keep(digest: string, found: readonly Remembered[], steps: number): void {
    const bytes = ENTRY_BYTES + 2 * digest.length + found.length * FINDING_BYTES
    if (2 * bytes <= this.#maxBytes) this.#add(digest, { found, steps, bytes })
  }

  /** Two generations instead of one order: a hit among the young costs one look, and forgetting costs nothing. */
  #add(digest: string, entry: Entry): void {
    if (this.#young.has(digest)) return
    if (this.#youngBytes + entry.bytes > this.#maxBytes / 2) {
      this.#old = this.#young
      this.#oldBytes = this.#youngBytes
      this.#young = new Map()
      this.#youngBytes = 0
    }
    this.#young.set(digest, entry)
    this.#youngBytes += entry.bytes
  }

  #hmac(head: string, text: string): string {
    const hmac = createHmac('sha256', this.#key).update(head).update(textBytes(text))
    return hmac.digest().toString('latin1')
  }
}

/** UTF-16 keeps lone surrogates apart, which UTF-8 would fold into one. */
const textBytes = (text: string): Buffer => Buffer.from(text, 'utf16le')
