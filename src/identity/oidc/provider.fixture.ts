import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { TestContext } from 'node:test'
import { exportJWK, generateKeyPair, type JWK } from 'jose'
import { Provider, type Configuration } from 'oidc-provider'
import { memoryAdapter } from './memory-adapter.fixture.ts'

/** Somebody the provider knows; what it says of them can change between sign-ins. */
export interface Account {
  sub: string
  email?: string
  email_verified?: boolean
  name?: string
  groups?: string[]
  [claim: string]: unknown
}

export interface RealProvider {
  readonly issuer: string
  readonly accounts: Map<string, Account>
  /** Requests that reached it, by path. */
  readonly asked: string[]
  /** Replaces the signing keys, as an operator who rolls over. */
  rollOver(): Promise<void>
  /** Answers nothing until told otherwise. */
  isDown: boolean
  /** Changes an answer on its way out. */
  meddle: ((path: string, body: string) => string) | null
}

export const CLIENT = { id: 'ecluse', secret: 'test-cloud-key' } as const

export interface RealProviderOptions {
  readonly redirectUris: readonly string[]
  readonly logoutUris?: readonly string[]
  readonly backChannel?: string
  /** Claims stand in the ID token instead of user info. */
  readonly claimsInToken?: boolean
  readonly issuesRefreshTokens?: boolean
  /** `localhost` is another site than 127.0.0.1 to a browser. */
  readonly host?: string
}

/** A real OpenID Connect provider (oidc-provider) in this process, whose pages sign in whoever `login` names. */
export async function realProvider(
  t: TestContext,
  options: RealProviderOptions,
): Promise<RealProvider> {
  let handle: (request: IncomingMessage, response: ServerResponse) => unknown = () => undefined
  const asked: string[] = []
  const server = createServer((request, response) => {
    const path = (request.url ?? '').split('?')[0] ?? ''
    asked.push(path)
    if (state.isDown) return void request.socket.destroy()
    if (state.meddle) meddleWith(response, (body) => state.meddle?.(path, body) ?? body)
    handle(request, response)
  })
  const issuer = (await listen(server, t)).replace('127.0.0.1', options.host ?? '127.0.0.1')
  const accounts = new Map<string, Account>()
  const adapter = memoryAdapter()
  let generation = 0
  const rollOver = async (): Promise<void> => {
    generation += 1
    const keys = [await signingKey(`key-${generation}`)]
    const provider = new Provider(issuer, {
      ...configuration(options, accounts, keys),
      adapter,
    })
    const callback = provider.callback()
    handle = (request, response) =>
      request.url?.startsWith('/interaction/')
        ? interact(provider, request, response)
        : callback(request, response)
  }
  const state: RealProvider = { issuer, accounts, asked, rollOver, isDown: false, meddle: null }
  await rollOver()
  return state
}

function configuration(
  options: RealProviderOptions,
  accounts: Map<string, Account>,
  keys: JWK[],
): Configuration {
  return {
    clients: [
      {
        client_id: CLIENT.id,
        client_secret: CLIENT.secret,
        redirect_uris: [...options.redirectUris],
        post_logout_redirect_uris: [...(options.logoutUris ?? [])],
        grant_types: ['authorization_code', 'refresh_token'],
        ...(options.backChannel === undefined
          ? {}
          : {
              backchannel_logout_uri: options.backChannel,
              backchannel_logout_session_required: true,
            }),
      },
    ],
    jwks: { keys },
    claims: {
      openid: ['sub', 'sid'],
      profile: ['name', 'groups', '_claim_names'],
      email: ['email', 'email_verified'],
    },
    conformIdTokenClaims: options.claimsInToken !== true,
    pkce: { required: () => true },
    issueRefreshToken: () => Promise.resolve(options.issuesRefreshTokens === true),
    rotateRefreshToken: true,
    features: {
      devInteractions: { enabled: false },
      backchannelLogout: { enabled: true },
      rpInitiatedLogout: {
        enabled: true,
        // the page that asks "really?" is left out: a form that sends itself is what a browser would come to
        logoutSource: (ctx, form) => {
          ctx.body = form
        },
      },
    },
    // without its dispatcher, which refuses this machine
    fetch: (url, { method, headers, body, signal } = {}) =>
      fetch(url, {
        redirect: 'manual',
        ...(method === undefined ? {} : { method }),
        ...(headers === undefined ? {} : { headers }),
        ...(body ? { body } : {}),
        ...(signal ? { signal } : {}),
      }),
    cookies: { keys: ['for tests only'] },
    interactions: { url: (_ctx, interaction) => `/interaction/${interaction.uid}` },
    findAccount: (_ctx, sub) => {
      const account = accounts.get(sub)
      return account && { accountId: sub, claims: () => ({ ...account }) }
    },
    ttl: {
      Session: 3600,
      Grant: 3600,
      Interaction: 600,
      AccessToken: 600,
      IdToken: 86_400,
      RefreshToken: 3600,
    },
  }
}

