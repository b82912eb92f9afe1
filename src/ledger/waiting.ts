import type { Refusal } from '#kernel/refusal.ts'
import type { Result } from '#kernel/result.ts'
import type { LedgerEvent, LedgerRecord } from './event.ts'

/** A record in its place in the chain; `leaf` and `hash`, the link of the next one, in hexadecimal. */
export interface Chained {
  readonly record: LedgerRecord
  readonly event: LedgerEvent
  readonly leaf: string
  readonly hash: string
}

/** A chained record from the moment it was appended until it is on the disk; also the receipt for it. */
export class Waiting {
  readonly record: LedgerRecord
  readonly event: LedgerEvent
  readonly leaf: string
  readonly hash: string
  readonly #hurry: () => void
  #durable: Promise<Result<void, Refusal>> | null = null
  #tell: ((result: Result<void, Refusal>) => void) | null = null
  #result: Result<void, Refusal> | null = null

  constructor({ record, event, leaf, hash }: Chained, hurry: () => void) {
    this.record = record
    this.event = event
    this.leaf = leaf
    this.hash = hash
    this.#hurry = hurry
  }

  get id(): string {
    return this.record.id
  }

  /** Made when somebody asks: most records are never waited for. */
  get durable(): Promise<Result<void, Refusal>> {
    if (this.#durable) return this.#durable
    const result = this.#result
    this.#durable = result
      ? Promise.resolve(result)
      : new Promise((resolve) => {
          this.#tell = resolve
        })
    if (!result) this.#hurry()
    return this.#durable
  }

  settle(result: Result<void, Refusal>): void {
    this.#result = result
    this.#tell?.(result)
  }
}
