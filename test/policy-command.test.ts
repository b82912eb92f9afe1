import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, test, type TestContext } from 'node:test'
import { ask, chat, testGateway, testHome } from './support/gateway.ts'
import { runProgram } from './support/process.ts'
import { startUpstream } from './support/upstream.ts'

const file = (url: string, rules: string): string => `
discover: false
engine: {enabled: false}
destinations:
  - {id: cloud, url: "${url}", zone: managed, jurisdiction: FR, clearance: {class: internal}, models: [{name: m, openness: 5}]}
  - {id: far, url: "https://far.example/v1", zone: api, jurisdiction: US, clearance: {class: internal}, models: [{name: n}]}
policy:
  rules:
    - {id: home, match: {classes: [restricted, confidential]}, allow: {zones: [device, on-prem]}}
    - {id: near, match: {classes: [internal]}, allow: {zones: [managed], jurisdictions: [configured]}}
    - {id: anywhere, match: {classes: [public]}, allow: {zones: [managed, api]}}
${rules}`

const HR = '    - {id: hr, match: {teams: [hr]}, deny: {destinations: [cloud]}}\n'
const SHUT =
  '    - {id: shut, match: {}, when: findings.count("EMAIL_ADDRESS") > 0, deny: {destinations: [cloud]}}\n'

function policyCommand(t: TestContext, home = testHome(t)) {
  const write = (name: string, text: string): string => {
    const path = join(home, name)
    writeFileSync(path, text)
    return path
  }
  const run = (...args: readonly string[]) =>
    runProgram(t, ['policy', ...args], { ECLUSE_HOME: home, CLOUD_KEY: 'test-cloud-key' })
  return { write, run }
}

describe('ecluse policy', () => {
  test('check tells idle rules, names that nothing bears and what crosses a border, and --strict fails on them', async (t) => {
    const { write, run } = policyCommand(t)
    const good = write('good.yaml', file('https://c.example/v1', HR))
    const clean = await run('check', '--strict', '-c', good)
    // nothing on board may see what must stay at home
    assert.match(clean.text, /Rule home leaves no destination/)
    assert.match(clean.text, /Public data can leave your jurisdictions: far, a proprietary API, US/)
    const rules =
      '    - {id: twice, match: {classes: [internal], teams: [x]}, allow: {zones: [managed]}}\n' +
      '    - {id: typo, match: {}, deny: {destinations: [fra]}}\n'
    const bad = write('bad.yaml', file('https://c.example/v1', rules))
    const told = await run('check', '--strict', '-c', bad)
    assert.equal(told.code, 1)
    assert.match(told.text, /Rule twice changes nothing: near speaks of all of it/)
    assert.match(told.text, /Rule typo names `fra` \(destinations\)/)
    const french = await run('check', '--lang', 'fr', '-c', bad)
    assert.equal(french.code, 0)
    assert.match(french.text, /La règle twice ne change rien/)
  })

  test('test compares what each text gets with what the file expects, and never shows the text', async (t) => {
    const { write, run } = policyCommand(t)
    const config = write('c.yaml', file('https://c.example/v1', HR))
    const probes = write(
      'probes.yaml',
      `probes:
  - {name: question, text: Explain photosynthesis, expect: {class: public, zones: [managed, api]}}
  - {name: question du groupe RH, text: Explique la photosynthèse, team: hr, expect: {destination: far, never: [cloud]}}
  - {name: address, text: Write to jeanne@example.org, expect: {class: public, destination: null}}
`,
    )
    const { code, text } = await run('test', probes, '-c', config)
    assert.equal(code, 1)
    assert.match(text, /ok {2}question\n/)
    assert.match(text, /ok {2}question du groupe RH\n/)
    assert.match(text, /NO {2}address\n {6}class: expected public, found internal\n/)
    assert.match(text, /2 of 3 as expected/)
    assert.ok(!text.includes('jeanne'))
    const masking =
      '    - {id: masks, match: {classes: [internal]}, mask: {types: [EMAIL_ADDRESS]}, duties: [no-store]}\n'
    const masked = write('m.yaml', file('https://c.example/v1', masking))
    const more = write(
      'more.yaml',
      `probes:
  - {name: masked, text: Write to jeanne@example.org, expect: {class: internal, masked: public, duties: [mask, no-store], destination: cloud}}
  - {name: not masked, text: Explain photosynthesis, expect: {masked: null, duties: [review]}}
`,
    )
    const said = await run('test', more, '-c', masked)
    assert.match(said.text, /ok {2}masked\n/)
    assert.match(said.text, /NO {2}not masked\n {6}duties: expected review, found -\n/)
    const none = write('none.yaml', 'probes: [{text: a, expect: {}}]')
    assert.equal((await run('test', none, '-c', config)).code, 2)
  })

  test('diff tells which kinds of requests another file would send elsewhere', async (t) => {
    const { write, run } = policyCommand(t)
    const before = write('before.yaml', file('https://c.example/v1', ''))
    const after = write('after.yaml', file('https://c.example/v1', HR))
    const { code, text } = await run('diff', after, '-c', before, '--json')
    assert.equal(code, 1)
    const { differences } = JSON.parse(text)
    assert.deepEqual(
      differences.map(
        (one: { class: string; caller: string; lost: string[]; gained: string[] }) => [
          one.class,
          one.caller,
          one.lost,
          one.gained,
        ],
      ),
      [
        ['public', 'team hr', ['cloud/m'], []],
        ['internal', 'team hr', ['cloud/m'], []],
      ],
    )
    const same = await run('diff', before, '-c', before)
    assert.equal(same.code, 0)
  })

  test('simulate decides recorded requests again under another file, from the evidence alone', async (t) => {
    const upstream = await startUpstream(t)
    const gateway = await testGateway(t, file(upstream.url, ''))
    for (const text of ['hello', 'write to jeanne@example.org', 'write to paul@example.org'])
      assert.equal((await chat(gateway, { body: ask(text, { model: 'm' }) })).status, 200)
    const { write, run } = policyCommand(t, gateway.home)
    const other = write('other.yaml', file(upstream.url, SHUT))
    await gateway.stop()
    const { code, text } = await run('simulate', '--since', '1h', '-c', other, '--json')
    assert.equal(code, 0, text)
    const { requests, same, refusedNow, moved } = JSON.parse(text)
    assert.deepEqual([requests, same, refusedNow], [3, 1, 2])
    assert.deepEqual(moved, [
      { class: 'internal', change: 'refused-now', from: 'cloud', to: null, requests: 2 },
    ])
    const shown = await run('simulate', '--since', '1h', '-c', other, '--lang', 'fr')
    assert.match(shown.text, /2 {2}internal {5}cloud -> - {2}seraient refusées/)
    assert.equal((await run('simulate', '--since', 'soon', '-c', other)).code, 3)
  })
})
