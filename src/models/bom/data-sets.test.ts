import { deepEqual, equal, ok } from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { describe, test } from 'node:test'
import { Spec, Validation } from '@cyclonedx/cyclonedx-library'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { z } from 'zod'
import { sampleDataSet } from '../data-sets/data-set.fixture.ts'
import { DIGEST, sampleInventory } from './bom.fixture.ts'
import { cycloneDx } from './cyclonedx.ts'
import { spdxDocument } from './spdx.ts'

const whole = sampleDataSet({
  publisher: 'Support',
  licence: 'LicenseRef-own "terms"',
  digest: 'cd'.repeat(32),
  built: '2026-06-30',
  released: '2026-07-01',
  personalData: 'no',
  class: 'confidential',
  models: [
    { model: 'gpu/adapter/llama', use: 'tuning' },
    { model: `sha256:${DIGEST}`, use: 'evaluation' },
    { model: 'nobody', use: 'pretraining' },
  ],
})
const bare = sampleDataSet({ name: 'calls', version: '1', personalData: 'yes', location: null })
const inventory = () =>
  sampleInventory('0.13.0', null, [whole, { ...bare, digest: 'ef'.repeat(32) }])

const Component = z.looseObject({ 'bom-ref': z.string(), type: z.string() })
const Element = z.looseObject({ type: z.string(), name: z.string().optional() })

describe('registered data sets in bills', () => {
  for (const spec of ['1.6', '1.7'] as const)
    test(`are components of CycloneDX ${spec}, by its strict schema, and models refer to them`, async () => {
      const version = spec === '1.6' ? Spec.Version.v1dot6 : Spec.Version.v1dot7
      const bom = cycloneDx(inventory(), spec)
      equal(await new Validation.JsonStrictValidator(version).validate(JSON.stringify(bom)), null)
      const components = z.array(Component).parse(bom['components'])
      const refs = components.filter(({ type }) => type === 'data').map((one) => one['bom-ref'])
      ok(refs.includes('dataset:tickets@2026-06') && refs.includes('dataset:calls@1'))
      equal(new Set(refs).size, refs.length)
      const cards = components.flatMap((one) =>
        JSON.stringify(one['modelCard'] ?? '').includes('dataset:tickets') ? [one['bom-ref']] : [],
      )
      deepEqual(cards.toSorted(), [
        'model:embedded/smollm2-135m-instruct',
        'model:gpu/adapter/llama',
      ])
    })

  test('are packages of SPDX: trained or tested on, and the profile is claimed for what has all of it', () => {
    const schema = new URL('../../../test/schemas/spdx-3.0.1.schema.json', import.meta.url)
    const validate = new Ajv2020({ strict: false }).compile(
      JSON.parse(readFileSync(schema, 'utf8')),
    )
    const document: unknown = JSON.parse(JSON.stringify(spdxDocument(inventory())))
    equal(validate(document), true, JSON.stringify(validate.errors?.slice(0, 3)))
    const { '@graph': graph } = z.object({ '@graph': z.array(Element) }).parse(document)
    const idOf = (type: string, name: string) =>
      graph.find((one) => one.type === type && one.name === name)?.['spdxId']
    const data = idOf('dataset_DatasetPackage', 'tickets')
    ok(typeof data === 'string')
    const relates = (type: string) =>
      graph.filter(
        (one) =>
          one['relationshipType'] === type && z.array(z.string()).parse(one['to']).includes(data),
      )
    equal(relates('testedOn')[0]?.['from'], idOf('ai_AIPackage', 'smollm2-135m-instruct'))
    equal(relates('trainedOn').length, 1)
    const bundle = graph.find(
      (one) =>
        one.type === 'Bundle' && JSON.stringify(one['profileConformance']).includes('dataset'),
    )
    const inside = z.array(z.string()).parse(bundle?.['element'])
    ok(inside.includes(data))
    ok(!inside.includes(String(idOf('dataset_DatasetPackage', 'calls'))))
  })
})
