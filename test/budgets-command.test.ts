import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { cloudConfig, testHome } from './support/gateway.ts'
import { runProgram } from './support/process.ts'

test('budgets are set, listed, shown and removed from the command line, in two languages and as JSON', async (t) => {
  const home = testHome(t)
  writeFileSync(join(home, 'ecluse.yaml'), cloudConfig('https://cloud.example/v1'))
  const env = { ECLUSE_HOME: home, CLOUD_KEY: 'test-cloud-key' }
  const run = (...args: string[]) => runProgram(t, args, env)
  const set = await run('budgets', 'set', 'intern', '--hard', '12.5', '--soft-percent', '80')
  assert.equal(set.code, 0)
  assert.match(set.text, /hard limit +12\.5 EUR/)
  assert.match(set.text, /soft limit +10 EUR/)
  const listed = await run('budgets', 'ls', '--json')
  const [one]: { id: string; hard: number; spent: number; state: string }[] = JSON.parse(
    listed.text,
  )
  assert.deepEqual([one?.id, one?.hard, one?.spent, one?.state], ['intern', 12_500_000, 0, 'ok'])
  const shown = await run('budgets', 'show', 'intern', '--lang', 'fr')
  assert.match(shown.text, /dépensé +0 EUR/)
  const wrong = await run('budgets', 'set', 'team', '--hard', '1', '--scope', 'team')
  assert.equal(wrong.code, 1)
  assert.match(wrong.text, /`match` is required/)
  const prices = await run('prices', 'ls', '--json')
  const [price]: { model: string; price: { input: number }; source: string }[] = JSON.parse(
    prices.text,
  )
  assert.deepEqual(
    [price?.model, price?.price.input, price?.source],
    ['m', 100_000, 'destinations'],
  )
  assert.equal((await run('budgets', 'rm', 'intern')).code, 0)
  assert.equal((await run('budgets', 'rm', 'intern')).code, 1)
})
