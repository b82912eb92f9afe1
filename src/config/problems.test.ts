import { deepEqual, doesNotMatch, equal, fail, ok } from 'node:assert/strict'
import { describe, test } from 'node:test'
import { LANGUAGES } from '#kernel/refusal-messages.ts'
import { configProblemLine, describeConfigProblem } from './describe-problem.ts'
import { loadOn, problemsOn, type TestMachine } from './load-for-test.ts'
import { CONFIG_PROBLEM_CODES, WARNING_CODES, type ConfigProblemCode } from './problems.ts'

const row = (fields: string, models = '[{name: m}]'): string =>
  `destinations:\n  - id: x\n    url: https://h/v1\n    models: ${models}\n    ${fields}\n`

const at = (url: string, more = ''): string =>
  `destinations:\n  - id: x\n    url: ${url}\n    models: [{name: m}]\n    ${more}\n`

/** For each code, a machine that has this problem and no other, and where it is told. */
const CASES: Readonly<Record<ConfigProblemCode, readonly [TestMachine, string]>> = {
  'file-missing': [{ flags: { config: '/none' } }, ''],
  'file-unreadable': [{}, ''],
  'file-too-large': [{ yaml: `# ${'x'.repeat(1_048_576)}` }, ''],
  'invalid-utf8': [{ yaml: Uint8Array.of(0x66, 0xff) }, ''],
  'malformed-yaml': [{ yaml: 'floor: public\nhosts: [a\nlog: {}\n' }, '@3:1'],
  'several-documents': [{ yaml: 'floor: public\n---\nfloor: internal\n' }, '@2:1'],
  'not-a-mapping': [{ yaml: '- floor\n' }, '@1:1'],
  'too-deep': [{ yaml: `hosts: ${'['.repeat(20)}${']'.repeat(20)}` }, ''],
  'duplicate-key': [{ yaml: 'floor: public\nhosts: []\nfloor: internal\n' }, 'floor@3:1'],
  'anchor-refused': [{ yaml: 'hosts: &a []\n' }, 'hosts@1:11'],
  'tag-refused': [{ yaml: 'floor: !!str public\n' }, 'floor@1:14'],
  'unknown-key': [{ yaml: 'floor: public\nlisten_to: x\n' }, 'listen_to@2:1'],
  'missing-key': [{ yaml: 'tls: {cert: a}\n' }, 'tls.key@1:1'],
  'wrong-type': [{ yaml: 'limits:\n  depth: deep\n' }, 'limits.depth@2:3'],
  'invalid-choice': [{ yaml: 'floor: secret\n' }, 'floor@1:1'],
  'invalid-format': [{ yaml: 'hosts:\n  - a.example\n  - "*.example"\n' }, 'hosts[1]@3:5'],
  'out-of-range': [{ yaml: 'limits: {depth: 100000}\n' }, 'limits.depth@1:10'],
  'empty-value': [{ yaml: 'jurisdictions: []\n' }, 'jurisdictions@1:1'],
  'literal-secret': [{ yaml: row('key: plain-key') }, 'destinations[0].key@5:5'],
  'malformed-reference': [{ yaml: row('key: "$env:K"') }, 'destinations[0].key@5:5'],
  'missing-variable': [{ yaml: row('key: "${env:K}"') }, 'destinations[0].key@5:5'],
  'secret-file-unreadable': [{ yaml: row('key: "${file:k}"') }, 'destinations[0].key@5:5'],
  'empty-secret': [{ yaml: row('key: "${env:K}"'), env: { K: '' } }, 'destinations[0].key@5:5'],
  'invalid-secret': [{ yaml: row('key: "${env:K}"'), env: { K: 'é' } }, 'destinations[0].key@5:5'],
  'secret-file-exposed': [
    { yaml: row('key: "${file:k}"'), files: { '/home/ada/.ecluse/k': 'v' }, mode: 0o644 },
    'destinations[0].key@5:5',
  ],
  'credentials-in-url': [{ yaml: at('https://u:p@h/v1') }, 'destinations[0].url@3:5'],
  'reserved-id': [
    { yaml: 'destinations: [{id: auto, url: "https://h", models: [{name: m}]}]' },
    'destinations[0].id@1:17',
  ],
  'duplicate-id': [
    { yaml: row('zone: api', '[{name: m}, {name: m}]') },
    'destinations[0].models[1].name@4:26',
  ],
  'floor-below-profile': [{ yaml: 'profile: strict-eu\nfloor: public' }, 'floor@2:1'],
  'exposed-listen': [{ yaml: 'listen: 0.0.0.0:80' }, 'listen@1:1'],
  'tls-file-unreadable': [
    {
      yaml: 'tls: {cert: c, key: k}',
      files: { '/home/ada/.ecluse/k': ['-----BEG', 'IN X-----'].join('') },
    },
    'tls.cert@1:7',
  ],
  'zone-not-this-machine': [
    { yaml: at('http://10.0.0.1/v1', 'zone: device') },
    'destinations[0].zone@5:5',
  ],
  'zone-of-known-vendor': [
    { yaml: at('https://api.openai.com/v1', 'zone: on-prem') },
    'destinations[0].zone@5:5',
  ],
  'invalid-condition': [
    {
      yaml: 'policy:\n  rules:\n    - {id: a, match: {}, when: "request.tokens + 1", allow: {zones: []}}',
    },
    'policy.rules[0].when@3:26',
  ],
  'rule-says-nothing': [
    { yaml: 'policy:\n  rules:\n    - {id: a, match: {}}' },
    'policy.rules[0]@3:7',
  ],
  'duty-not-available': [
    { yaml: 'policy:\n  rules:\n    - {id: a, match: {}, duties: [second-opinion]}' },
    'policy.rules[0].duties@3:26',
  ],
  'mask-covers-nothing': [
    { yaml: 'policy:\n  rules:\n    - {id: a, match: {}, mask: {zones: [api]}}' },
    'policy.rules[0].mask@3:26',
  ],
  'jurisdiction-is-local': [
    { yaml: row('jurisdiction: local') },
    'destinations[0].jurisdiction@5:5',
  ],
  'apis-of-other-dialect': [
    { yaml: row('apis: [responses]\n    dialect: gemini') },
    'destinations[0].apis@5:5',
  ],
  'key-set-unreadable': [
    {
      yaml: 'jwt:\n  - {id: ci, issuer: "https://ci.example", audience: x, jwks_file: none.json}\n',
    },
    'jwt[0].jwks_file@2:57',
  ],
  'invalid-database-url': [
    { yaml: 'database: {url: "${env:D}"}\n', env: { D: 'mysql://host/name' } },
    'database.url@1:12',
  ],
  'plain-database': [
    { env: { ECLUSE_DATABASE_URL: 'postgresql://me@10.0.0.1/name?sslmode=disable' } },
    'ECLUSE_DATABASE_URL',
  ],
  'plain-webhook': [
    {
      yaml: 'alerts: {webhook: {url: "http://alerts.example", secret: "${env:K}"}}',
      env: { K: 'secret' },
    },
    'alerts.webhook.url@1:20',
  ],
  'plain-http': [{ yaml: at('http://10.0.0.1/v1') }, 'destinations[0].url@3:5'],
}

