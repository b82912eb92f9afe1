import assert from 'node:assert/strict'
import { mkdirSync, readdirSync, readlinkSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, test, type TestContext } from 'node:test'
import { setImmediate } from 'node:timers/promises'
import { payload } from '../src/models/weights/testing/build-pickle.ts'
import { safetensors } from '../src/models/weights/testing/build-weights.ts'
import { testHome } from './support/gateway.ts'
import { runProgram, startProgram } from './support/process.ts'

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

/** Resolves when a process has a file open whose name ends so. */
async function isReading(pid: number, end: string): Promise<void> {
  for (;;) {
    const open = readdirSync(`/proc/${pid}/fd`).flatMap((descriptor) => {
      try {
        return [readlinkSync(`/proc/${pid}/fd/${descriptor}`)]
      } catch {
        // closed since it was listed
        return []
      }
    })
    if (open.some((path) => path.endsWith(end))) return
    await setImmediate()
  }
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

  test('names of hostile files do nothing to a terminal, in any form', async (t) => {
    const { folder, write, run } = scanCommand(t)
    const names = [
      'a\u001b[2J\u001b]0;x\u0007.pkl',
      'b\nclean.pkl',
      'c\u009b31m\u202e.pkl',
      'd\u{e0041}.pkl',
    ]
    for (const name of names) write(name, payload(2))
    writeFileSync(
      Buffer.concat([Buffer.from(`${folder}/e`), Buffer.from([0xff, 0xfe]), Buffer.from('.pkl')]),
      payload(2),
    )
    // oxlint-disable-next-line no-control-regex
    const acting = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]|\u{e0041}/u
    for (const form of [[], ['--json'], ['--sarif'], ['--all', '--lang', 'fr']]) {
      const told = await run(folder, ...form)
      assert.equal(told.code, 1)
      assert.doesNotMatch(told.text, acting, form.join(' '))
    }
    const human = (await run(folder)).text
    assert.doesNotMatch(human, /^clean\.pkl/m)
    const json = JSON.parse((await run(folder, '--json')).text)
    const paths = json.files.map(({ path }: { readonly path: string }) => path)
    assert.deepEqual(paths.slice(0, 4), names)
  })

  test('an interrupt ends it at once, with a word that it says nothing of the model', async (t) => {
    const { folder, write } = scanCommand(t)
    // files of HDF5 without a structure: each is searched for seconds
    for (let at = 0; at < 40; at++) {
      write(`${at}.h5`, Buffer.from('894844460d0a1a0a', 'hex'))
      truncateSync(join(folder, `${at}.h5`), 8 * 1024 ** 3)
    }
    for (const [form, word] of [
      [[], /Interrupted before the end: nothing can be said/],
      [['--json'], /"code":"interrupted"/],
    ] as const) {
      const program = startProgram(t, ['models', 'scan', folder, ...form], { ECLUSE_HOME: folder })
      await isReading(program.child.pid ?? 0, '.h5')
      program.child.kill('SIGINT')
      assert.equal(await program.ended, 2)
      assert.match(program.printed(), word)
    }
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
