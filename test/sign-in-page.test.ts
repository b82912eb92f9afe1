import assert from 'node:assert/strict'
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { chromium, type Browser } from 'playwright-core'
import { realProvider } from '../src/identity/oidc/provider.fixture.ts'
import { testHome } from './support/gateway.ts'
import { startProgram } from './support/process.ts'
import { freePort, providerConfig } from './support/sign-in.ts'

const CHROMIUM = '/usr/bin/chromium'
const ROOT = join(import.meta.dirname, '..')
const PICTURES = join(ROOT, 'test', 'screenshots')
const QUIET = ['--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking']

const missing = (): string | null => {
  if (!existsSync(CHROMIUM)) return 'Chromium is not installed'
  if (!existsSync(join(ROOT, 'web', 'dist', 'index.html'))) return 'the page is not built'
  return null
}

describe('signing in on the page, in a real browser', () => {
  let browser: Browser | null = null
  before(async () => {
    mkdirSync(PICTURES, { recursive: true })
    const why = missing()
    // a machine that is to prove everything must have a browser
    if (why !== null && process.env['CI'] === 'true') throw new Error(why)
    if (why === null) browser = await chromium.launch({ executablePath: CHROMIUM, args: QUIET })
  })
  after(() => browser?.close())

  test('goes to the provider on another site, comes back signed in, and leaves both', async (t) => {
    if (!browser) return t.skip(missing() ?? 'no browser')
    const port = await freePort()
    const url = `http://127.0.0.1:${port}`
    const real = await realProvider(t, {
      redirectUris: [`${url}/api/sign-in/callback/company`],
      logoutUris: [`${url}/`],
      host: 'localhost',
    })
    const ada = { sub: 'ada', email: 'ada@example.org', email_verified: true, name: 'Ada Lovelace' }
    real.accounts.set('ada', { ...ada, groups: ['ai-admins'] })
    const home = testHome(t)
    writeFileSync(
      join(home, 'ecluse.yaml'),
      providerConfig(real.issuer, 'roles: {ai-admins: owner}'),
    )
    const serve = ['serve', '--listen', `127.0.0.1:${port}`, '--json']
    const program = startProgram(t, serve, { ECLUSE_HOME: home, CLOUD_KEY: 'test-cloud-key' })
    await program.until(/^\{"url".*\}$/m)

    const context = await browser.newContext({ locale: 'en-GB' })
    t.after(() => context.close())
    const page = await context.newPage()
    const problems: string[] = []
    page.on('pageerror', (error) => problems.push(error.message))
    page.on('console', (message) => {
      const isOurs = message.location().url.startsWith(url)
      const isExpected = /status of 40[13]/.test(message.text())
      if (message.type() === 'error' && isOurs && !isExpected)
        problems.push(`${message.text()} ${message.location().url}`)
    })
    await page.goto(url)
    const button = page.getByRole('link', { name: 'Sign in with Company account' })
    await button.waitFor()
    await page.screenshot({ path: join(PICTURES, 'sign-in-provider.png') })
    await button.click()
    await page.getByText('Ada Lovelace').waitFor()
    assert.ok(page.url().startsWith(url))
    // nothing of the sign-in stays in the address bar
    assert.equal(new URL(page.url()).search, '')
    const cookies = (await context.cookies(url)).map(({ name, httpOnly, sameSite }) => [
      name,
      httpOnly,
      sameSite,
    ])
    assert.deepEqual(
      cookies.filter(([name]) => String(name).startsWith('ecluse')),
      [['ecluse_session', true, 'Strict']],
    )
    await page.reload()
    await page.getByText('Ada Lovelace').waitFor()

    // out of both: the provider asks nothing here, and sends the browser back
    await page.getByRole('button', { name: 'Sign out' }).click()
    await page.waitForURL(/localhost/)
    assert.match(page.url(), /\/session\/end\?/)
    assert.ok(real.asked.includes('/session/end'))
    await page.goto(url)
    await page.getByRole('link', { name: 'Sign in with Company account' }).waitFor()
    await page.getByRole('button', { name: /français/i }).click()
    await page.getByRole('link', { name: 'Se connecter avec Company account' }).waitFor()

    // turned away: told in words, with a way back
    real.accounts.set('ada', { ...ada, groups: [] })
    await page.getByRole('link', { name: /Company account/ }).click()
    await page.getByText('no-role').waitFor()
    await page.getByRole('link', { name: /sign-in page|page de connexion/ }).click()
    await page.getByRole('link', { name: /Company account/ }).waitFor()
    assert.deepEqual(problems, [])
  })
})