describe('every problem', () => {
  for (const code of CONFIG_PROBLEM_CODES) {
    const [machine, where] = CASES[code]
    if (code === 'file-unreadable' || code === 'too-deep') continue
    test(`${code} is told alone, in its place, and stops the start unless it is a warning`, () => {
      deepEqual(problemsOn(machine), [`${code} ${where}`])
      equal(loadOn(machine).ok, WARNING_CODES.includes(code))
    })
  }

  test('too-deep is told of a file that nests beyond reason', () => {
    ok(problemsOn(CASES['too-deep'][0]).some((problem) => problem.startsWith('too-deep ')))
  })

  test('all of them are told at once, in the order of the file', () => {
    const yaml = `flor: public
limits: {depth: x}
destinations:
  - id: A
    url: ftp://h
    key: "\${env:NONE}"
    zone: managd
    models: []
    jurisdiction: UK
  - url: 3
log: {level: loud}
`
    deepEqual(problemsOn({ yaml, flags: { floor: 'x' } }), [
      'invalid-choice --floor',
      'unknown-key flor@1:1',
      'wrong-type limits.depth@2:10',
      'invalid-format destinations[0].id@4:5',
      'invalid-format destinations[0].url@5:5',
      'missing-variable destinations[0].key@6:5',
      'invalid-choice destinations[0].zone@7:5',
      'empty-value destinations[0].models@8:5',
      'invalid-format destinations[0].jurisdiction@9:5',
      'missing-key destinations[1].id@10:5',
      'wrong-type destinations[1].url@10:5',
      'missing-key destinations[1].models@10:5',
      'invalid-choice log.level@11:7',
    ])
  })
})

