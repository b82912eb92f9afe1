import { randomBytes as osRandomBytes } from 'node:crypto'
import { setInterval, clearInterval } from 'node:timers'
import type { SignInDesk } from '#gateway/ports.ts'
import type { Attempts } from '#identity/attempts.ts'
import { leave, leaveByToken, refreshDue } from '#identity/oidc/leaving.ts'
import { createProvider, type Provider } from '#identity/oidc/provider.ts'
import type { ProviderSettings } from '#identity/oidc/settings.ts'
import {
  beginSignIn,
  finishSignIn,
  redeemCode,
  type SignInNote,
  type SignInParts,
} from '#identity/oidc/sign-in.ts'
import { createTransactions } from '#identity/oidc/transaction.ts'
import { ok } from '#kernel/result.ts'
import type { Refusal } from '#kernel/refusal.ts'
import { openOutboundFetch } from '#providers/outbound-fetch.ts'
import { evidenceIn, type Core } from './core.ts'
import type { LiveConfig } from './live-config.ts'
import type { Log } from './log.ts'

/** Providers are asked again about those who are due this often, milliseconds. */
const SWEEP_MS = 30_000
const FIRST_SWEEP_MS = 1000

export interface OpenSignIn {
  readonly desk: SignInDesk
  /** Asks providers again about those who are due. */
  sweep(): Promise<void>
  close(): Promise<void>
}

/** Sign-in with the identity providers of the configuration in force. */
export function openSignIn(core: Core, live: LiveConfig, attempts: Attempts, log: Log): OpenSignIn {
  const outbound = {
    public: openOutboundFetch({ reach: 'public' }),
    private: openOutboundFetch({ reach: 'private' }),
  }
  const providers = currentProviders(live, (settings) =>
    createProvider({ settings, fetch: outbound[settings.reach].fetch, clock: core.clock }),
  )
  const parts = partsOf(core, providers)
  const desk = deskOf(parts, live, attempts)
  const tellUnknownTeams = unknownTeams(parts, live, log)
  const sweep = async (): Promise<void> => {
    try {
      await tellUnknownTeams()
      await refreshDue(parts)
    } catch (error) {
      const name = error instanceof Error ? error.name : typeof error
      log('error', { code: 'internal-error', what: 'sign-in-refresh', name })
    }
  }
  const timer = setInterval(() => void sweep(), SWEEP_MS)
  timer.unref()
  // a command that opens all of this is over before
  const first = setTimeout(() => void sweep(), FIRST_SWEEP_MS)
  first.unref()
  return {
    desk,
    sweep,
    async close() {
      clearInterval(timer)
      clearTimeout(first)
      await Promise.all([outbound.public.close(), outbound.private.close()])
    },
  }
}

function partsOf(core: Core, providers: SignInParts['providers']): SignInParts {
  const { store, identity, ledger, clock, newId } = core
  const randomBytes = (length: number): Uint8Array => osRandomBytes(length)
  const key = identity.signInKey
  return {
    providers,
    transactions: createTransactions({ key, clock, randomBytes }),
    people: store.people,
    teams: store.teams,
    countOwners: (tenant, now) => store.keys.countOwners(tenant, now),
    sessions: identity.sessions,
    keys: identity.keys,
    vouched: store.vouchedSessions,
    codes: store.signInCodes,
    evidence: evidenceIn(ledger),
    note: noteIn(ledger),
    turnedAway: (code) => core.refusals.add(code, 'sign-in', null),
    onChange: () => identity.changed(null),
    key,
    clock,
    newId,
    randomBytes,
  }
}

/** The one place where a sign-in becomes an event of the ledger. */
const noteIn =
  (ledger: Core['ledger']): SignInParts['note'] =>
  async ({ tenant, outcome, person, code }: SignInNote) => {
    const event = { type: 'sign-in', v: 1, method: 'oidc', outcome, subject: person, code } as const
    const recorded = ledger.append(event, { tenant })
    return recorded.ok ? recorded.value.durable : recorded
  }

/** Refusals that somebody who guesses would meet. */
const GUESSES: ReadonlySet<Refusal['code']> = new Set(['sign-in-expired', 'sign-in-invalid'])

function deskOf(parts: SignInParts, live: LiveConfig, attempts: Attempts): SignInDesk {
  const judged = (address: string, refusal: Refusal | null): void => {
    if (refusal === null) attempts.succeeded(address)
    else if (GUESSES.has(refusal.code)) attempts.failed(address)
  }
  return {
    url: () => live.current.signIn.url,
    providers: () => live.current.signIn.providers.map(({ id, name }) => ({ id, name })),
    begin: (asked) => beginSignIn(parts, asked),
    async finish(asked) {
      const address = asked.address ?? ''
      const free = attempts.check(address)
      if (!free.ok) {
        parts.turnedAway(free.error.code)
        return { ok: false, error: { refusal: free.error, cli: null } }
      }
      const finished = await finishSignIn(parts, asked)
      judged(address, finished.ok ? null : finished.error.refusal)
      return finished
    },
    async redeem(asked, address) {
      const free = attempts.check(address)
      if (!free.ok) {
        parts.turnedAway(free.error.code)
        return free
      }
      const redeemed = await redeemCode(parts, asked)
      judged(address, redeemed.ok ? null : redeemed.error)
      return redeemed
    },
    leave: (what, returnTo) => leave(parts, what, returnTo),
    async leaveByToken(provider, token) {
      const left = await leaveByToken(parts, provider, token)
      return left.ok ? ok(undefined) : left
    },
  }
}

/** Says once of each team that groups stand for and nobody has made: people of those groups come in without a team. */
function unknownTeams({ teams }: SignInParts, live: LiveConfig, log: Log): () => Promise<void> {
  const told = new Set<string>()
  return async () => {
    for (const { id, tenant, teams: ofGroups } of live.current.signIn.providers) {
      for (const team of new Set(ofGroups.values())) {
        const name = `${tenant} ${id} ${team}`
        if (told.has(name) || (await teams.byId(tenant, team)) !== null) continue
        told.add(name)
        const remedy = `ecluse teams create ${team}`
        log('warn', {
          msg: 'sign-in-unknown-team',
          provider: id,
          organisation: tenant,
          team,
          remedy,
        })
      }
    }
  }
}

/** Providers by id; one that did not change keeps what it has learnt. */
function currentProviders(
  live: LiveConfig,
  open: (settings: ProviderSettings) => Provider,
): () => ReadonlyMap<string, Provider> {
  let of: readonly ProviderSettings[] = []
  let providers: ReadonlyMap<string, Provider> = new Map()
  return () => {
    const wanted = live.current.signIn.providers
    if (wanted !== of) {
      const before = providers
      providers = new Map(
        wanted.map((settings) => {
          const known = before.get(settings.id)
          const isSame = known !== undefined && textOf(known.settings) === textOf(settings)
          return [settings.id, isSame ? known : open(settings)]
        }),
      )
      of = wanted
    }
    return providers
  }
}

const textOf = (one: ProviderSettings): string =>
  JSON.stringify([
    { ...one, clientSecret: one.clientSecret?.reveal() ?? null },
    [...one.roles],
    [...one.teams],
    [...one.require],
  ])
