import { deepEqual, equal } from 'node:assert/strict'
import { describe, test } from 'node:test'
import { CLASSES } from '#kernel/label.ts'
import { DEFAULT_RULES } from './default-rules.ts'
import { EU_MEMBERS } from './jurisdictions.ts'
import { configOn, problemsOn } from './load-for-test.ts'

const CLOUD = `
destinations:
  - id: cloud
    dialect: openai
    url: "https://host/v1"
    key: "\${env:K}"
    zone: managed
    jurisdiction: FR
    clearance: {class: internal}
    models: [{name: m, upstream: m-latest}]
`

describe('without a file', () => {
  test('every setting has its default', () => {
    const config = configOn({})
    deepEqual(config.listen, { host: '127.0.0.1', port: 4141 })
    equal(config.floor, 'public')
    equal(config.engine.threads, null)
    equal(configOn({ yaml: 'engine: {threads: 2}' }).engine.threads, 2)
    equal(config.home, '/home/ada/.ecluse')
    deepEqual(config.jurisdictions, EU_MEMBERS)
    deepEqual(config.policy.rules, DEFAULT_RULES)
    deepEqual(config.destinations, [])
    deepEqual(config.limits, { bodyBytes: 16 * 1024 * 1024, depth: 64, drainMs: 30_000 })
    deepEqual([config.engine.enabled, config.discover, config.tls], [true, true, null])
    deepEqual([config.bootstrapKey, config.masterKey, config.warnings], [null, null, []])
  })

  test('an empty file, a file of comments and no file mean the same', () => {
    const none = configOn({})
    for (const yaml of [
      '',
      '\n',
      '# nothing\n',
      '---\n',
      '{}',
      'destinations:\nhosts:\n',
      '\uFEFF',
    ]) {
      deepEqual(configOn({ yaml }), none)
    }
  })
})

describe('the default rules', () => {
  test('mention every class, and keep confidential and restricted in own zones', () => {
    const mentioned = DEFAULT_RULES.flatMap(({ match }) => match.classes)
    deepEqual(new Set(mentioned), new Set(CLASSES))
    for (const { match, allow } of DEFAULT_RULES) {
      const sensitive = match.classes.some((c) => c === 'confidential' || c === 'restricted')
      if (sensitive) deepEqual(allow.zones, ['device', 'on-prem'])
    }
  })

  test('internal follows the configured jurisdictions', () => {
    const { policy } = configOn({ yaml: 'jurisdictions: [CH, FR]' })
    deepEqual(policy.rules.find(({ id }) => id === 'internal-in-jurisdictions')?.allow, {
      zones: ['device', 'on-prem', 'managed'],
      jurisdictions: ['CH', 'FR'],
    })
  })

  test('a rule of the file may say EU, a country or the configured ones', () => {
    const rule = (codes: string) =>
      configOn({
        yaml: `jurisdictions: [CH]\npolicy: {rules: [{id: a, match: {classes: [internal]}, allow: {zones: [api], jurisdictions: [${codes}]}}]}`,
      }).policy.rules[0]?.allow?.jurisdictions
    deepEqual(rule('EU'), EU_MEMBERS)
    deepEqual(rule('configured'), ['CH'])
    deepEqual(rule('US, configured'), ['CH', 'US'])
    deepEqual(rule(''), [])
  })

  test('an empty list of rules is kept: nothing may go outside', () => {
    deepEqual(configOn({ yaml: 'policy: {rules: []}' }).policy.rules, [])
  })
})

