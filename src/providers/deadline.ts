import type { RefusalCode } from '#kernel/refusal.ts'
import type { Milliseconds } from '#kernel/units.ts'

/** The one time limit in force at each moment of an answer, and what it means when it passes. */
export class Deadline {
  #timer: NodeJS.Timeout | null = null
  readonly #passed: (code: RefusalCode) => void

  constructor(passed: (code: RefusalCode) => void) {
    this.#passed = passed
  }

  /** Replaces the limit in force. */
  set(ms: Milliseconds, code: RefusalCode): void {
    this.clear()
    this.#timer = setTimeout(this.#passed, ms, code)
  }

  /** Starts the limit in force anew. */
  refresh(): void {
    this.#timer?.refresh()
  }

  clear(): void {
    if (this.#timer) clearTimeout(this.#timer)
    this.#timer = null
  }
}
