import { equal } from 'node:assert/strict'
import { describe, test } from 'node:test'
import { assert, constantFrom, integer, property, string, tuple } from 'fast-check'
import { compareVersions, VERSION_SCHEMES, type VersionScheme } from './version-order.ts'

/** Each older than the one after it. */
const ORDERED: Readonly<Record<VersionScheme, readonly string[]>> = {
  semver: ['0.1.33', '0.1.34', 'v0.4.0-ci1', '0.4.0-rc.2', '0.4.0-rc1', '0.4', '0.17.1', '1.0.0+x'],
  pep440: [
    '0.6.3',
    '0.6.3.post1',
    '0.8.5',
    '0.10.1',
    '0.10.1.1',
    '0.11.0rc2',
    '0.11.0',
    '0.11.1rc2.dev17+g1234',
    '0.11.1',
  ],
  'llama-build': ['b1999', 'b3561', '5721', 'b8146-1a2b3c', '0.1.0-dev-b10335', '0.1.0', 'v0.4.0'],
  calver: ['19.11', '23.10', '24.04-py3', '24.05', '25.07'],
}

describe('compareVersions', () => {
  for (const scheme of VERSION_SCHEMES) {
    test(`knows the order of versions: ${scheme}`, () => {
      const all = ORDERED[scheme]
      for (const [i, left] of all.entries()) {
        for (const [j, right] of all.entries()) {
          equal(compareVersions(scheme, left, right), Math.sign(i - j), `${left} ${right}`)
        }
      }
    })
  }

  test('says nothing where it does not know', () => {
    equal(compareVersions('semver', 'latest', '1.0.0'), null)
    equal(compareVersions('pep440', 'dev', '1.0'), null)
    equal(compareVersions('llama-build', 'unknown', 'b5'), null)
    // a build from the time of versions lies somewhere among them
    equal(compareVersions('llama-build', 'b12000', 'v0.3.0'), null)
    equal(compareVersions('calver', 'twenty', '24.05'), null)
    equal(compareVersions('semver', '1'.repeat(500), '1'), null)
  })

  test('turned round it is the opposite, and never throws', () => {
    const version = tuple(
      integer({ min: 0, max: 30 }),
      integer({ min: 0, max: 30 }),
      constantFrom('', '-rc1', 'rc1', '.post1', '-b12'),
    )
    assert(
      property(constantFrom(...VERSION_SCHEMES), version, version, (scheme, a, b) => {
        const [left, right] = [a, b].map(([x, y, end]) => `${x}.${y}${end}`) as [string, string]
        const forward = compareVersions(scheme, left, right)
        const back = compareVersions(scheme, right, left)
        equal(forward === null ? null : -forward + 0, back === null ? null : back + 0)
      }),
    )
    assert(
      property(constantFrom(...VERSION_SCHEMES), string(), string(), (scheme, left, right) => {
        compareVersions(scheme, left, right)
      }),
    )
  })
})
