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

  test('claims the AI profile for a collection of the models that have all it asks for, and says what others lack', () => {
    const graph = documentOf('0.13.0')['@graph']
    const Claim = z.looseObject({ profileConformance: z.array(z.string()) })
    const whole = graph.find(({ type }) => type === 'SpdxDocument')
    ok(!Claim.parse(whole).profileConformance.includes('ai'))
    const bundles = graph.filter(({ type }) => type === 'Bundle')
    const [bundle] = bundles
    equal(bundles.length, 1, 'no data set of others has a place to download and a date')
    deepEqual(Claim.parse(bundle).profileConformance.at(-1), 'ai')
    const inside = new Set(z.array(z.string()).parse(bundle?.['element']))
    const packages = graph.filter(({ type }) => type === 'ai_AIPackage')
    const conforming = packages.filter(({ spdxId }) => inside.has(spdxId ?? ''))
    deepEqual(
      conforming.map(({ name }) => name),
      ['smollm2-135m-instruct'],
    )
    for (const one of conforming) {
      for (const field of ['suppliedBy', 'releaseTime', 'software_downloadLocation'])
        ok(typeof one[field] === 'string', field)
      for (const type of ['hasDeclaredLicense', 'hasConcludedLicense']) {
        const found = graph.filter(
          ({ from, relationshipType }) => from === one.spdxId && relationshipType === type,
        )
        equal(found.length, 1, type)
        for (const id of [found[0]?.spdxId, ...(found[0]?.to ?? [])]) ok(inside.has(id ?? ''))
      }
    }
    const lacks = packages.flatMap((one) =>
      [...JSON.stringify(one).matchAll(/"ecluse:spdx-ai-lacks"[^}]*?Value":"([^"]*)"/g)].map(
        ([, text]) => [one.name, text],
      ),
    )
    ok(lacks.some(([name, text]) => name === 'gpt-5' && /downloadLocation/.test(text ?? '')))
    equal(lacks.length, packages.length - conforming.length)
  })

  test('a model alone that has everything lets the document claim it', () => {
    const sample = sampleInventory('0.13.0')
    const models = sample.models.filter(({ manifest }) => manifest !== null)
    const document = JSON.parse(JSON.stringify(spdxDocument({ ...sample, models })))
    equal(validate(document), true, JSON.stringify(validate.errors?.slice(0, 3)))
    const { '@graph': graph } = Document.parse(document)
    for (const type of ['SpdxDocument', 'software_Sbom'])
      ok(JSON.stringify(graph.find((one) => one.type === type)).includes('"ai"'))
  })
})
