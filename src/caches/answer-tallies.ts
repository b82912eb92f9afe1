import type { Bypass } from './bypass.ts'

/** What came of lookups since the start, as metrics and `ecluse cache stats` tell it. */
export interface CacheCounts {
  readonly hits: number
  readonly semanticHits: number
  readonly misses: number
  readonly bypassed: Readonly<Partial<Record<Bypass, number>>>
  readonly stored: number
  /** Answers that came and were not fit to be kept. */
  readonly unfit: number
  /** Answers that were found and may not be shown to who asked. */
  readonly withheld: number
  /** Lookups and stores that the database or the embedding failed. */
  readonly failed: number
}

/** A class because it counts. */
export class AnswerTallies {
  #hits = 0
  #semanticHits = 0
  #misses = 0
  readonly #bypassed: Partial<Record<Bypass, number>> = {}
  #stored = 0
  #unfit = 0
  #withheld = 0
  #failed = 0

  hit(how: 'exact' | 'semantic'): void {
    if (how === 'exact') this.#hits += 1
    else this.#semanticHits += 1
  }

  missed(): void {
    this.#misses += 1
  }

  bypassed(why: Bypass): void {
    this.#bypassed[why] = (this.#bypassed[why] ?? 0) + 1
  }

  stored(): void {
    this.#stored += 1
  }

  unfit(): void {
    this.#unfit += 1
  }

  withheld(): void {
    this.#withheld += 1
  }

  failed(): void {
    this.#failed += 1
  }

  counts(): CacheCounts {
    return {
      hits: this.#hits,
      semanticHits: this.#semanticHits,
      misses: this.#misses,
      bypassed: { ...this.#bypassed },
      stored: this.#stored,
      unfit: this.#unfit,
      withheld: this.#withheld,
      failed: this.#failed,
    }
  }
}
