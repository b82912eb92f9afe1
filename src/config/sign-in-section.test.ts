import { deepEqual, equal, ok } from 'node:assert/strict'
import { describe, test } from 'node:test'
import { configOn, problemsOn as problemsAt, type TestMachine } from './load-for-test.ts'

const problemsOn = (machine: TestMachine) =>
  problemsAt(machine).map((problem) => problem.split('@')[0])

const env = { OIDC: 'secret-1' }

const PROVIDER = `sign_in:
  url: https://ai.example.org/
  providers:
    - id: company
      issuer: https://sso.example.org/realms/company
      client_id: ecluse
      client_secret: "\${env:OIDC}"
      scopes: [profile]
      roles: {"/ai-admins": owner, finance: finance}
      teams: {research: research}
      email_domains: [Example.org]
      require: {hd: [example.org]}
      session_hours: 8
`

describe('the sign-in section', () => {
  test('lets nobody in when nothing is said', () => {
    const { signIn, tokenIssuers } = configOn({})
    deepEqual([signIn, tokenIssuers], [{ url: null, providers: [] }, []])
  })

  test('reads a provider, with its secret by reference and its defaults', () => {
    const { signIn } = configOn({ env, yaml: PROVIDER })
    equal(signIn.url, 'https://ai.example.org')
    const [provider] = signIn.providers
    equal(provider?.clientSecret?.reveal(), 'secret-1')
    ok(!JSON.stringify(signIn).includes('secret-1'))
    deepEqual(provider?.scopes, ['openid', 'profile'])
    deepEqual(
      [...(provider?.roles ?? [])],
      [
        ['/ai-admins', 'owner'],
        ['finance', 'finance'],
      ],
    )
    deepEqual(provider?.emailDomains, ['example.org'])
    deepEqual([provider?.reach, provider?.people, provider?.name], ['public', 'create', 'company'])
    deepEqual([provider?.sessionMs, provider?.refreshMs], [8 * 3_600_000, 900_000])
  })

  test('refuses a secret written out, an unknown role, plain HTTP beyond this machine, and the same id twice', () => {
    const yaml = PROVIDER.replace('"${env:OIDC}"', 'written-out')
    deepEqual(problemsOn({ yaml }), ['literal-secret sign_in.providers[0].client_secret'])
    deepEqual(problemsOn({ env, yaml: PROVIDER.replace('finance: finance', 'finance: boss') }), [
      'invalid-choice sign_in.providers[0].roles.finance',
    ])
    const plain = (issuer: string) =>
      problemsOn({ env, yaml: PROVIDER.replace('https://sso.example.org/realms/company', issuer) })
    deepEqual(plain('http://sso.example.org'), ['invalid-format sign_in.providers[0].issuer'])
    deepEqual(plain('https://user:pass@sso.example.org'), [
      'invalid-format sign_in.providers[0].issuer',
    ])
    deepEqual(plain('http://127.0.0.1:8080/realms/x'), [])
    deepEqual(plain('http://localhost.evil.example/'), [
      'invalid-format sign_in.providers[0].issuer',
    ])
    const twice = `${PROVIDER}    - {id: company, issuer: "https://b.example", client_id: x}\n`
    deepEqual(problemsOn({ env, yaml: twice }), ['duplicate-id sign_in.providers[1].id'])
    deepEqual(problemsOn({ env, yaml: PROVIDER.replace('example.org/\n', 'example.org/path\n') }), [
      'invalid-format sign_in.url',
    ])
  })

  test('an issuer on this machine may lead to this machine, another only when that is said', () => {
    const on = (more: string) =>
      configOn({ yaml: `sign_in: {providers: [{id: a, client_id: x, ${more}}]}` }).signIn.providers
    equal(on('issuer: "http://127.0.0.1:9"')[0]?.reach, 'private')
    equal(on('issuer: "https://sso.example"')[0]?.reach, 'public')
    equal(on('issuer: "https://sso.example", network: private')[0]?.reach, 'private')
  })
})

describe('the jwt section', () => {
  test('takes asymmetric algorithms alone', () => {
    const issuer = 'id: ci, issuer: "https://ci.example", audience: ecluse'
    const [row] = configOn({ yaml: `jwt: [{${issuer}}]` }).tokenIssuers
    deepEqual(row?.algorithms, ['RS256', 'PS256', 'ES256', 'EdDSA'])
    deepEqual([row?.jwksUrl, row?.jwks, row?.defaultRoles], [null, null, ['inference']])
    for (const algorithm of ['HS256', 'none', 'HS512']) {
      const [problem] = problemsOn({ yaml: `jwt: [{${issuer}, algorithms: [${algorithm}]}]` })
      ok(problem?.startsWith('invalid-choice jwt[0].algorithms[0]'), problem)
    }
  })

  test('reads keys from a file for an issuer that cannot be reached', () => {
    const yaml = 'jwt: [{id: ci, issuer: "https://ci.example", audience: x, jwks_file: keys.json}]'
    const files = { '/home/ada/.ecluse/keys.json': '{"keys": [{"kty": "EC"}]}' }
    const [row] = configOn({ yaml, files }).tokenIssuers
    deepEqual(row?.jwks, { keys: [{ kty: 'EC' }] })
    const broken = { '/home/ada/.ecluse/keys.json': 'not json' }
    deepEqual(problemsOn({ yaml, files: broken }), ['key-set-unreadable jwt[0].jwks_file'])
  })
})
