import assert from 'node:assert/strict'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, test, type TestContext } from 'node:test'
import { payload } from '../src/models/weights/testing/build-pickle.ts'
import { safetensors } from '../src/models/weights/testing/build-weights.ts'
import { testHome } from './support/gateway.ts'
import { runProgram } from './support/process.ts'

function scanCommand(t: TestContext) {
  const home = testHome(t)
  const folder = join(home, 'model')
  mkdirSync(folder)
  const write = (name: string, content: Buffer | string): void =>
    writeFileSync(join(folder, name), content)
  const run = (...args: readonly string[]) =>
    runProgram(t, ['models', 'scan', ...args], { ECLUSE_HOME: home })
  return { folder, write, run }
}

describe('ecluse models scan', () => {
  test('tells by its exit code whether files are clean, forbidden, or could not be analysed', async (t) => {
    const { folder, write, run } = scanCommand(t)
    write('model.safetensors', safetensors([['w', [4]]]))
    const clean = await run(folder, '--servable')
    assert.equal(clean.code, 0)
    assert.match(clean.text, /Can be served/)
    write('weights.bin', Buffer.from('0001ff', 'hex'))
    const unread = await run(folder)
    assert.equal(unread.code, 2)
    write('optimizer.pt', payload(2))
    const forbidden = await run(folder)
    assert.equal(forbidden.code, 1)
    assert.match(forbidden.text, /pickle-dangerous-global[^]*os\.system {2}GLOBAL {2}byte 2/)
    assert.match(forbidden.text, /Do not load it/)
  })

  test('says the same as JSON, as SARIF, and in French', async (t) => {
    const { folder, write, run } = scanCommand(t)
    write('optimizer.pt', payload(4))
    const json = await run(folder, '--json')
    assert.equal(json.code, 1)
    const report = JSON.parse(json.text)
    assert.equal(report.verdict, 'forbidden')
    assert.deepEqual(report.files[0].findings, [
      {
        rule: 'pickle-dangerous-global',
        severity: 'critical',
        effect: 'forbid',
        place: { file: 'optimizer.pt', offset: 14, at: 'STACK_GLOBAL' },
        subject: 'os.system',
      },
    ])
    const sarif = JSON.parse((await run(folder, '--sarif')).text)
    const [first] = sarif.runs
    assert.equal(sarif.version, '2.1.0')
    assert.equal(first.tool.driver.rules[first.results[0].ruleIndex].id, 'pickle-dangerous-global')
    assert.equal(
      first.results[0].locations[0].physicalLocation.artifactLocation.uri,
      'optimizer.pt',
    )
    const french = await run(folder, '--lang', 'fr')
    assert.match(french.text, /Ne le chargez pas/)
  })

  test('a clean pickle passes the scan and not --servable', async (t) => {
    const { folder, write, run } = scanCommand(t)
    write('values.pkl', Buffer.from('80024e2e', 'hex'))
    assert.equal((await run(join(folder, 'values.pkl'))).code, 0)
    const strict = await run(join(folder, 'values.pkl'), '--servable')
    assert.equal(strict.code, 1)
    assert.match(strict.text, /signed exception/)
  })

  test('filters what it shows, and never the verdict', async (t) => {
    const { folder, write, run } = scanCommand(t)
    write('optimizer.pt', Buffer.concat([payload(2).subarray(0, -1), Buffer.from([255])]))
    const critical = await run(folder, '--severity', 'critical')
    assert.doesNotMatch(critical.text, /pickle-broken/)
    assert.equal(critical.code, 1)
    const one = await run(folder, '--rule', 'pickle-broken')
    assert.doesNotMatch(one.text, /pickle-dangerous-global/)
    assert.equal(one.code, 1)
  })

  test('asks for what it needs', async (t) => {
    const { folder, run } = scanCommand(t)
    assert.equal((await run()).code, 3)
    assert.equal((await run(folder, '--severity', 'dreadful')).code, 3)
    assert.equal((await run(folder, '--rule', 'no-such-rule')).code, 3)
    assert.equal((await run(folder, '--budget', '0')).code, 3)
    assert.equal((await run(join(folder, 'nowhere'))).code, 2)
    const rules = await run('--rules', '--json')
    assert.equal(rules.code, 0)
    assert.ok(JSON.parse(rules.text).length > 100)
  })
})
