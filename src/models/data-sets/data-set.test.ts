import { deepEqual, equal } from 'node:assert/strict'
import { describe, test } from 'node:test'
import { DataSetFields, dataSetId, parseDataSetId, readDataSet } from './data-set.ts'
import { sampleDataSet } from './data-set.fixture.ts'
import { dataSetsOf } from './data-sets-of.ts'

const HEX = 'ab'.repeat(32)
const isTaken = (more: object): boolean =>
  DataSetFields.safeParse({ origin: 'ours', digest: HEX, ...more }).success

describe('a data set', () => {
  test('is known by a digest or a place, and by nothing that opens a door', () => {
    equal(isTaken({}), true)
    equal(isTaken({ digest: null }), false)
    equal(isTaken({ digest: null, location: 's3://bucket/tickets' }), true)
    const wrong = [
      'https://user:word@host/x',
      'https://host/x?X-Amz-Signature=1',
      'javascript:alert(1)',
      'data:text/plain,x',
      '/home/x',
      'https://host/a b',
      '',
    ]
    for (const location of wrong) equal(isTaken({ location }), false, location)
    for (const digest of [HEX.toUpperCase(), `sha256:${HEX}`])
      equal(DataSetFields.parse({ origin: 'x', digest }).digest, HEX)
    for (const more of [
      { origin: 'two\nlines' },
      { origin: '' },
      { origin: 'x'.repeat(1_001) },
      { built: '2026-02-30' },
      { class: 'secret' },
      { digest: 'ab' },
      { models: [{ model: 'm', use: 'else' }] },
      { models: Array.from({ length: 1_001 }, () => ({ model: 'm', use: 'tuning' })) },
      { made: 'up' },
    ])
      equal(isTaken(more), false, JSON.stringify(more).slice(0, 60))
  })

  test('reads back from its record, and a record of something else reads as nothing', () => {
    const one = sampleDataSet({ models: [{ model: 'lora', use: 'tuning' }] })
    deepEqual(readDataSet(JSON.stringify(one)), one)
    equal(readDataSet('{'), null)
    equal(readDataSet(JSON.stringify({ ...one, name: 'a/b' })), null)
    deepEqual(parseDataSetId(dataSetId(one)), { name: 'tickets', version: '2026-06' })
    for (const id of ['tickets', '@1', 'a@', 'a/b@1', 'a@1 2', `${'x'.repeat(101)}@1`])
      equal(parseDataSetId(id), null, id)
  })

  test('belongs to the models that it names, by name or by the digest of their weights', () => {
    const one = sampleDataSet({
      models: [
        { model: 'lora', use: 'tuning' },
        { model: 'lora', use: 'evaluation' },
        { model: `sha256:${HEX.toUpperCase()}`, use: 'pretraining' },
      ],
    })
    const uses = (names: readonly string[], digests: readonly (string | null)[]) =>
      dataSetsOf([one], { names, digests }).map(({ use }) => use)
    deepEqual(uses(['lora'], []), ['tuning', 'evaluation'])
    deepEqual(uses(['other'], [null, HEX]), ['pretraining'])
    deepEqual(uses(['LORA', 'lor'], [null]), [])
  })
})
