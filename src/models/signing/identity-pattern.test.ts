import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { matchesIdentity, readIdentityPattern } from './identity-pattern.ts'

const matches = (pattern: string, identity: string): boolean => {
  const read = readIdentityPattern(pattern)
  assert.ok(read !== null, pattern)
  return matchesIdentity(read, identity)
}

const WORKFLOW = 'https://github.com/acme/models/.github/workflows/release.yml@refs/tags/v1'

test('a star stands for one part of a path, two stars for any number, and the whole identity must match', () => {
  assert.ok(matches(WORKFLOW, WORKFLOW))
  assert.ok(
    matches('https://github.com/acme/*/.github/workflows/release.yml@refs/tags/*', WORKFLOW),
  )
  assert.ok(matches('https://github.com/acme/**', WORKFLOW))
  assert.ok(matches('*@acme.example', 'anna@acme.example'))
  assert.ok(matches('https://github.com/acme/m*odels/**', WORKFLOW))
  for (const [pattern, identity] of [
    ['https://github.com/acme/*', WORKFLOW],
    ['https://github.com/acme/*/.github/workflows/release.yml@refs/tags/*', `${WORKFLOW}/x`],
    ['https://github.com/acme/**', WORKFLOW.replace('acme', 'acme-evil')],
    ['https://github.com/acme/**', `https://evil.example/?${WORKFLOW}`],
    ['*@acme.example', 'anna@acme.example.evil.example'],
    ['*@acme.example', 'anna@acmexexample'],
    ['https://github.com/ACME/**', WORKFLOW],
  ] as const) {
    assert.equal(matches(pattern, identity), false, `${pattern} ${identity}`)
  }
})

test('a pattern that names nobody in particular is none', () => {
  for (const text of [
    '',
    '*',
    '**',
    'https://*',
    'https://**/x',
    '*@*',
    '*@example',
    'acme',
    'https://a.example/***',
  ]) {
    assert.equal(readIdentityPattern(text), null, text)
  }
  assert.equal(readIdentityPattern(`https://a.example/${'x'.repeat(500)}`), null)
})

test('a pattern without stars is the identity itself, and many stars over a long name end', () => {
  const path = fc.stringMatching(/^[a-z0-9./@_-]{0,40}$/)
  fc.assert(
    fc.property(path, path, (left, right) => {
      const [one, two] = [`https://a.example/${left}`, `https://a.example/${right}`]
      assert.equal(matches(one, two), one === two)
      assert.ok(matches('https://a.example/**', two))
    }),
  )
  const many = `https://a.example/${'**a'.repeat(100)}`
  assert.equal(matches(many, `https://a.example/${'a'.repeat(4000)}b`), false)
  assert.equal(matches('https://a.example/**', `https://a.example/${'a'.repeat(5000)}`), false)
})
