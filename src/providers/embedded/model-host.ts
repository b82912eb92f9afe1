import { err, ok, type Result } from '#kernel/result.ts'
import type { Refusal } from '#kernel/refusal.ts'

/** What the host needs of a model: to let it go. */
export interface Hosted {
  readonly dispose: () => Promise<void>
}

interface Entry<M> {
  readonly name: string
  readonly opening: Promise<Result<M, Refusal>>
  state: 'loading' | 'ready' | 'unloading'
  model: M | null
  users: number
  /** Someone waits for its place: no new users. */
  draining: boolean
  usedAt: number
  /** Requests waiting for it to load. */
  waiting: number
}

/** Used, or about to be. */
const isBusy = ({ users, waiting }: Pick<Entry<unknown>, 'users' | 'waiting'>): boolean =>
  users > 0 || waiting > 0

/** One model as the host sees it. */
export interface HostedState<M> {
  readonly name: string
  readonly state: 'loading' | 'ready' | 'unloading'
  readonly model: M | null
  readonly waiting: number
}

/** Models in memory, loaded by name when asked for; the longest unused leaves when its place is needed. */
export class ModelHost<M extends Hosted> {
  readonly #load: (name: string) => Promise<Result<M, Refusal>>
  readonly #maxLoaded: number
  readonly #entries = new Map<string, Entry<M>>()
  #changed = Promise.withResolvers<void>()
  #uses = 0

  constructor(maxLoaded: number, load: (name: string) => Promise<Result<M, Refusal>>) {
    this.#maxLoaded = maxLoaded
    this.#load = load
  }

  states(): readonly HostedState<M>[] {
    return [...this.#entries.values()].map(({ name, state, model, waiting }) => ({
      name,
      state,
      model,
      waiting,
    }))
  }

  /** The model, kept in memory until `release` is called with its name. Rejects with the signal's reason. */
  async use(name: string, signal: AbortSignal): Promise<Result<M, Refusal>> {
    for (;;) {
      signal.throwIfAborted()
      const entry = this.#entries.get(name)
      if (entry?.state === 'ready' && !entry.draining && entry.model !== null) {
        this.#begin(entry)
        return ok(entry.model)
      }
      if (entry?.state === 'loading') {
        return this.#opened(entry, signal)
      } else if (entry !== undefined) {
        await this.#change(signal)
      } else if (this.#entries.size < this.#maxLoaded) {
        this.#open(name)
      } else {
        await this.#makeRoom(signal)
      }
    }
  }

  /** Ends one use. */
  release(name: string): void {
    const entry = this.#entries.get(name)
    if (entry === undefined) return
    entry.users--
    this.#wake()
  }

  /** Lets an idle model go. Refused while it writes. */
  async unload(name: string): Promise<Result<boolean, Refusal>> {
    const entry = this.#entries.get(name)
    if (entry === undefined) return ok(false)
    if (entry.state !== 'ready' || isBusy(entry)) {
      return err({ code: 'conflict', detail: { name } })
    }
    await this.#close(entry)
    return ok(true)
  }

  #open(name: string): void {
    const entry: Entry<M> = {
      name,
      opening: this.#load(name),
      state: 'loading',
      model: null,
      users: 0,
      draining: false,
      usedAt: ++this.#uses,
      waiting: 0,
    }
    this.#entries.set(name, entry)
    const gone = (): void => {
      this.#entries.delete(name)
      this.#wake()
    }
    entry.opening.then((loaded) => {
      if (!loaded.ok) return gone()
      entry.model = loaded.value
      entry.state = 'ready'
      this.#wake()
    }, gone)
  }

  async #opened(entry: Entry<M>, signal: AbortSignal): Promise<Result<M, Refusal>> {
    entry.waiting++
    try {
      const opened = await orAborted(entry.opening, signal)
      // In one step with the end of the wait: nobody may find the model idle in between.
      if (opened.ok) this.#begin(entry)
      return opened
    } finally {
      entry.waiting--
      this.#wake()
    }
  }

  #begin(entry: Entry<M>): void {
    entry.users++
    entry.usedAt = ++this.#uses
  }

  async #makeRoom(signal: AbortSignal): Promise<void> {
    const ready = [...this.#entries.values()].filter(({ state }) => state === 'ready')
    const [oldest] = ready.toSorted((a, b) => a.usedAt - b.usedAt)
    const idle = ready.filter((entry) => !isBusy(entry)).toSorted((a, b) => a.usedAt - b.usedAt)[0]
    if (idle !== undefined) return this.#close(idle)
    // All are writing: the longest unused takes no new requests, so that this one is not put off for ever.
    if (oldest !== undefined && !ready.some(({ draining }) => draining)) oldest.draining = true
    await this.#change(signal, true)
  }

  async #close(entry: Entry<M>): Promise<void> {
    entry.state = 'unloading'
    await entry.model?.dispose()
    this.#entries.delete(entry.name)
    this.#wake()
  }

  async #change(signal: AbortSignal, wantsRoom = false): Promise<void> {
    try {
      await orAborted(this.#changed.promise, signal)
    } finally {
      // One who leaves must not keep a model from taking requests.
      if (signal.aborted && wantsRoom) this.#stopDraining()
    }
  }

  #stopDraining(): void {
    for (const entry of this.#entries.values()) entry.draining = false
    this.#wake()
  }

  #wake(): void {
    const { resolve } = this.#changed
    this.#changed = Promise.withResolvers<void>()
    resolve()
  }
}

/** The promise, or a rejection with the signal's reason, whichever is first. */
async function orAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  const aborted = Promise.withResolvers<never>()
  const leave = (): void => aborted.reject(signal.reason)
  signal.addEventListener('abort', leave, { once: true })
  try {
    return await Promise.race([promise, aborted.promise])
  } finally {
    signal.removeEventListener('abort', leave)
  }
}
