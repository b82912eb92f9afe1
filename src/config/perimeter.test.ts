import { deepEqual, equal } from 'node:assert/strict'
import { describe, test } from 'node:test'
import { configOn, problemsOn, type TestMachine } from './load-for-test.ts'

const pem = (kind: string): string => `${['-----BEG', `IN ${kind}-----`].join('')}\nAAAA\n`

const files = {
  '/home/ada/.ecluse/cert.pem': pem('CERTIFICATE'),
  '/home/ada/.ecluse/key.pem': pem('PRIVATE KEY'),
}
const tls = 'tls: {cert: cert.pem, key: key.pem}\n'

describe('listening beyond this machine', () => {
  const wide = ['0.0.0.0:4141', '":4141"', '"[::]:4141"', '10.0.0.1:4141', 'ai.example.org:4141']

  test('is refused without tls or trusted proxies, wherever the address comes from', () => {
    for (const listen of wide) {
      deepEqual(problemsOn({ yaml: `listen: ${listen}` }), ['exposed-listen listen@1:1'], listen)
    }
    const listen = '0.0.0.0:1'
    deepEqual(problemsOn({ env: { ECLUSE_LISTEN: listen } }), ['exposed-listen ECLUSE_LISTEN'])
    deepEqual(problemsOn({ flags: { listen } }), ['exposed-listen --listen'])
    deepEqual(problemsOn({ yaml: 'trusted_proxies: []', flags: { listen } }), [
      'exposed-listen --listen',
    ])
  })

  test('is accepted with either', () => {
    for (const listen of wide) {
      const proxied = configOn({ yaml: `listen: ${listen}\ntrusted_proxies: [10.0.0.0/8]` })
      deepEqual(proxied.trustedProxies, ['10.0.0.0/8'])
      equal(configOn({ yaml: `listen: ${listen}\n${tls}`, files }).listen.port, 4141)
    }
  })

  test('a flag that listens at home mends a file that does not', () => {
    const flags = { listen: '127.0.0.1:1' }
    equal(configOn({ yaml: 'listen: 0.0.0.0:4141', flags }).listen.host, '127.0.0.1')
  })
})

describe('certificates', () => {
  test('are read from beside the file, the key as a secret', () => {
    const config = configOn({ yaml: tls, files })
    equal(config.tls?.cert, pem('CERTIFICATE'))
    equal(config.tls?.key.reveal(), pem('PRIVATE KEY'))
    equal(config.tls?.keyPath, '/home/ada/.ecluse/key.pem')
    equal(JSON.stringify(config.tls).includes('PRIVATE'), false)
  })

  test('that are missing or no PEM are told, each in its place', () => {
    const told = ['tls-file-unreadable tls.cert@1:7', 'tls-file-unreadable tls.key@1:23']
    deepEqual(problemsOn({ yaml: tls }), told)
    const wrong = { '/home/ada/.ecluse/cert.pem': 'x', '/home/ada/.ecluse/key.pem': '' }
    deepEqual(problemsOn({ yaml: tls, files: wrong }), told)
  })

  test('a key that other users can read is a warning, a certificate is public', () => {
    deepEqual(problemsOn({ yaml: tls, files, mode: 0o644 }), ['secret-file-exposed tls.key@1:23'])
  })
})

describe('addresses', () => {
  test('hold neither user nor password, not even one of them', () => {
    for (const who of ['u:p', 'u', ':p']) {
      const yaml = `destinations: [{id: x, url: "https://${who}@h/v1", models: [{name: m}]}]`
      deepEqual(problemsOn({ yaml }), ['credentials-in-url destinations[0].url@1:24'], who)
    }
  })
})

describe('own zones', () => {
  const zoned = (url: string, zone: string): TestMachine => ({
    yaml: `destinations: [{id: x, url: "${url}", zone: ${zone}, models: [{name: m}]}]`,
  })
  const codes = (url: string, zone: string) =>
    problemsOn(zoned(url, zone)).map((problem) => problem.split(' ')[0])

  test('device is this machine only', () => {
    for (const url of ['http://127.0.0.1:1/v1', 'http://localhost/v1', 'http://[::1]:9/v1']) {
      deepEqual(codes(url, 'device'), [], url)
    }
    for (const url of ['http://10.0.0.1/v1', 'https://127.0.0.1.example.org', 'http://0.0.0.0:1']) {
      deepEqual(codes(url, 'device'), ['zone-not-this-machine'], url)
    }
  })

  test('no vendor of the list passes for a machine of our own, nor does one of its models', () => {
    for (const zone of ['device', 'on-prem']) {
      deepEqual(codes('https://api.groq.com/openai/v1', zone), ['zone-of-known-vendor'])
      deepEqual(codes('https://API.OPENAI.COM./v1', zone), ['zone-of-known-vendor'])
    }
    const models = 'models: [{name: m, zone: on-prem}]'
    deepEqual(
      problemsOn({ yaml: `destinations: [{id: x, url: "https://api.groq.com/v1", ${models}}]` }),
      ['zone-of-known-vendor destinations[0].models[0].zone@1:75'],
    )
    deepEqual(codes('https://api.groq.com/openai/v1', 'managed'), [])
  })

  test('two destinations under one id are refused, and so are two rules', () => {
    const row = '{id: x, url: "https://h/v1", models: [{name: m}]}'
    deepEqual(problemsOn({ yaml: `destinations: [${row}, ${row}]` }), [
      'duplicate-id destinations[1].id@1:68',
    ])
    const rule = '{id: r, match: {classes: [public]}, allow: {zones: [api]}}'
    deepEqual(problemsOn({ yaml: `policy: {rules: [${rule}, ${rule}]}` }), [
      'duplicate-id policy.rules[1].id@1:79',
    ])
  })
})