/** Signs in the account that the cookie `login` names and consents to everything; `deny` says no. */
async function interact(
  provider: Provider,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const details = await provider.interactionDetails(request, response)
  const login = /(?:^|; )login=([^;]+)/.exec(request.headers.cookie ?? '')?.[1] ?? 'ada'
  if (login === 'deny') {
    const result = { error: 'access_denied' }
    return provider.interactionFinished(request, response, result, {
      mergeWithLastSubmission: false,
    })
  }
  const grant = new provider.Grant({ accountId: login, clientId: CLIENT.id })
  grant.addOIDCScope('openid profile email offline_access')
  const result = { login: { accountId: login }, consent: { grantId: await grant.save() } }
  if (details.prompt.name === 'login' || details.prompt.name === 'consent') {
    await provider.interactionFinished(request, response, result, { mergeWithLastSubmission: true })
  }
}

async function signingKey(kid: string): Promise<JWK> {
  const { privateKey } = await generateKeyPair('RS256', { extractable: true })
  return { ...(await exportJWK(privateKey)), kid, alg: 'RS256', use: 'sig' }
}

async function listen(server: Server, t: TestContext): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  t.after(() => {
    server.closeAllConnections()
    server.close()
  })
  const { port } = server.address() as AddressInfo // listening on TCP
  return `http://127.0.0.1:${port}`
}

/** Lets a test change a whole answer before it leaves. */
function meddleWith(response: ServerResponse, change: (body: string) => string): void {
  const end = response.end.bind(response)
  response.end = ((chunk?: unknown, ...rest: unknown[]) => {
    if (typeof chunk !== 'string' && !(chunk instanceof Uint8Array))
      return end(chunk as never, ...(rest as []))
    const body = change(Buffer.from(chunk).toString('utf8'))
    if (!response.headersSent) response.setHeader('content-length', Buffer.byteLength(body))
    return end(body)
  }) as typeof response.end
}

/** A browser as far as sign-in needs one: it follows redirects and keeps the cookies of each host. */
export class Browser {
  readonly #cookies = new Map<string, Map<string, string>>()

  set(origin: string, name: string, value: string): void {
    const own = this.#cookies.get(origin) ?? new Map<string, string>()
    this.#cookies.set(origin, own.set(name, value))
  }

  cookie(origin: string, prefix: string): string | undefined {
    const found = [...(this.#cookies.get(origin) ?? [])].find(([name]) => name.startsWith(prefix))
    return found?.[1]
  }

  async get(url: string, init: RequestInit = {}): Promise<Response> {
    const { origin } = new URL(url)
    const cookies = [...(this.#cookies.get(origin) ?? [])].map(
      ([name, value]) => `${name}=${value}`,
    )
    const answer = await fetch(url, {
      ...init,
      redirect: 'manual',
      headers: {
        ...(init.headers as Record<string, string> | undefined),
        cookie: cookies.join('; '),
      },
    })
    for (const line of answer.headers.getSetCookie()) {
      const [pair = ''] = line.split(';')
      const at = pair.indexOf('=')
      const isGone = /max-age=0|expires=Thu, 01 Jan 1970/i.test(line)
      if (isGone) this.#cookies.get(origin)?.delete(pair.slice(0, at))
      else this.set(origin, pair.slice(0, at), pair.slice(at + 1))
    }
    return answer
  }

  /** Follows redirects until one leads to an address that begins with `until`, which is not asked. */
  async follow(start: string, until: string): Promise<string> {
    let url = start
    for (let steps = 0; steps < 15; steps += 1) {
      if (url.startsWith(until)) return url
      const answer = await this.get(url)
      const location = answer.headers.get('location')
      if (location === null) throw new Error(`${answer.status} at ${url}: ${await answer.text()}`)
      url = new URL(location, url).href
    }
    throw new Error('too many redirects')
  }
}
