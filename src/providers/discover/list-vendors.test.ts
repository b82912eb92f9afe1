import { deepEqual, equal, ok } from 'node:assert/strict'
import { describe, test } from 'node:test'
import { listVendors, vendorKeyVariables, vendorNotes, vendorOfHost } from './list-vendors.ts'

describe('listVendors', () => {
  test('lists nothing without keys, and each vendor whose key is there', () => {
    deepEqual(listVendors(new Map()).destinations, [])
    const keys = new Map([
      ['SCALEWAY_API_KEY', 1],
      ['HF_TOKEN', 2],
      ['PATH', 3],
    ])
    const { destinations, credentials, variables } = listVendors(keys)
    deepEqual(
      destinations.map(({ id, zone, jurisdiction }) => [id, zone, jurisdiction]),
      [
        ['huggingface-router', 'managed', 'unknown'],
        ['scaleway', 'managed', 'FR'],
      ],
    )
    deepEqual(
      [...credentials],
      [
        ['huggingface-router', 2],
        ['scaleway', 1],
      ],
    )
    equal(variables.get('scaleway'), 'SCALEWAY_API_KEY')
  })

  test('takes the second usual variable when the first is absent, and the first when both are there', () => {
    const second = listVendors(new Map([['SCW_SECRET_KEY', 'b']]))
    equal(second.variables.get('scaleway'), 'SCW_SECRET_KEY')
    const both = listVendors(
      new Map([
        ['SCW_SECRET_KEY', 'b'],
        ['SCALEWAY_API_KEY', 'a'],
      ]),
    )
    equal(both.credentials.get('scaleway'), 'a')
  })

  test('never lists a local server, a pattern of an address, or a vendor that wants no bearer key', () => {
    const all = new Map(
      ['VLLM_API_KEY', 'AZURE_OPENAI_API_KEY', 'WATSONX_APIKEY', ...vendorKeyVariables()].map(
        (name) => [name, name],
      ),
    )
    const { destinations } = listVendors(all)
    ok(destinations.length >= 20)
    for (const { id, address, state, clearance, origin, models } of destinations) {
      ok(address.kind === 'url' && address.baseUrl.startsWith('https://'), id)
      equal(address.baseUrl.includes('{'), false)
      deepEqual([state, clearance, origin, models], ['listed', 'public', 'environment', []])
    }
    const ids = destinations.map(({ id }) => id)
    equal(new Set(ids).size, ids.length)
    for (const id of ['vllm', 'azure-openai', 'watsonx', 'tgi']) equal(ids.includes(id), false)
  })
})

describe('vendorOfHost', () => {
  test('knows hosts, regional hosts and patterns', () => {
    equal(vendorOfHost('api.openai.com')?.name, 'OpenAI API')
    equal(vendorOfHost('API.OpenAI.com.')?.zone, 'api')
    equal(vendorOfHost('eu-west-1.api.x.ai')?.name, 'xAI')
    equal(vendorOfHost('mine.openai.azure.com')?.zone, 'api')
    equal(vendorOfHost('abc.eu.aws.endpoints.huggingface.cloud')?.zone, 'managed')
  })

  test('does not take a look-alike or a private name for a vendor', () => {
    for (const host of ['notapi.openai.com.example.org', 'openai.internal', 'llm.corp', '']) {
      equal(vendorOfHost(host), undefined, host)
    }
  })
})

describe('vendorNotes', () => {
  test('tell the terms as they are known, and null where they are not', () => {
    deepEqual(vendorNotes('mistral'), {
      name: 'Mistral AI La Plateforme',
      keyVariable: 'MISTRAL_API_KEY',
      retentionDays: 30,
      trains: false,
    })
    equal(vendorNotes('stackit')?.retentionDays, null)
    equal(vendorNotes('deepseek')?.trains, true)
    equal(vendorNotes('nobody'), undefined)
  })
})
