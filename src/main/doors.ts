import { createAttempts } from '#identity/attempts.ts'
import type { Identity as CoreIdentity } from '#identity/identity.ts'
import type { Callers, Identity, SignInDesk } from '#gateway/ports.ts'
import type { Store } from '#store/ports.ts'
import type { Clock } from '#kernel/ports.ts'
import type { Core } from './core.ts'
import { networkCallers, networkIdentity } from './gateway-identity.ts'
import type { LiveConfig } from './live-config.ts'
import type { Log } from './log.ts'
import { steadyNow } from './shared-clock.ts'
import { openSignIn } from './sign-in.ts'
import { openTokens } from './token-issuers.ts'

/** All ways to come in: keys, sessions, tokens of others, and identity providers. */
export interface Doors {
  readonly ways: { readonly identity: Identity; readonly signIn: SignInDesk }
  readonly close: () => Promise<void>
}

/** Opens them in the process that holds the database; guessing at one door is slowed down at all of them. */
export function openDoors(core: Core, live: LiveConfig, log: Log): Doors {
  const { store, clock } = core
  const attempts = createAttempts({ clock: steadyNow })
  const tokens = openTokens(live, store, clock)
  core.identity.onChange((change) => {
    if (change === null) tokens.forgetAll()
  })
  const signIn = openSignIn(core, live, attempts, log)
  return {
    ways: {
      identity: networkIdentity(core.identity, attempts, core.ledger, {
        tokens,
        people: store.people,
      }),
      signIn: signIn.desk,
    },
    async close() {
      await signIn.close()
      await tokens.close()
    },
  }
}

/** Those of a worker: it opens no sessions. */
export const workerDoors = (
  identity: CoreIdentity,
  live: LiveConfig,
  store: Store,
  clock: Clock,
): Callers =>
  networkCallers(identity, createAttempts({ clock: steadyNow }), {
    tokens: openTokens(live, store, clock),
    people: store.people,
  })
