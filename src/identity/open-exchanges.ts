import type { Caller } from '#kernel/exchange.ts'
import type { Clock } from '#kernel/ports.ts'
import type { Refusal } from '#kernel/refusal.ts'
import type { EpochMs, Milliseconds } from '#kernel/units.ts'

/** Looks again whether somebody may go on; null when they may. */
export type Recheck = () => Promise<Refusal | null>

export interface OpenExchangesOptions {
  readonly clock: Clock
  readonly recheckKey: (keyId: string) => Promise<Refusal | null>
}

export interface OpenExchanges {
  /**
   * Follows an exchange until `release` is called: `end` is called once, with the reason, when the caller's key or
   * what it belongs to is revoked, disabled or expired. Callers without a key of ours bring their own look.
   */
  follow(caller: Caller, end: (refusal: Refusal) => void, recheck?: Recheck): () => void
  /** Something changed: of this key, or (null) of what keys belong to. */
  changed(keyId: string | null): Promise<void>
  /** Looks at those that nobody looked at for half a minute; call it every few seconds. Never rejects. */
  sweep(): Promise<void>
  readonly size: () => number
}

/** As long as a key is trusted without looking: what runs is not trusted for longer than what begins. */
const LOOK_AFTER: Milliseconds = 30_000

interface Followed {
  readonly ends: Set<(refusal: Refusal) => void>
  readonly recheck: Recheck
  lookedAt: EpochMs
}

/** The exchanges that run, by the key they were begun with. */
export function createOpenExchanges({ clock, recheckKey }: OpenExchangesOptions): OpenExchanges {
  const open = new Map<string, Followed>()
  const look = async (keyId: string, followed: Followed): Promise<void> => {
    followed.lookedAt = clock()
    // a database that is away for a moment ends nothing; the next look tells
    const refusal = await followed.recheck().catch(() => null)
    if (refusal) for (const end of followed.ends) end(refusal)
    if (followed.ends.size === 0 && open.get(keyId) === followed) open.delete(keyId)
  }
  return {
    follow({ keyId }, end, recheck = () => recheckKey(keyId)) {
      let followed = open.get(keyId)
      if (!followed) {
        followed = { ends: new Set(), recheck, lookedAt: clock() }
        open.set(keyId, followed)
      }
      const { ends } = followed
      ends.add(end)
      return () => {
        ends.delete(end)
        if (ends.size === 0 && open.get(keyId)?.ends === ends) open.delete(keyId)
      }
    },
    async changed(keyId) {
      if (keyId === null) {
        await Promise.all([...open].map(([id, followed]) => look(id, followed)))
        return
      }
      const followed = open.get(keyId)
      if (followed) await look(keyId, followed)
    },
    async sweep() {
      const before = clock() - LOOK_AFTER
      for (const [id, followed] of open) {
        if (followed.lookedAt <= before) await look(id, followed)
      }
    },
    size: () => open.size,
  }
}
