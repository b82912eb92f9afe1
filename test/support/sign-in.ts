import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { TestContext } from 'node:test'
import {
  Browser,
  CLIENT,
  realProvider,
  type RealProvider,
  type RealProviderOptions,
} from '../../src/identity/oidc/provider.fixture.ts'
import { testGateway, testHome, type TestGateway } from './gateway.ts'

/** A port that nobody has at the moment: the provider must know the redirect URI before the gateway starts. */
export async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo // listening on TCP
  await new Promise((resolve) => server.close(resolve))
  return port
}

export interface SignInSetting {
  readonly url: string
  readonly real: RealProvider
  readonly gateway: TestGateway
  /** Signs in with a browser of its own, or the one given; resolves with it and the last address. */
  readonly signIn: (
    browser?: Browser,
  ) => Promise<{ browser: Browser; at: string; answer: Response }>
  /** The admin API as this browser sees it. */
  readonly api: (browser: Browser, path: string, init?: RequestInit) => Promise<Response>
}

/** A gateway and a real provider that know each other; Ada is in the group of owners. */
export async function signInSetting(
  t: TestContext,
  more = 'roles: {ai-admins: owner, readers: read-only}',
  over: Partial<RealProviderOptions> = {},
): Promise<SignInSetting> {
  const port = await freePort()
  const url = `http://127.0.0.1:${port}`
  const real = await realProvider(t, {
    redirectUris: [`${url}/api/sign-in/callback/company`, `${url}/api/sign-in/callback/other`],
    logoutUris: [`${url}/`],
    backChannel: `${url}/api/sign-in/back-channel-logout/company`,
    ...over,
  })
  real.accounts.set('ada', {
    sub: 'ada',
    email: 'ada@example.org',
    email_verified: true,
    name: 'Ada Lovelace',
    groups: ['ai-admins'],
  })
  const gateway = await testGateway(
    t,
    providerConfig(real.issuer, more),
    testHome(t),
    (config) => ({ ...config, listen: { host: '127.0.0.1', port } }),
  )
  const api = (browser: Browser, path: string, init: RequestInit = {}) =>
    browser.get(`${url}${path}`, init)
  return {
    url,
    real,
    gateway,
    api,
    async signIn(browser = new Browser()) {
      const back = await browser.follow(
        `${url}/api/sign-in/start/company`,
        `${url}/api/sign-in/callback/`,
      )
      const answer = await browser.get(back)
      return { browser, at: answer.headers.get('location') ?? back, answer }
    },
  }
}

export const providerConfig = (issuer: string, more: string): string => `
discover: false
engine: {enabled: false}
sign_in:
  providers:
    - id: company
      name: Company account
      issuer: "${issuer}"
      client_id: ${CLIENT.id}
      client_secret: "\${env:CLOUD_KEY}"
      ${more}
`
