import { deepEqual, equal, ok } from 'node:assert/strict'
import { describe, test } from 'node:test'
import table from './vendors.json' with { type: 'json' }
import { hasAddress, keyVariables, VENDORS, VendorTable } from './vendors.ts'
import { vendorOfHost } from './discover/list-vendors.ts'

describe('vendors.json', () => {
  test('has the shape its readers expect, and nothing else', () => {
    equal(VendorTable.safeParse(table).error?.message, undefined)
    const [row] = table.vendors
    equal(VendorTable.safeParse({ ...table, vendors: [{ ...row, zonee: 'api' }] }).success, false)
  })

  test('names each vendor once and covers the servers and vendors people use', () => {
    const ids = VENDORS.map(({ id }) => id)
    equal(new Set(ids).size, ids.length)
    const expected =
      'vllm llama-server llamafile ollama lm-studio tgi huggingface-router huggingface-dedicated together ' +
      'fireworks mistral groq deepinfra scaleway ovhcloud nebius openrouter deepseek xai watsonx azure-openai openai'
    deepEqual(
      expected.split(' ').filter((id) => !ids.includes(id)),
      [],
    )
  })

  test('every claim names a source of the list, and every source is used', () => {
    const used = new Set(
      VENDORS.flatMap(({ sources, retention, training }) =>
        [...sources, retention.source, training.source].filter((source) => source !== null),
      ),
    )
    deepEqual([...used].toSorted(), Object.keys(table.sources).toSorted())
  })

  test('a claim without a source says that it is unknown, never no', () => {
    for (const { id, retention, training } of VENDORS) {
      if (retention.source === null) equal(retention.days, null, id)
      if (training.source === null) equal(training.byDefault, null, id)
    }
  })

  test('only servers on this machine are in the device zone, and only they use plain http', () => {
    for (const { id, kind, zone, baseUrl, jurisdiction } of VENDORS) {
      equal(zone === 'device', kind === 'local', id)
      equal(baseUrl.startsWith('http://127.0.0.1:'), kind === 'local', id)
      equal(jurisdiction.country === 'local', kind === 'local', id)
    }
  })

  test('a key from memory is marked as recalled', () => {
    equal(VENDORS.find(({ id }) => id === 'ionos')?.keyVariable?.basis, 'recalled')
    equal(VENDORS.find(({ id }) => id === 'mistral')?.keyVariable?.basis, 'read')
  })

  test('every remote vendor has a variable for its key, and its host is known as its own', () => {
    for (const vendor of VENDORS.filter(({ kind }) => kind !== 'local')) {
      ok(keyVariables(vendor).length > 0, vendor.id)
      if (hasAddress(vendor)) ok(vendorOfHost(new URL(vendor.baseUrl).hostname), vendor.id)
    }
  })
})
