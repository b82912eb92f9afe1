import assert from 'node:assert/strict'
import { test } from 'node:test'
import { admit } from './admission.ts'
import type { ProviderSettings } from './settings.ts'

const settings: ProviderSettings = {
  id: 'company',
  name: 'Company',
  issuer: 'https://sso.example',
  clientId: 'ecluse',
  clientSecret: null,
  scopes: ['openid'],
  reach: 'public',
  groupsClaim: 'groups',
  roles: new Map([
    ['admins', 'owner'],
    ['dpo', 'data-protection'],
  ]),
  teams: new Map([
    ['research', 'r'],
    ['admins', 'platform'],
  ]),
  defaultRoles: [],
  emailDomains: [],
  trustEmail: false,
  require: new Map(),
  people: 'create',
  tenant: 'default',
  sessionMs: 1,
  refreshMs: null,
  skewSeconds: 0,
}

const read = (claims: Record<string, unknown>, over: Partial<ProviderSettings> = {}) => {
  const admitted = admit(claims, { ...settings, ...over })
  return admitted.ok ? admitted.value : admitted.error
}
const rolesOf = (claims: Record<string, unknown>, over: Partial<ProviderSettings> = {}) => {
  const admitted = read(claims, over)
  return typeof admitted === 'string' ? admitted : admitted.roles
}

test('roles of several groups add up, those of everybody too, and strange groups are nothing', () => {
  assert.deepEqual(rolesOf({ groups: ['dpo', 'admins', 'chess'] }), ['owner', 'data-protection'])
  assert.deepEqual(rolesOf({ groups: 'admins' }), ['owner'])
  assert.deepEqual(rolesOf({ groups: ['Admins', 'admins '] }), [])
  assert.deepEqual(rolesOf({}), [])
  assert.deepEqual(
    rolesOf({ groups: ['dpo'] }, { defaultRoles: ['developer', 'data-protection'] }),
    ['data-protection', 'developer'],
  )
  // nobody maps anything: an administrator decides
  assert.equal(rolesOf({ groups: ['admins'] }, { roles: new Map() }), null)
})

test('the team is that of the first group of the configuration', () => {
  const admitted = read({ groups: ['admins', 'research'] })
  assert.equal(typeof admitted === 'object' && admitted.team, 'r')
})

test('groups that were left out because there are too many are not taken for none', () => {
  const elsewhere = { _claim_names: { groups: 'src1' }, _claim_sources: { src1: {} } }
  assert.equal(read(elsewhere), 'groups-not-sent')
  assert.equal(read({ hasgroups: true }), 'groups-not-sent')
  assert.equal(typeof read({ ...elsewhere, groups: ['admins'] }), 'object')
  const unmapped = { roles: new Map(), teams: new Map() }
  assert.equal(typeof read(elsewhere, unmapped), 'object')
})

test('an address counts when it is verified, or when the configuration says so', () => {
  const emailOf = (claims: Record<string, unknown>, trustEmail = false) => {
    const admitted = read(claims, { trustEmail })
    return typeof admitted === 'object' && admitted.email
  }
  assert.equal(emailOf({ email: 'Ada@Example.org', email_verified: true }), 'ada@example.org')
  assert.equal(emailOf({ email: 'ada@example.org', email_verified: 'true' }), 'ada@example.org')
  for (const email_verified of [false, 'false', undefined, null, 1, 'yes']) {
    assert.equal(emailOf({ email: 'ada@example.org', email_verified }), null)
  }
  assert.equal(emailOf({ email: 'ada@example.org' }, true), 'ada@example.org')
  for (const email of [
    '',
    'ada',
    'a b@example.org',
    'a@b@c.org',
    'ada@exämple.org',
    '\u202Ea@b.org',
  ]) {
    assert.equal(emailOf({ email, email_verified: true }), null, email)
  }
})

test('claims that are asked for must have one of their values', () => {
  const require = new Map([
    ['hd', ['example.org']],
    ['xms_edov', ['true', '1']],
  ])
  assert.equal(read({ hd: 'example.org' }, { require }), 'required-claim')
  assert.equal(read({ hd: 'evil.example', xms_edov: true }, { require }), 'required-claim')
  assert.equal(typeof read({ hd: 'example.org', xms_edov: true }, { require }), 'object')
  assert.equal(typeof read({ hd: ['x', 'example.org'], xms_edov: 1 }, { require }), 'object')
})

test('a name is what can be shown of one, and there is always one', () => {
  const nameOf = (claims: Record<string, unknown>) => {
    const admitted = read(claims)
    return typeof admitted === 'object' && admitted.name
  }
  assert.equal(nameOf({ name: ' Ada\u202E\nLovelace ', sub: 's' }), 'AdaLovelace')
  assert.equal(nameOf({ name: '\u200B', preferred_username: 'ada', sub: 's' }), 'ada')
  assert.equal(nameOf({ sub: 's' }), 's')
  assert.equal(nameOf({ name: '😀'.repeat(80), sub: 's' }), '😀'.repeat(50))
  assert.equal(nameOf({ name: `a${'😀'.repeat(80)}`, sub: 's' }), `a${'😀'.repeat(49)}`)
})