describe('destinations', () => {
  test('a row becomes a destination, its key apart', () => {
    const config = configOn({ yaml: CLOUD, env: { K: 'abc' } })
    deepEqual(config.destinations, [
      {
        id: 'cloud',
        dialect: 'openai',
        address: { kind: 'url', baseUrl: 'https://host/v1' },
        zone: 'managed',
        jurisdiction: 'FR',
        clearance: 'internal',
        state: 'enabled',
        origin: 'config',
        models: [{ name: 'm', upstream: 'm-latest' }],
      },
    ])
    equal(config.credentials.get('cloud')?.reveal(), 'abc')
  })

  test('what is not said fails closed: zone api, clearance public, jurisdiction unknown', () => {
    const yaml = 'destinations: [{id: x, url: "https://h/v1/", models: [{name: m}]}]'
    const [destination] = configOn({ yaml }).destinations
    deepEqual(
      [destination?.zone, destination?.clearance, destination?.jurisdiction, destination?.address],
      ['api', 'public', 'unknown', { kind: 'url', baseUrl: 'https://h/v1' }],
    )
  })

  test('a server serves nothing beside chat until its row says so', () => {
    const apis = (more = '') =>
      configOn({ yaml: `destinations: [{id: x, url: "https://h", models: [{name: m}]${more}}]` })
        .destinations[0]?.apis
    equal(apis(), undefined)
    equal(apis(', apis: []'), undefined)
    deepEqual(apis(', apis: [responses]'), ['responses'])
  })

  test('an own zone is local, a disabled row stays known, figures of a model are kept', () => {
    const yaml = `
destinations:
  - id: x
    enabled: false
    url: http://10.0.0.5:8000/v1
    zone: on-prem
    models:
      - {name: m, zone: api, price: {input: 0, output: 1.5}, tokens_per_second: 20, licence: Apache-2.0, openness: 6, context: 8192}
    timeouts: {connect_ms: 10}
`
    const config = configOn({ yaml })
    const [destination] = config.destinations
    deepEqual([destination?.state, destination?.jurisdiction], ['disabled', 'local'])
    deepEqual(destination?.models, [
      {
        name: 'm',
        upstream: 'm',
        zone: 'api',
        price: { input: 0, output: 1.5 },
        tokensPerSecond: 20,
        contextTokens: 8192,
        licence: 'Apache-2.0',
        openness: 6,
      },
    ])
    deepEqual(config.timeouts.get('x'), {
      connectMs: 10,
      firstByteMs: 300_000,
      idleMs: 120_000,
      totalMs: null,
    })
  })
})

describe('precedence', () => {
  const yaml = 'listen: 127.0.0.1:1\nfloor: internal\ndiscover: false\nlog: {level: warn}\n'

  test('the command line wins over the environment, which wins over the file', () => {
    const env = { ECLUSE_LISTEN: '127.0.0.1:2' }
    equal(configOn({ yaml }).listen.port, 1)
    equal(configOn({ yaml, env }).listen.port, 2)
    equal(configOn({ yaml, env, flags: { listen: '127.0.0.1:3' } }).listen.port, 3)
    const flags = { floor: 'restricted', discover: true, logLevel: 'debug' }
    const config = configOn({ yaml, flags })
    deepEqual([config.floor, config.discover, config.log.level], ['restricted', true, 'debug'])
  })

  test('a blank variable counts as not set', () => {
    equal(configOn({ yaml, env: { ECLUSE_LISTEN: ' ', ECLUSE_HOME: '' } }).listen.port, 1)
  })

  test('a bad flag is a problem of the flag, a bad variable of the variable', () => {
    deepEqual(problemsOn({ flags: { listen: 'x', floor: 'publc', logLevel: 'loud' } }), [
      'invalid-format --listen',
      'invalid-choice --floor',
      'invalid-choice --log-level',
    ])
    deepEqual(problemsOn({ env: { ECLUSE_LISTEN: '4141' } }), ['invalid-format ECLUSE_LISTEN'])
  })

  test('a bad value of the file is told even where a flag replaces it', () => {
    deepEqual(problemsOn({ yaml: 'listen: nowhere', flags: { listen: '127.0.0.1:3' } }), [
      'invalid-format listen@1:1',
    ])
  })
})

