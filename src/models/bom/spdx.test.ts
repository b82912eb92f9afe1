import { deepEqual, equal, ok } from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { describe, test } from 'node:test'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { z } from 'zod'
import { DIGEST, sampleInventory } from './bom.fixture.ts'
import { spdxDocument } from './spdx.ts'

const SCHEMA = new URL('../../../test/schemas/spdx-3.0.1.schema.json', import.meta.url)
// the schema decides by `if`, which strict mode takes for a slip; `unevaluatedProperties` still refuses every unknown field
const validate = new Ajv2020({ strict: false }).compile(JSON.parse(readFileSync(SCHEMA, 'utf8')))

const Element = z.looseObject({
  type: z.string(),
  spdxId: z.string().optional(),
  name: z.string().optional(),
  relationshipType: z.string().optional(),
  from: z.string().optional(),
  to: z.array(z.string()).optional(),
})
const Document = z.object({ '@context': z.string(), '@graph': z.array(Element) })

const documentOf = (version: string | null) =>
  Document.parse(JSON.parse(JSON.stringify(spdxDocument(sampleInventory(version)))))

describe('spdxDocument', () => {
  test('holds to the published schema of SPDX 3.0.1, which refuses what is wrong', () => {
    for (const version of ['0.13.0', null]) {
      const document = documentOf(version)
      equal(validate(document), true, JSON.stringify(validate.errors?.slice(0, 3)))
    }
    const wrong = (change: (graph: z.infer<typeof Element>[]) => void): boolean => {
      const document = documentOf('0.13.0')
      change(document['@graph'])
      return validate(document)
    }
    const model = (graph: z.infer<typeof Element>[]) =>
      graph.find(({ type }) => type === 'ai_AIPackage') ?? ({} as z.infer<typeof Element>)
    equal(
      wrong((graph) => (model(graph)['made'] = 'up')),
      false,
    )
    equal(
      wrong((graph) => (model(graph)['ai_useSensitivePersonalInformation'] = 'perhaps')),
      false,
    )
    equal(
      wrong((graph) => delete model(graph).spdxId),
      false,
    )
    equal(
      wrong((graph) => (model(graph).type = 'ai_Model')),
      false,
    )
  })

  test('every reference leads to an element of its own document, and none has two', () => {
    const graph = documentOf('0.13.0')['@graph']
    const ids = graph.flatMap(({ spdxId }) => (spdxId === undefined ? [] : [spdxId]))
    equal(new Set(ids).size, ids.length)
    const known = new Set([...ids, '_:creation'])
    const texts = (value: unknown): string[] => {
      if (typeof value === 'string') return [value]
      return typeof value === 'object' && value !== null ? Object.values(value).flatMap(texts) : []
    }
    for (const text of texts(graph).filter((one) => one.startsWith('urn:uuid:')))
      ok(known.has(text), text)
  })

  test('a model has what is known of it, and says of the rest that nobody does', () => {
    const graph = documentOf('0.13.0')['@graph']
    const named = (type: string, name: string) =>
      graph.find((one) => one.type === type && one.name === name)
    const small = named('ai_AIPackage', 'smollm2-135m-instruct')
    deepEqual(
      [
        small?.['verifiedUsing'],
        small?.['ai_typeOfModel'],
        small?.['ai_useSensitivePersonalInformation'],
      ],
      [[{ type: 'Hash', algorithm: 'sha256', hashValue: DIGEST }], ['llama'], 'noAssertion'],
    )
    deepEqual(small?.['ai_hyperparameter'], [
      { type: 'DictionaryEntry', key: 'parameters', value: '135000000' },
      { type: 'DictionaryEntry', key: 'quantisation', value: 'Q4_1' },
      { type: 'DictionaryEntry', key: 'contextTokens', value: '8192' },
    ])
    ok(typeof small?.['ai_informationAboutTraining'] === 'string')
    equal(small['ai_energyConsumption'], undefined)
    const relation = (type: string, from: string | undefined) =>
      graph.find((one) => one.relationshipType === type && one.from === from)
    const data = relation('trainedOn', small.spdxId)?.to?.[0]
    equal(graph.find(({ spdxId }) => spdxId === data)?.type, 'dataset_DatasetPackage')
    const licences = ['hasDeclaredLicense', 'hasConcludedLicense'].map((type) => {
      const to = relation(type, small.spdxId)?.to?.[0]
      const found = graph.find(({ spdxId }) => spdxId === to)
      return found?.['simplelicensing_licenseExpression']
    })
    deepEqual(licences, ['Apache-2.0', 'Apache-2.0'])
    // a model that is in no catalogue
    const own = named('ai_AIPackage', 'own "model"\u0007 é')
    equal(own?.['ai_informationAboutTraining'], undefined)
    equal(relation('trainedOn', own?.spdxId), undefined)
    const licence = relation('hasConcludedLicense', own?.spdxId)?.to?.[0]
    equal(
      graph.find(({ spdxId }) => spdxId === licence)?.['simplelicensing_licenseExpression'],
      'NOASSERTION',
    )
  })
})
