import { deepEqual, equal } from 'node:assert/strict'
import { describe, test } from 'node:test'
import { childEnvironment, readSurroundings } from './surroundings.ts'

describe('readSurroundings', () => {
  test('speaks French for a French locale, English for any other', () => {
    const language = (env: Record<string, string>) => readSurroundings(env).language
    for (const LANG of ['fr_FR.UTF-8', 'fr', 'fr_CA', 'FR_fr', 'fr-BE'])
      equal(language({ LANG }), 'fr')
    for (const LANG of ['', 'C', 'en_US.UTF-8', 'fry_NL', 'de_DE']) equal(language({ LANG }), 'en')
    equal(language({}), 'en')
  })

  test('LC_ALL wins over LC_MESSAGES, which wins over LANG; a blank one says nothing', () => {
    const env = { LANG: 'en_GB', LC_MESSAGES: 'fr_FR', LC_ALL: 'de_DE' }
    equal(readSurroundings(env).language, 'en')
    equal(readSurroundings({ ...env, LC_ALL: '' }).language, 'fr')
  })

  test('NO_COLOR counts when it is not empty; CI when it does not say no', () => {
    equal(readSurroundings({}).color, true)
    equal(readSurroundings({ NO_COLOR: '' }).color, true)
    equal(readSurroundings({ NO_COLOR: '0' }).color, false)
    deepEqual(
      ['true', '1', '', 'false', '0'].map((CI) => readSurroundings({ CI }).ci),
      [true, true, false, false, false],
    )
  })
})

describe('childEnvironment', () => {
  test('passes on what programs need and none of the keys', () => {
    const env = {
      PATH: '/bin',
      HOME: '/h',
      OPENAI_API_KEY: 'x',
      ECLUSE_MASTER_KEY: 'y',
      NODE_OPTIONS: 'z',
    }
    deepEqual(childEnvironment(env), { PATH: '/bin', HOME: '/h' })
  })
})
