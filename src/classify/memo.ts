import { hash, type KeyObject } from 'node:crypto'
import type { FindingPiece } from '#kernel/label.ts'
import type { TextPart } from '#kernel/text-part.ts'
import { fieldName } from './part.ts'
import type { Spotted } from './scan-text.ts'
import type { Steps } from './scan/steps.ts'
import { CLASSIFIER_VERSION } from './version.ts'

/** A finding as it is remembered; `part` counts from the seam, and is 0 within a part. */
export interface Remembered extends Spotted {
  readonly part: number
  /** Its other pieces, where it goes over a seam; their parts count from there too. */
  readonly rest?: readonly FindingPiece[]
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
const SCRATCH_BYTES = 16_384

/**
 * What was found in texts seen before, so that a conversation costs its newest turn: findings and offsets under a keyed
 * digest, no text. What was not used for half of the bytes goes first. An undetermined scan is never kept.
 */
export class ClassificationMemo {
  /** The key, and behind it what is being digested: a text of usual size needs no memory of its own. */
  readonly #scratch = Buffer.alloc(SCRATCH_BYTES)
  readonly #keyed: number
  readonly #version: string
  readonly #maxBytes: number
  #young = new Map<string, Entry>()
  #old = new Map<string, Entry>()
  #youngBytes = 0
  #oldBytes = 0

  constructor({ key, maxBytes = MAX_BYTES, version = CLASSIFIER_VERSION }: MemoOptions) {
    this.#keyed = key.export().copy(this.#scratch)
    this.#maxBytes = maxBytes
    this.#version = version
  }

  /** Bytes held, as estimated. */
  get bytes(): number {
    return this.#youngBytes + this.#oldBytes
  }

  /** SHA-256 over key, tenant, rules, the company's own terms, kind, field name and text, each of a known length. It never leaves this process: nobody can lengthen it. */
  digest(tenant: string, part: TextPart, ownTerms = ''): string {
    const name = fieldName(part.path)
    const version = `${this.#version} ${ownTerms}`
    const head = `${tenant.length}:${tenant}${version.length}:${version}${part.kind}:${name.length}:${name}`
    return this.#digest(head, part.text)
  }

  /** Stands for a value that was found, so that equal ones are counted once and none is kept. */
  hidden(tenant: string, value: string): string {
    return this.#digest(`${tenant.length}:${tenant}value:`, value)
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

  #digest(head: string, text: string): string {
    // UTF-16 keeps lone surrogates apart, which UTF-8 would fold into one
    const encoding = text.isWellFormed() ? 'utf8' : 'utf16le'
    const start = `${head}${encoding}:`
    const most = this.#keyed + BYTES_PER_UNIT * (start.length + text.length)
    const bytes = most <= SCRATCH_BYTES ? this.#scratch : this.#larger(most)
    let length = this.#keyed + bytes.write(start, this.#keyed)
    length += bytes.write(text, length, encoding)
    return hash('sha256', bytes.subarray(0, length), 'base64')
  }

  #larger(size: number): Buffer {
    const bytes = Buffer.allocUnsafe(size)
    this.#scratch.copy(bytes, 0, 0, this.#keyed)
    return bytes
  }
}

/** A UTF-16 unit never needs more bytes, in UTF-8 or in UTF-16. */
const BYTES_PER_UNIT = 3