describe('the file', () => {
  test('is the one of --config, else of ECLUSE_CONFIG, else in the data directory', () => {
    const files = { '/a.yaml': 'floor: internal', '/b.yaml': 'floor: confidential' }
    equal(configOn({ yaml: 'floor: restricted', files }).floor, 'restricted')
    equal(configOn({ files, env: { ECLUSE_CONFIG: '/b.yaml' } }).floor, 'confidential')
    const both = { env: { ECLUSE_CONFIG: '/b.yaml' }, flags: { config: '/a.yaml' } }
    equal(configOn({ files, ...both }).floor, 'internal')
    const elsewhere = { '/srv/data/ecluse.yaml': 'floor: internal' }
    const moved = configOn({ files: elsewhere, env: { ECLUSE_HOME: '/srv/data' } })
    deepEqual([moved.floor, moved.home], ['internal', '/srv/data'])
    equal(configOn({ env: { ECLUSE_HOME: '~/x' } }).home, '/home/ada/x')
    equal(configOn({ env: { ECLUSE_HOME: '~/x' }, flags: { home: '/y' } }).home, '/y')
  })

  test('has to exist only when somebody named it', () => {
    deepEqual(problemsOn({ flags: { config: '/none.yaml' } }), ['file-missing '])
    deepEqual(problemsOn({ env: { ECLUSE_CONFIG: '/none.yaml' } }), ['file-missing '])
    deepEqual(problemsOn({}), [])
  })
})

describe('the profile strict-eu', () => {
  test('raises the floor to internal, and refuses a public one', () => {
    equal(configOn({ yaml: 'profile: strict-eu' }).floor, 'internal')
    equal(configOn({ flags: { profile: 'strict-eu' } }).floor, 'internal')
    equal(configOn({ yaml: 'profile: strict-eu\nfloor: confidential' }).floor, 'confidential')
    deepEqual(problemsOn({ yaml: 'profile: strict-eu\nfloor: public' }), [
      'floor-below-profile floor@2:1',
    ])
    deepEqual(problemsOn({ yaml: 'profile: strict-eu', flags: { floor: 'public' } }), [
      'floor-below-profile --floor',
    ])
  })
})

describe('vendors seen through the environment', () => {
  const key = ['mi', 'stral', '-test'].join('')
  const env = { MISTRAL_API_KEY: `${key}\n`, GROQ_API_KEY: '', OPENAI_API_KEY: 'two words' }

  test('are listed with their key, and only those with a usable key', () => {
    const config = configOn({ env })
    deepEqual(
      config.destinations.map(({ id, state, origin, clearance, models }) => [
        id,
        state,
        origin,
        clearance,
        models.length,
      ]),
      [['mistral', 'listed', 'environment', 'public', 0]],
    )
    equal(config.credentials.get('mistral')?.reveal(), key)
    deepEqual([...config.vendorVariables], [['mistral', 'MISTRAL_API_KEY']])
  })

  test('are left out when discovery is off, or when the file names or addresses them', () => {
    deepEqual(configOn({ env, flags: { discover: false } }).destinations, [])
    const row = (id: string, url: string) =>
      configOn({ env, yaml: `destinations: [{id: ${id}, url: "${url}", models: [{name: m}]}]` })
    const named = row('mistral', 'https://proxy.example/v1')
    const addressed = row('mine', 'https://api.mistral.ai/v1')
    for (const { destinations, credentials } of [named, addressed]) {
      deepEqual([destinations.length, destinations[0]?.origin], [1, 'config'])
      equal(credentials.size, 0, 'the key of the environment goes to no other address')
    }
  })
})

describe('root and first keys', () => {
  test('come from the environment as secrets', () => {
    const env = { ECLUSE_BOOTSTRAP_KEY: 'one', ECLUSE_MASTER_KEY: 'two' }
    const { bootstrapKey, masterKey } = configOn({ env })
    deepEqual([bootstrapKey?.reveal(), masterKey?.reveal()], ['one', 'two'])
    deepEqual(problemsOn({ env: { ECLUSE_MASTER_KEY: 'a b' } }), [
      'invalid-secret ECLUSE_MASTER_KEY',
    ])
  })
})
