import { randomBytes } from 'node:crypto'
import { createIssuerKeys } from '#identity/jwt/issuer-keys.ts'
import type { TokenIssuerSettings } from '#identity/jwt/settings.ts'
import {
  createTokenCallers,
  type TokenCallers,
  type TokenCallersOptions,
  type TokenIssuer,
} from '#identity/jwt/token-callers.ts'
import type { Clock } from '#kernel/ports.ts'
import { openOutboundFetch, type OutboundFetch } from '#providers/outbound-fetch.ts'
import type { LiveConfig } from './live-config.ts'
import { steadyNow } from './shared-clock.ts'

export interface Tokens extends TokenCallers {
  close(): Promise<void>
}

/** Callers by tokens, as the configuration in force has their issuers; one that did not change keeps its keys. */
export function openTokens(
  live: LiveConfig,
  stores: Pick<TokenCallersOptions, 'organisations' | 'people' | 'applications' | 'teams'>,
  clock: Clock,
): Tokens {
  const outbound = {
    public: openOutboundFetch({ reach: 'public' }),
    private: openOutboundFetch({ reach: 'private' }),
  }
  let of: readonly TokenIssuerSettings[] = []
  let issuers: readonly TokenIssuer[] = []
  const current = (): readonly TokenIssuer[] => {
    const { tokenIssuers } = live.current
    if (tokenIssuers !== of) {
      const before = issuers
      issuers = tokenIssuers.map(
        (settings) =>
          before.find((one) => textOf(one.settings) === textOf(settings)) ??
          openIssuer(settings, outbound[settings.reach]),
      )
      of = tokenIssuers
    }
    return issuers
  }
  const callers = createTokenCallers({ ...stores, issuers: current, clock, randomBytes })
  return {
    ...callers,
    async close() {
      await Promise.all([outbound.public.close(), outbound.private.close()])
    },
  }
}

const textOf = (settings: TokenIssuerSettings): string =>
  JSON.stringify([settings, [...settings.roles], [...settings.require]])

function openIssuer(settings: TokenIssuerSettings, outbound: OutboundFetch): TokenIssuer {
  const { issuer, jwks, jwksUrl } = settings
  const load = async (): Promise<unknown> => {
    if (jwks !== null) return jwks
    const url = jwksUrl ?? (await discovered(issuer, outbound))
    return url === null ? null : jsonAt(url, outbound)
  }
  return { settings, keys: createIssuerKeys({ load, clock: steadyNow }) }
}

/** Where an issuer says that its keys are (OpenID Connect Discovery 1.0, section 4); null unless it says so under its own name. */
async function discovered(issuer: string, outbound: OutboundFetch): Promise<string | null> {
  const document = await jsonAt(
    `${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`,
    outbound,
  )
  if (typeof document !== 'object' || document === null) return null
  const named = 'issuer' in document && document.issuer === issuer
  const uri = 'jwks_uri' in document ? document.jwks_uri : null
  return named && typeof uri === 'string' ? uri : null
}

async function jsonAt(url: string, outbound: OutboundFetch): Promise<unknown> {
  try {
    const answer = await outbound.fetch(url, { headers: { accept: 'application/json' } })
    return answer.status === 200 ? await answer.json() : null
  } catch {
    return null
  }
}
