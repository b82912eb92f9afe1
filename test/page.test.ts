import assert from 'node:assert/strict'
import { existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { chromium, type Browser, type Page } from 'playwright-core'
import { starterModelDir } from '../src/models/starter/starter-model.fixture.ts'
import { testHome } from './support/gateway.ts'
import { startProgram } from './support/process.ts'
import { startUpstream } from './support/upstream.ts'

const CHROMIUM = '/usr/bin/chromium'
const ROOT = join(import.meta.dirname, '..')
const PICTURES = join(ROOT, 'test', 'screenshots')
const QUIET = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

const missing = (): string | null => {
  if (!existsSync(CHROMIUM)) return 'Chromium is not installed'
  if (!existsSync(join(ROOT, 'web', 'dist', 'index.html'))) return 'the page is not built'
  return null
}

describe('the page, in a real browser', () => {
  let browser: Browser | null = null
  before(async () => {
    mkdirSync(PICTURES, { recursive: true })
    const why = missing()
    // a machine that is to prove everything must have a browser
    if (why !== null && process.env['CI'] === 'true') throw new Error(why)
    if (why === null) browser = await chromium.launch({ executablePath: CHROMIUM, args: QUIET })
  })
  after(() => browser?.close())

  const picture = (page: Page, name: string): Promise<Buffer> =>
    page.screenshot({ path: join(PICTURES, `${name}.png`) })

  test('signs in by key, shows the verdict as one types, chats with the model on board, and lists the decisions live', async (t) => {
    if (!browser) return t.skip(missing() ?? 'no browser')
    const models = await starterModelDir()
    if ('skip' in models) return t.skip(models.skip)
    const upstream = await startUpstream(t)
    const home = testHome(t)
    symlinkSync(models.dir, join(home, 'models'))
    writeFileSync(
      join(home, 'ecluse.yaml'),
      `destinations:\n  - {id: cloud, dialect: openai, url: "${upstream.url}", key: "\${env:CLOUD_KEY}", zone: managed, jurisdiction: FR, clearance: {class: internal}, models: [{name: big, upstream: cloud-1, price: {input: 0.01, output: 0.01}}]}\n`,
    )
    const program = startProgram(
      t,
      ['serve', '--listen', '127.0.0.1:0', '--json', '--no-discover'],
      { ECLUSE_HOME: home, CLOUD_KEY: 'test-cloud-key' },
    )
    const [line] = await program.until(/^\{"url".*\}$/m)
    const { url, adminKeyFile }: { url: string; adminKeyFile: string } = JSON.parse(line)
    await program.until(/model on board is ready/)

    const context = await browser.newContext({
      viewport: { width: 1440, height: 900 },
      locale: 'en-GB',
    })
    t.after(() => context.close())
    const page = await context.newPage()
    const problems: string[] = []
    page.on('pageerror', (error) => problems.push(error.message))
    page.on('console', (message) => {
      if (message.type() === 'error' && !message.text().includes('401'))
        problems.push(message.text())
    })
    await page.goto(url)
    await page.getByLabel('Key').fill('ecl_wrong')
    await page.getByRole('button', { name: 'Sign in' }).click()
    await page.getByText('not known here').waitFor()
    await picture(page, 'sign-in')
    await page.getByLabel('Key').fill(readFileSync(adminKeyFile, 'utf8').trim())
    await page.getByRole('button', { name: 'Sign in' }).click()

    const message = page.getByLabel('Your message')
    await message.fill(
      `Résume : la patiente a le numéro de sécurité sociale ${['2 69 05 49 588 157', '80'].join(' ')}.`,
    )
    await page
      .getByTestId('draft-class')
      .getByText(/restricted/i)
      .waitFor()
    await page
      .getByText(/social security number/i)
      .first()
      .waitFor()
    await picture(page, 'draft-restricted')
    await message.press('Enter')
    const log = page.getByTestId('chat-log')
    await log
      .getByText(/restricted/i)
      .first()
      .waitFor({ timeout: 60_000 })
    await log
      .getByText(/embedded/)
      .first()
      .waitFor({ timeout: 60_000 })

    await page.getByRole('button', { name: 'New conversation' }).click()
    await message.fill('What is the difference between TCP and UDP?')
    await page
      .getByTestId('draft-class')
      .getByText(/public/i)
      .waitFor()
    await message.press('Enter')
    await log.getByText('From the cloud.').waitFor({ timeout: 60_000 })

    const rows = page.getByTestId('decisions-table').getByRole('row')
    await rows.nth(2).waitFor()
    assert.ok((await rows.count()) >= 3)
    await picture(page, 'decisions')
    assert.equal(upstream.seen.length, 1)
    assert.doesNotMatch(upstream.seen[0]?.body ?? '', /sécurité sociale/)

    await page.getByRole('button', { name: /français/i }).click()
    await page.getByLabel('Votre message').waitFor()
    await page.setViewportSize({ width: 390, height: 844 })
    await picture(page, 'narrow-french')
    assert.deepEqual(problems, [])
    const cookies = await context.cookies()
    assert.deepEqual(
      cookies.map(({ name, httpOnly, sameSite }) => [name, httpOnly, sameSite]),
      [['ecluse_session', true, 'Strict']],
    )
  })
})
