import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { testHome } from './support/gateway.ts'
import { runProgram } from './support/process.ts'

test('init begins with a policy that ships, which then checks, and never overwrites', async (t) => {
  const home = testHome(t)
  const run = (...args: readonly string[]) => runProgram(t, [...args], { ECLUSE_HOME: home })
  const unknown = await run('init', '--profile', 'nobody')
  assert.equal(unknown.code, 3)
  assert.match(unknown.text, /air-gapped, developer-laptop, finance, health-fr, strict-eu/)
  for (const name of ['air-gapped', 'developer-laptop', 'finance', 'health-fr', 'strict-eu']) {
    const path = join(home, `${name}.yaml`)
    const written = await run('init', path, '--profile', name)
    assert.equal(written.code, 0, written.text)
    const text = readFileSync(path, 'utf8')
    assert.match(text, /^ {2}rules:$/m)
    if (name === 'finance') assert.match(text, /^ {2}# source: .*retrieved: /m)
    const checked = await run('policy', 'check', '--json', '-c', path)
    assert.equal(checked.code, 0, checked.text)
    assert.match(checked.text, /"rules":[1-9]/)
    const again = await run('init', path, '--profile', name)
    assert.equal(again.code, 1)
    assert.equal(readFileSync(path, 'utf8'), text)
  }
  assert.match(readFileSync(join(home, 'strict-eu.yaml'), 'utf8'), /^profile: strict-eu/m)
})
