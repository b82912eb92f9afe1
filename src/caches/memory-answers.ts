import type { AnswerTerms } from './kept-answer.ts'

/** What an entry takes beside its bytes, roughly. */
const OVERHEAD_BYTES = 1024

export interface HeldAnswer {
  readonly terms: AnswerTerms
  readonly body: Uint8Array
  /** Questions of the same kind, and what this one means; null: found by its key alone. */
  readonly meaning: HeldMeaning | null
}

export interface HeldMeaning {
  readonly bucket: string
  readonly vector: Float32Array
  readonly marks: string
}

/** Answers in the memory of this process, up to so many bytes: the one that was used longest ago goes first. */
export class MemoryAnswers {
  #held = new Map<string, HeldAnswer>()
  readonly #buckets = new Map<string, Set<string>>()
  #bytes = 0
  readonly #limit: () => number

  constructor(limit: () => number) {
    this.#limit = limit
  }

  get bytes(): number {
    return this.#bytes
  }

  get size(): number {
    return this.#held.size
  }

  get(key: string, now: number): HeldAnswer | null {
    const found = this.#held.get(key)
    if (!found) return null
    this.#held.delete(key)
    if (found.terms.expiresAt <= now) {
      this.#forget(key, found)
      return null
    }
    // the newest stand last
    this.#held.set(key, found)
    return found
  }

  put(key: string, answer: HeldAnswer): void {
    this.remove(key)
    const cost = costOf(answer)
    if (cost > this.#limit()) return
    this.#held.set(key, answer)
    this.#bytes += cost
    const { meaning } = answer
    if (meaning) {
      const bucket = this.#buckets.get(meaning.bucket) ?? new Set()
      this.#buckets.set(meaning.bucket, bucket.add(key))
    }
    for (const oldest of this.#held.keys()) {
      if (this.#bytes <= this.#limit()) break
      this.remove(oldest)
    }
  }

  /** Keys of answers to questions of one kind, the newest first. */
  alike(bucket: string): readonly string[] {
    return [...(this.#buckets.get(bucket) ?? [])].toReversed()
  }

  /** Looks without counting as a use. */
  peek(key: string): HeldAnswer | null {
    return this.#held.get(key) ?? null
  }

  remove(key: string): boolean {
    const found = this.#held.get(key)
    if (!found) return false
    this.#held.delete(key)
    this.#forget(key, found)
    return true
  }

  /** Removes what matches; returns how many. */
  removeWhere(matches: (terms: AnswerTerms) => boolean): number {
    let count = 0
    for (const [key, { terms }] of this.#held) if (matches(terms) && this.remove(key)) count += 1
    return count
  }

  #forget(key: string, answer: HeldAnswer): void {
    this.#bytes -= costOf(answer)
    const { meaning } = answer
    if (!meaning) return
    const bucket = this.#buckets.get(meaning.bucket)
    bucket?.delete(key)
    if (bucket?.size === 0) this.#buckets.delete(meaning.bucket)
  }
}

const costOf = ({ body, terms, meaning }: HeldAnswer): number =>
  OVERHEAD_BYTES +
  body.length +
  (terms.frames?.length ?? 0) * 8 +
  (meaning ? meaning.vector.byteLength + meaning.marks.length * 2 : 0)
