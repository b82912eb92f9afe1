import { deepEqual, equal } from 'node:assert/strict'
import { describe, test } from 'node:test'
import { EU_MEMBERS, expandJurisdictions, isCountry, isJurisdiction } from './jurisdictions.ts'
import { meantJurisdiction } from './jurisdictions.ts'

describe('jurisdictions', () => {
  test('the European Union has its 27 member states, each a country', () => {
    equal(new Set(EU_MEMBERS).size, 27)
    deepEqual(
      EU_MEMBERS.filter((code) => !isCountry(code)),
      [],
    )
    for (const code of ['GB', 'CH', 'NO', 'US']) equal(EU_MEMBERS.includes(code), false)
  })

  test('groups expand to countries, without repeats and in one order', () => {
    deepEqual(expandJurisdictions(['EU']), EU_MEMBERS)
    deepEqual(expandJurisdictions(['FR', 'EU', 'FR']), EU_MEMBERS)
    equal(expandJurisdictions(['EEA']).length, 30)
    deepEqual(expandJurisdictions(['US', 'CH']), ['CH', 'US'])
    deepEqual(expandJurisdictions([]), [])
  })

  test('a code is exactly a country or a group: no lower case, no invented code, no inherited name', () => {
    for (const code of ['FR', 'GB', 'EU', 'EEA']) equal(isJurisdiction(code), true, code)
    for (const code of ['fr', 'UK', 'XX', 'ZZ', '', 'constructor', 'local']) {
      equal(isJurisdiction(code), false, code)
    }
  })

  test('usual slips are understood', () => {
    deepEqual(['UK', 'el', ' fr ', 'eu', 'zz', 'constructor'].map(meantJurisdiction), [
      'GB',
      'GR',
      'FR',
      'EU',
      undefined,
      undefined,
    ])
  })
})
