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

/** Names that metrics have for what is counted. */
export type CacheEvent =
  | 'hit'
  | 'semantic-hit'
  | 'miss'
  | 'bypass'
  | 'stored'
  | 'unfit'
  | 'withheld'
  | 'failed'

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
  readonly #tell: (event: CacheEvent) => void

  /** `tell` hears of each as it is counted. */
  constructor(tell: (event: CacheEvent) => void = () => {}) {
    this.#tell = tell
  }

  hit(how: 'exact' | 'semantic'): void {
    if (how === 'exact') this.#hits += 1
    else this.#semanticHits += 1
    this.#tell(how === 'exact' ? 'hit' : 'semantic-hit')
  }

  missed(): void {
    this.#misses += 1
    this.#tell('miss')
  }

  bypassed(why: Bypass): void {
    this.#bypassed[why] = (this.#bypassed[why] ?? 0) + 1
    this.#tell('bypass')
  }

  stored(): void {
    this.#stored += 1
    this.#tell('stored')
  }

  unfit(): void {
    this.#unfit += 1
    this.#tell('unfit')
  }

  withheld(): void {
    this.#withheld += 1
    this.#tell('withheld')
  }

  failed(): void {
    this.#failed += 1
    this.#tell('failed')
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
