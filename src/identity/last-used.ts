import type { EpochMs } from '#kernel/units.ts'
import type { KeyStore } from './ports.ts'

export interface LastUsed {
  note(id: string, at: EpochMs): void
  /** Writes what was noted since the last time; call it every minute and before stopping. Keeps it when the store fails. */
  flush(): Promise<void>
}

/** Remembers when keys were last used and writes it in one go, so that a request costs no write. */
export function createLastUsed(store: Pick<KeyStore, 'touch'>): LastUsed {
  let uses = new Map<string, EpochMs>()
  return {
    note(id, at) {
      uses.set(id, at)
    },
    async flush() {
      if (uses.size === 0) return
      const batch = uses
      uses = new Map()
      try {
        await store.touch([...batch].map(([id, at]) => ({ id, at })))
      } catch {
        // Only a display value: later uses win, the rest waits for the next flush.
        uses = new Map([...batch, ...uses])
      }
    },
  }
}
