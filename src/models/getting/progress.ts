import type { PullContext } from '../pull/pull-request.ts'

/** Tells how far all files together are. */
export class Progress {
  readonly #done = new Map<number, number>()
  readonly #source: string
  readonly #total: number
  readonly #context: PullContext
  #received = 0

  constructor(source: string, total: number, context: PullContext) {
    this.#source = source
    this.#total = total
    this.#context = context
  }

  of(at: number): (bytes: number) => void {
    return (bytes) => {
      this.#received += bytes - (this.#done.get(at) ?? 0)
      this.#done.set(at, bytes)
      const [source, received, total] = [this.#source, this.#received, this.#total]
      this.#context.onProgress({ phase: 'downloading', source, received, total })
    }
  }
}