describe('words', () => {
  const problemOf = (machine: TestMachine) => {
    const loaded = loadOn(machine)
    return loaded.ok ? loaded.value.warnings : loaded.error
  }

  test('exist in both languages for every problem, differ, and leave no placeholder', () => {
    for (const code of CONFIG_PROBLEM_CODES) {
      const [en, fr] = LANGUAGES.map((language) => {
        const found = problemOf(CASES[code][0]).find((problem) => problem.code === code)
        const problem = found ?? { code, path: '' }
        const { message, remedy } = describeConfigProblem(problem, language)
        doesNotMatch(`${message} ${remedy}`, /(?<!\$)\{\w+\}|undefined|\[object/, code)
        return message
      })
      equal(en === fr, false, code)
    }
  })

  test('say file, line, column, key and the suggestion on one line', () => {
    const [problem] = problemOf({ yaml: '\n  \nfloor: publc\n' })
    ok(problem)
    equal(
      configProblemLine(problem, 'en'),
      '/home/ada/.ecluse/ecluse.yaml:3:1 floor: This value is not one of those possible. Did you mean `public`?',
    )
    equal(
      configProblemLine(problem, 'fr'),
      '/home/ada/.ecluse/ecluse.yaml:3:1 floor : Cette valeur ne fait pas partie des choix. Vouliez-vous dire `public` ?',
    )
  })

  test('suggest the code of the country that was meant', () => {
    const remedy = (code: string) => {
      const [problem] = problemOf({ yaml: `jurisdictions: [${code}]` })
      return problem && describeConfigProblem(problem, 'en').remedy
    }
    equal(remedy('UK'), 'Did you mean `GB`?')
    equal(remedy('fr'), 'Did you mean `FR`?')
  })

  test('suggest a country where one country is wanted, never a group', () => {
    const told = (code: string) => {
      const [problem] = problemOf({ yaml: row(`jurisdiction: ${code}`) })
      return problem && describeConfigProblem(problem, 'en').remedy
    }
    equal(told('UK'), 'Did you mean `GB`?')
    for (const group of ['EU', 'eu', 'EEA']) {
      ok(told(group)?.startsWith('Write one country code'), group)
    }
  })

  test('say what was found, what is expected, and the limit', () => {
    const told = (yaml: string) => {
      const [problem] = problemOf({ yaml })
      const { message, remedy } = describeConfigProblem(problem ?? fail(yaml), 'en')
      return `${message} ${remedy}`
    }
    equal(told('floor: public\nlimits: [1]'), 'This is a list. Write a group of `key: value`.')
    equal(told('engine: {queue: 1.5}'), 'This is a number. Write a whole number.')
    equal(told('discover: 1'), 'This is a number. Write true or false.')
    equal(told('limits: {depth: .inf}'), 'This is no usable number. Write a number.')
    ok(told('limits: {depth: 7}').includes('must be ≥ 8.'))
    ok(told('limits: {depth: 1001}').includes('must be ≤ 1000.'))
    ok(told(row('timeouts: {idle_ms: 0}')).includes('must be ≥ 1.'))
    ok(told(row('', '[{name: m, tokens_per_second: 0}]')).includes('must be > 0.'))
  })

  test('never hold a value of the file: it may be a secret in the wrong place', () => {
    const secret = ['sk', 'verysecretvalue', '0123456789'].join('-')
    const places = [
      `listen: ${secret}`,
      `floor: ${secret}`,
      `hosts: ["${secret}!"]`,
      `tls: ${secret}`,
      `limits: {depth: ${secret}}`,
      `profile: [${secret}]`,
      `- ${secret}`,
      `floor: public: ${secret}`,
      `floor: "${secret}`,
      `floor: !${secret} x`,
      `floor: &${secret} x`,
      `floor: *${secret}`,
      secret,
      row(`key: ${secret}`),
      row(`key: $${secret}`),
      row(`key: "\${env:${secret}}"`),
      row(`jurisdiction: ${secret}`),
      at(`https://u:${secret}@h/v1`),
      at(`https://h/v1?key=${secret}`),
      `trusted_proxies: [${secret}]`,
    ]
    for (const yaml of places) {
      const problems = problemOf({ yaml })
      ok(problems.length > 0, 'each of these is refused')
      const told = problems.flatMap((problem) => [
        JSON.stringify(problem),
        ...LANGUAGES.map((language) => configProblemLine(problem, language)),
      ])
      equal(told.join('\n').includes('verysecretvalue'), false)
    }
  })
})
