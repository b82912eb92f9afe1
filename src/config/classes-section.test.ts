import { deepEqual, equal } from 'node:assert/strict'
import { describe, test } from 'node:test'
import { configOn, problemsOn } from './load-for-test.ts'

describe('classes', () => {
  test('absent, nothing is edited', () => {
    equal(configOn({}).classes, null)
  })

  test('a row has a medium confidence unless told, and what is absent stays', () => {
    const yaml =
      'classes:\n  rows:\n    - {types: [EMAIL_ADDRESS], class: confidential, categories: [personal]}\n'
    deepEqual(configOn({ yaml }).classes, {
      rows: [
        {
          types: ['EMAIL_ADDRESS'],
          class: 'confidential',
          categories: ['personal'],
          minConfidence: 0.65,
        },
      ],
      counts: null,
      combinations: null,
    })
  })

  test('a type that no detector gives, an unknown class and an unknown key are refused in their places', () => {
    const yaml = `classes:
  rows:
    - {types: [EMAIL_ADRESS], class: confidential}
    - {types: [PERSON], class: secret}
  counts:
    - {types: [PERSON], at_least: 1, class: restricted}
  combination: []
`
    deepEqual(problemsOn({ yaml }), [
      'invalid-format classes.rows[0].types[0]@3:16',
      'invalid-choice classes.rows[1].class@4:25',
      'out-of-range classes.counts[0].at_least@6:25',
      'unknown-key classes.combination@7:3',
    ])
  })
})
